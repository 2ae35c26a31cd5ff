/** Where everything is: the server takes any name. */
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';
export const CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'bench' };
export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:bench-orders`;

export const queueUrlAt = (endpoint: string): string => `${endpoint}/${ACCOUNT_ID}/bench-orders-queue`;

/** What a client of the SDK is given by whoever makes it: everything else is its default. */
export const clientOptions = (endpoint: string) => ({ region: REGION, credentials: CREDENTIALS, endpoint });
