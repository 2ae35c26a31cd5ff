import type { BatchRequest, BatchResponse, DeleteEntry, VisibilityEntry } from '../../src/client/client.js';
import type { QueueContext } from '../../src/consumer/queueContext.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import type { FakeClient } from './fakeClient.js';

/** A received message with id and handle derived from one name. */
export function raw(id: string, more: Partial<RawMessage> = {}): RawMessage {
  return { messageId: id, receiptHandle: `handle-${id}`, body: '{}', attributes: {}, receiveCount: 1, ...more };
}

/** A batch answer in which every entry succeeded. */
export function allDone({ entries }: BatchRequest<DeleteEntry | VisibilityEntry>): BatchResponse {
  return { successful: entries.map(({ id }) => ({ id })), failed: [] };
}

/** A batch answer in which every entry failed alike. */
export function allFailed(
  { entries }: BatchRequest<DeleteEntry | VisibilityEntry>,
  code: string,
  senderFault: boolean,
): BatchResponse {
  return { successful: [], failed: entries.map(({ id }) => ({ id, code, senderFault })) };
}

export const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dev-users-billing-queue';

export function contextOf({ client }: FakeClient): QueueContext {
  return { port: client.port, topic: 'users', queueUrl: QUEUE_URL };
}
