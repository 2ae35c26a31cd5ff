import { asyncScheduler, defer, finalize, map, mergeMap, type Observable, of, timer } from 'rxjs';
import type { AwsCalls, BatchResponse, ReceiveRequest } from '../../src/client/client.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { longPoll } from '../../src/testing/longPoll.js';
import { stateOf } from '../../src/testing/storedMessage.js';
import { brokerQueue, stored } from './brokerQueues.js';

/** The test broker's queue with messages put in by hand: in order, with ids of one's own. One call takes 1 ms. */
export interface FakeQueue {
  readonly calls: Pick<AwsCalls, 'receive' | 'deleteBatch' | 'changeVisibilityBatch' | 'getQueueUrl'>;
  /** Puts a message in, with the JSON of a value for its body. */
  send(id: string, value: unknown, more?: Partial<RawMessage>): void;
  /** Puts a message in whose body is this text. */
  sendText(id: string, body: string, more?: Partial<RawMessage>): void;
  /** Ids of what is in the queue; in flight or not. */
  ids(): readonly string[];
  /** Ids of what is invisible now. */
  inFlight(): readonly string[];
  /** Receives under way. */
  polls(): number;
}

const LATENCY_MS = 1;

export function fakeQueue(isFifo = false): FakeQueue {
  const queue = brokerQueue(isFifo ? 'users.fifo' : 'users');
  let serial = 0;
  let polls = 0;

  const each = <E extends { readonly id: string; readonly receiptHandle: string }>(
    entries: readonly E[],
    change: (entry: E) => string | undefined,
  ): Observable<BatchResponse> =>
    timer(LATENCY_MS).pipe(
      map(() => {
        const answers = entries.map((entry) => ({ id: entry.id, code: change(entry) }));
        return {
          successful: answers.flatMap(({ id, code }) => (code === undefined ? [{ id }] : [])),
          failed: answers.flatMap(({ id, code }) => (code === undefined ? [] : [{ id, code, senderFault: true }])),
        };
      }),
    );

  const sendText: FakeQueue['sendText'] = (messageId, body, more = {}) => {
    serial += 1;
    const { attributes = {}, sentTimestamp = asyncScheduler.now(), groupId, deduplicationId, sequenceNumber } = more;
    queue.take(
      stored(serial, { messageId, body, attributes, sentTimestamp, groupId, deduplicationId, sequenceNumber }),
    );
  };

  /** A fraction of a second, which SQS would refuse, stands for a timeout that ends before the consumer believes it. */
  const receive = (request: ReceiveRequest): readonly RawMessage[] => {
    const visibilityTimeoutSeconds = Math.ceil(request.visibilityTimeoutSeconds);
    const received = queue.receive({ ...request, visibilityTimeoutSeconds });
    const ids = received.map(({ messageId }) => messageId);
    for (const message of queue.messages) {
      if (!ids.includes(message.messageId)) continue;
      message.visibleAt -= (visibilityTimeoutSeconds - request.visibilityTimeoutSeconds) * 1_000;
    }
    return received;
  };

  return {
    calls: {
      getQueueUrl: ({ queueName }) => of(`https://sqs/${queueName}`),
      receive: (request) =>
        defer(() => {
          polls += 1;
          return timer(LATENCY_MS).pipe(
            mergeMap(() => longPoll(queue, request.waitTimeSeconds, () => receive(request))),
            finalize(() => {
              polls -= 1;
            }),
          );
        }),
      deleteBatch: ({ entries }) => each(entries, ({ receiptHandle }) => queue.delete(receiptHandle)),
      changeVisibilityBatch: ({ entries }) =>
        each(entries, ({ receiptHandle, visibilityTimeoutSeconds }) =>
          queue.changeVisibility(receiptHandle, visibilityTimeoutSeconds),
        ),
    },
    send: (id, value, more) => sendText(id, JSON.stringify(value), more),
    sendText,
    ids: () => queue.messages.map(({ messageId }) => messageId),
    inFlight: () =>
      queue.messages.filter((message) => stateOf(message) === 'inFlight').map(({ messageId }) => messageId),
    polls: () => polls,
  };
}
