import { throwError } from 'rxjs';
import type { MessagingClient } from '../src/index.js';
import type { AwsCalls } from '../src/client/client.js';
import { connect } from '../src/client/connect.js';

/** A client on calls that answer by themselves; any other call fails. */
export function cannedClient(calls: Partial<AwsCalls>): MessagingClient {
  const unplanned = () => throwError(() => new Error('a call that the benchmark has no answer for'));
  const settings = { region: 'us-east-1', accountId: '000000000000', environment: 'bench', topicMap: {}, queueMap: {} };
  return connect({
    settings: { ...settings, retryAttempts: 3, timeoutMs: 30_000 },
    calls: {
      receive: unplanned,
      deleteBatch: unplanned,
      changeVisibilityBatch: unplanned,
      sendBatch: unplanned,
      publishBatch: unplanned,
      getQueueUrl: unplanned,
      createQueue: unplanned,
      getQueueAttributes: unplanned,
      setQueueAttributes: unplanned,
      createTopic: unplanned,
      subscribe: unplanned,
      getSubscriptionAttributes: unplanned,
      setSubscriptionAttribute: unplanned,
      ...calls,
    },
    destroy: () => undefined,
  });
}
