import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { SNSDependencies } from '@message-queue-toolkit/sns';
import z from 'zod';
import { clientOptions } from '../work/place.js';

/** The event, for the message-queue-toolkit: it checks with zod. */
export const OrderPlacedSchema = z.object({
  id: z.string(),
  type: z.literal('order.placed'),
  timestamp: z.string(),
  customer: z.object({ id: z.string(), name: z.string() }),
  cents: z.number(),
  currency: z.string(),
  lines: z.array(z.number()),
  note: z.string(),
});
export type Order = z.infer<typeof OrderPlacedSchema>;

const quiet = (): void => undefined;
const fail = (error: unknown): void => {
  throw new Error('the toolkit met an error', { cause: error });
};
const logger: SNSDependencies['logger'] = {
  level: 'silent',
  msgPrefix: '',
  silent: quiet,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: fail,
  fatal: fail,
  isLevelEnabled: () => false,
  child: () => logger,
};

/** What its services are made of, with loggers that are quiet; an error ends the benchmark. */
export function toolkitParts(endpoint: string) {
  return {
    snsClient: new SNSClient(clientOptions(endpoint)),
    sqsClient: new SQSClient(clientOptions(endpoint)),
    stsClient: new STSClient(clientOptions(endpoint)),
    logger,
    errorReporter: { report: ({ error }: { readonly error: unknown }) => fail(error) },
  };
}
