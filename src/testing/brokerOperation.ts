import type { AwsCalls } from '../client/client.js';

/** A call of the broker, for faults and latencies: five that carry messages, and those that have to do with topology. */
export type BrokerOperation =
  | 'receive'
  | 'delete'
  | 'changeVisibility'
  | 'send'
  | 'publish'
  | 'getQueueUrl'
  | 'createQueue'
  | 'getQueueAttributes'
  | 'setQueueAttributes'
  | 'createTopic'
  | 'subscribe'
  | 'getSubscriptionAttributes'
  | 'setSubscriptionAttribute';

/** The port's names, where they say that it is a batch. */
const CALL_OF: Readonly<Record<BrokerOperation, keyof AwsCalls>> = {
  receive: 'receive',
  delete: 'deleteBatch',
  changeVisibility: 'changeVisibilityBatch',
  send: 'sendBatch',
  publish: 'publishBatch',
  getQueueUrl: 'getQueueUrl',
  createQueue: 'createQueue',
  getQueueAttributes: 'getQueueAttributes',
  setQueueAttributes: 'setQueueAttributes',
  createTopic: 'createTopic',
  subscribe: 'subscribe',
  getSubscriptionAttributes: 'getSubscriptionAttributes',
  setSubscriptionAttribute: 'setSubscriptionAttribute',
};

/** The port's call of an operation; undefined for a name that is none. */
export const callOf = (operation: BrokerOperation): keyof AwsCalls | undefined =>
  Object.hasOwn(CALL_OF, operation) ? CALL_OF[operation] : undefined;

/** What to write where an operation is asked for. */
export const OPERATION_NAMES = Object.keys(CALL_OF).join(', ');
