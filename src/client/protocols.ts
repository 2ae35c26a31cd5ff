import { USER_AGENT } from './sdkOptions.js';
import type { Headers } from './signedPost.js';

/** Whoever calls, and that it is tried once: trying again is the engine's, in calls of their own. */
const COMMON: Headers = { 'amz-sdk-request': 'attempt=1; max=1', 'user-agent': USER_AGENT.join('/') };

/** Headers of SQS's protocol. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export const sqsHeaders = (operation: string): Headers => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `AmazonSQS.${operation}`,
  // Refusals are then named as they always were.
  'x-amzn-query-mode': 'true',
  ...COMMON,
});

/** Headers of SNS's protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const SNS_HEADERS: Headers = {
  'content-type': 'application/x-www-form-urlencoded',
  ...COMMON,
};

/** An answer in AWS JSON: always an object. Whoever reads it finds out what is not as AWS has it. */
export function parseJson(text: string): object {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error('not an object');
  return answer;
}
