import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions, queueUrlAt } from '../work/place.js';
import type { Calls } from './calls.js';

/** How much is left out of the SDK; each has what those before it have left out. */
export type Lean = 'asItComes' | 'noMd5' | 'cachedMiddleware' | 'fewerSteps';

/** Steps that a consumer of one queue has no use for. That of retries has to stay: the signing is hung up on it. */
const SPARE_STEPS = [
  'loggerMiddleware',
  'recursionDetectionMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'omitRetryHeadersMiddleware',
];

/** The calls by the SDK's client. */
export function sdkCalls(endpoint: string, lean: Lean): Calls {
  const sqs = new SQSClient({
    ...clientOptions(endpoint),
    ...(lean !== 'asItComes' && { md5: false as const }),
    ...((lean === 'cachedMiddleware' || lean === 'fewerSteps') && { cacheMiddleware: true }),
  });
  if (lean === 'fewerSteps') for (const name of SPARE_STEPS) sqs.middlewareStack.remove(name);
  const QueueUrl = queueUrlAt(endpoint);
  return {
    receive: async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
      );
      return Messages;
    },
    remove: (entries) => sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [...entries] })),
  };
}
