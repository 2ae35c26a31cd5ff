import type { AwsCalls } from './client.js';

/** The calls by AWS's names for them, as errors, events and IAM policies say them. */
export const OPERATIONS: Readonly<Record<keyof AwsCalls, string>> = {
  receive: 'ReceiveMessage',
  deleteBatch: 'DeleteMessageBatch',
  changeVisibilityBatch: 'ChangeMessageVisibilityBatch',
  sendBatch: 'SendMessageBatch',
  publishBatch: 'PublishBatch',
  getQueueUrl: 'GetQueueUrl',
  createQueue: 'CreateQueue',
  getQueueAttributes: 'GetQueueAttributes',
  setQueueAttributes: 'SetQueueAttributes',
  createTopic: 'CreateTopic',
  subscribe: 'Subscribe',
  getSubscriptionAttributes: 'GetSubscriptionAttributes',
  setSubscriptionAttribute: 'SetSubscriptionAttributes',
};
