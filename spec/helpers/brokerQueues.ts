import type { Attributes, ReceiveRequest, SendEntry } from '../../src/client/client.js';
import { type BrokerQueue, type BrokerQueueOptions, createBrokerQueue } from '../../src/testing/brokerQueue.js';
import { createIdentifiers } from '../../src/testing/identifiers.js';
import { newQueueAttributes } from '../../src/testing/queueAttributes.js';
import { Refusal } from '../../src/testing/refusal.js';
import type { StoredMessage } from '../../src/testing/storedMessage.js';

/** A queue that takes no liberties. */
export function brokerQueue(
  name: string,
  attributes: Attributes = {},
  more: Partial<BrokerQueueOptions> = {},
): BrokerQueue {
  const fifo: Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
  return createBrokerQueue({
    name,
    url: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`,
    arn: `arn:aws:sqs:eu-west-1:123456789012:${name}`,
    attributes: newQueueAttributes(name, { ...fifo, ...attributes }),
    ids: createIdentifiers(),
    liberties: { unordered: false, partialReceives: false, duplicates: 0, chance: () => 0 },
    queueOf: () => undefined,
    onArrival: () => undefined,
    ...more,
  });
}

/** A receive of up to ten messages that does not wait. */
export const receiveOf = (more: Partial<ReceiveRequest> = {}): ReceiveRequest => ({
  queueUrl: '',
  maxMessages: 10,
  waitTimeSeconds: 0,
  visibilityTimeoutSeconds: 30,
  ...more,
});

/** An entry of a batch, `body` its id as well. */
export const entryOf = (body: string, more: Partial<SendEntry> = {}): SendEntry => ({
  id: body,
  body,
  attributes: {},
  ...more,
});

/** A message in a queue, visible since 1970. */
export const stored = (serial: number, more: Partial<StoredMessage> = {}): StoredMessage => ({
  serial,
  messageId: `id-${serial}`,
  body: `b${serial}`,
  attributes: {},
  sentTimestamp: 0,
  receiveCount: 0,
  visibleAt: 0,
  receivedAt: undefined,
  ...more,
});

/** The code that `action` is refused with; nothing when it is not. */
export function refusalOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}
