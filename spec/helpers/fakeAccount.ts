import { defer, type Observable, of, throwError } from 'rxjs';
import type { Attributes, AwsCalls } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';

export const ACCOUNT = '123456789012';

/** Topics, queues and subscriptions of one account, made and changed as AWS does it; each call answers at once. */
export interface FakeAccount {
  readonly calls: Partial<AwsCalls>;
  readonly topics: Map<string, Attributes>;
  /** Queue attributes by URL. */
  readonly queues: Map<string, Attributes>;
  readonly subscriptions: Map<string, Attributes>;
}

/** An error as `classify` makes it. */
export const awsError = (operation: string, code: string, retryable = false): AWSConnectionError =>
  new AWSConnectionError({ operation, code, retryable });

export const topicArnOf = (name: string): string => `arn:aws:sns:eu-west-1:${ACCOUNT}:${name}`;
export const queueArnOf = (name: string): string => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${name}`;
export const queueUrlOf = (name: string): string => `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/${name}`;

/** What SQS gives a queue that says nothing else. */
const QUEUE_DEFAULTS: Attributes = {
  VisibilityTimeout: '30',
  MessageRetentionPeriod: '345600',
  SqsManagedSseEnabled: 'true',
};
const FIFO_DEFAULTS: Attributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

const differs = (there: Attributes, asked: Attributes): boolean =>
  Object.entries(asked).some(([name, value]) => there[name] !== value);

export function fakeAccount(): FakeAccount {
  const topics = new Map<string, Attributes>();
  const queues = new Map<string, Attributes>();
  const subscriptions = new Map<string, Attributes>();

  const found = (map: Map<string, Attributes>, key: string, missing: AWSConnectionError): Observable<Attributes> =>
    defer(() => {
      const attributes = map.get(key);
      return attributes === undefined ? throwError(() => missing) : of(attributes);
    });

  const answer = <T>(respond: () => T | AWSConnectionError): Observable<T> =>
    defer(() => {
      const response = respond();
      return response instanceof AWSConnectionError ? throwError(() => response) : of(response);
    });

  return {
    topics,
    queues,
    subscriptions,
    calls: {
      createTopic: ({ name, attributes }) =>
        answer(() => {
          const arn = topicArnOf(name);
          const there = topics.get(arn);
          if (there !== undefined && differs(there, attributes))
            return awsError('CreateTopic', 'InvalidParameterException');
          topics.set(arn, there ?? attributes);
          return arn;
        }),
      getQueueUrl: ({ queueName }) =>
        answer(() =>
          queues.has(queueUrlOf(queueName)) ? queueUrlOf(queueName) : awsError('GetQueueUrl', 'QueueDoesNotExist'),
        ),
      createQueue: ({ queueName, attributes }) =>
        answer(() => {
          const url = queueUrlOf(queueName);
          const there = queues.get(url);
          if (there !== undefined && differs(there, attributes)) return awsError('CreateQueue', 'QueueNameExists');
          const fifo = queueName.endsWith('.fifo') ? FIFO_DEFAULTS : {};
          queues.set(url, there ?? { ...QUEUE_DEFAULTS, ...fifo, ...attributes, QueueArn: queueArnOf(queueName) });
          return url;
        }),
      getQueueAttributes: ({ queueUrl }) =>
        found(queues, queueUrl, awsError('GetQueueAttributes', 'QueueDoesNotExist')),
      setQueueAttributes: ({ queueUrl, attributes }) =>
        answer(() => {
          queues.set(queueUrl, { ...queues.get(queueUrl), ...attributes });
          return undefined;
        }),
      subscribe: ({ topicArn, queueArn, attributes }) =>
        answer(() => {
          const arn = `${topicArn}:${queueArn.split(':').at(-1) ?? ''}`;
          const there = subscriptions.get(arn);
          if (there !== undefined && differs(there, attributes))
            return awsError('Subscribe', 'InvalidParameterException');
          subscriptions.set(arn, there ?? { RawMessageDelivery: 'false', ...attributes });
          return arn;
        }),
      getSubscriptionAttributes: ({ subscriptionArn }) =>
        found(subscriptions, subscriptionArn, awsError('GetSubscriptionAttributes', 'NotFoundException')),
      setSubscriptionAttribute: ({ subscriptionArn, name, value }) =>
        answer(() => {
          subscriptions.set(subscriptionArn, { ...subscriptions.get(subscriptionArn), [name]: value });
          return undefined;
        }),
    },
  };
}
