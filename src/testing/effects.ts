import type { Observable } from 'rxjs';
import type { AwsCalls, BatchResponse, FailedEntry } from '../client/client.js';
import { MAX_SQS_MESSAGE_BYTES, DEFAULT_MAX_MESSAGE_BYTES } from '../client/limits.js';
import type { Account } from './account.js';
import { checkBatch } from './batchRules.js';
import { longPoll } from './longPoll.js';
import { messageBytes } from './messageRules.js';
import { refuse } from './refusal.js';

type RequestOf<K extends keyof AwsCalls> = Parameters<AwsCalls[K]>[0];
type ResponseOf<K extends keyof AwsCalls> = AwsCalls[K] extends (request: never) => Observable<infer R> ? R : never;

/** What each call does once it has reached the account: its answer, or a Refusal. A receive may take its time. */
export type Effects = {
  readonly [K in keyof AwsCalls]: (
    request: RequestOf<K>,
  ) => K extends 'receive' ? Observable<ResponseOf<K>> : ResponseOf<K>;
};

export function createEffects(account: Account): Effects {
  return {
    receive: (request) => {
      const queue = account.queue(request.queueUrl);
      return longPoll(queue, request.waitTimeSeconds, () => queue.receive(request));
    },
    deleteBatch: ({ queueUrl, entries }) => {
      const queue = account.queue(queueUrl);
      checkBatch(entries, '');
      return answerOf(entries, ({ receiptHandle }) => queue.delete(receiptHandle), doneWith);
    },
    changeVisibilityBatch: ({ queueUrl, entries }) => {
      const queue = account.queue(queueUrl);
      checkBatch(entries, '');
      return answerOf(
        entries,
        ({ receiptHandle, visibilityTimeoutSeconds }) =>
          queue.changeVisibility(receiptHandle, visibilityTimeoutSeconds),
        doneWith,
      );
    },
    sendBatch: ({ queueUrl, entries }) => {
      const queue = account.queue(queueUrl);
      checkBatch(entries, '');
      if (totalBytes(entries) > MAX_SQS_MESSAGE_BYTES) refuse('BatchRequestTooLong');
      return answerOf(entries, queue.faultOf, (entry) => {
        queue.send(entry);
        return doneWith(entry);
      });
    },
    publishBatch: ({ topicArn, entries }) => {
      const topic = account.topic(topicArn);
      checkBatch(entries, 'Exception');
      if (totalBytes(entries) > DEFAULT_MAX_MESSAGE_BYTES) refuse('BatchRequestTooLongException');
      return answerOf(entries, topic.faultOf, (entry) => ({ id: entry.id, ...topic.publish(entry) }));
    },
    getQueueUrl: ({ queueName, accountId = account.accountId }) => {
      const queue = accountId === account.accountId ? account.queueNamed(queueName) : undefined;
      return (queue ?? refuse('QueueDoesNotExist')).url;
    },
    createQueue: ({ queueName, attributes }) => account.createQueue(queueName, attributes),
    getQueueAttributes: ({ queueUrl, names }) => {
      const all = account.queue(queueUrl).attributes();
      return names.includes('All')
        ? all
        : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
    },
    setQueueAttributes: ({ queueUrl, attributes }) => account.setQueueAttributes(queueUrl, attributes),
    createTopic: ({ name, attributes }) => account.createTopic(name, attributes),
    subscribe: ({ topicArn, queueArn, attributes }) => account.subscribe(topicArn, queueArn, attributes),
    getSubscriptionAttributes: ({ subscriptionArn }) => account.subscription(subscriptionArn).attributes(),
    setSubscriptionAttribute: ({ subscriptionArn, name, value }) =>
      account.subscription(subscriptionArn).setAttribute(name, value),
  };
}

const doneWith = ({ id }: { readonly id: string }): { readonly id: string } => ({ id });

const totalBytes = (entries: readonly Parameters<typeof messageBytes>[0][]): number =>
  entries.reduce((sum, entry) => sum + messageBytes(entry), 0);

/** The truth of each entry: done, or failed with a code, which is the sender's fault. */
function answerOf<Entry extends { readonly id: string }, Done extends { readonly id: string }>(
  entries: readonly Entry[],
  faultOf: (entry: Entry) => string | undefined,
  done: (entry: Entry) => Done,
): BatchResponse<Done> {
  const successful: Done[] = [];
  const failed: FailedEntry[] = [];
  for (const entry of entries) {
    const code = faultOf(entry);
    if (code === undefined) successful.push(done(entry));
    else failed.push({ id: entry.id, code, senderFault: true });
  }
  return { successful, failed };
}
