import { defer, map, NEVER, type Observable, of } from 'rxjs';
import type { MessagingClient } from '../src/index.js';
import type { BatchRequest, BatchResponse, DeleteEntry, FailedEntry } from '../src/client/client.js';
import type { RawMessage } from '../src/message/rawMessage.js';
import { cannedClient } from './cannedClient.js';
import { nextTurn } from './nextTurn.js';

/** What becomes of the first deletion of a message. */
export type DeletionFault =
  /** It fails for good, and the message is handed out again. */
  | 'redelivered'
  /** It fails for good, and the message never comes back: another process got it. */
  | 'gone';

/** A queue that is never empty before its end, behind calls that cost next to nothing: what is measured is the library. */
export interface CannedQueue {
  readonly client: MessagingClient;
  /** Entries and calls so far. */
  readonly counts: Counts;
}

export interface Counts {
  receives: number;
  deletes: number;
  visibilityChanges: number;
  /** Messages handed out, each for the first time. */
  handedOut: number;
  redelivered: number;
  /** Messages whose deletion was confirmed. */
  deleted: number;
  deletionsFailed: number;
  renewed: number;
}

/** Messages between a failed deletion and the redelivery. */
const REDELIVERED_AFTER = 5_000;

/**
 * @param size - messages that are in the queue; after them a receive waits until it is given up. @param faultOf - says, by
 * number, which deletions fail.
 */
export function cannedQueue(
  size: number,
  faultOf: (serial: number) => DeletionFault | undefined = () => undefined,
): CannedQueue {
  const counts: Counts = {
    receives: 0,
    deletes: 0,
    visibilityChanges: 0,
    handedOut: 0,
    redelivered: 0,
    deleted: 0,
    deletionsFailed: 0,
    renewed: 0,
  };
  /** What comes again, and once so many messages were handed out. */
  const again: { readonly serial: number; readonly from: number }[] = [];

  const next = (): RawMessage | undefined => {
    const [first] = again;
    if (first !== undefined && (first.from <= counts.handedOut || counts.handedOut === size)) {
      again.shift();
      counts.redelivered += 1;
      return messageOf(first.serial, 2);
    }
    if (counts.handedOut === size) return undefined;
    counts.handedOut += 1;
    return messageOf(counts.handedOut, 1);
  };

  const receive = (maxMessages: number): readonly RawMessage[] => {
    const messages: RawMessage[] = [];
    while (messages.length < maxMessages) {
      const message = next();
      if (message === undefined) break;
      messages.push(message);
    }
    return messages;
  };

  const remove = ({ id, receiptHandle }: DeleteEntry): FailedEntry | undefined => {
    const [serial = 0, receiveCount] = receiptHandle.split(' ').map(Number);
    const fault = receiveCount === 1 ? faultOf(serial) : undefined;
    if (fault === undefined) {
      counts.deleted += 1;
      return undefined;
    }
    counts.deletionsFailed += 1;
    if (fault === 'redelivered') again.push({ serial, from: counts.handedOut + REDELIVERED_AFTER });
    return { id, code: 'ReceiptHandleIsInvalid', senderFault: true };
  };

  const each = <E extends DeleteEntry>(
    { entries }: BatchRequest<E>,
    change: (entry: E) => FailedEntry | undefined,
  ): Observable<BatchResponse> =>
    nextTurn().pipe(
      map(() => {
        const failed = entries.flatMap((entry) => change(entry) ?? []);
        const ids = new Set(failed.map(({ id }) => id));
        return { successful: entries.filter(({ id }) => !ids.has(id)).map(({ id }) => ({ id })), failed };
      }),
    );

  const client = cannedClient({
    receive: ({ maxMessages }) =>
      defer(() => {
        counts.receives += 1;
        return counts.handedOut === size && again.length === 0
          ? NEVER
          : nextTurn().pipe(map(() => receive(maxMessages)));
      }),
    deleteBatch: (request) => {
      counts.deletes += 1;
      return each(request, remove);
    },
    changeVisibilityBatch: (request) => {
      counts.visibilityChanges += 1;
      counts.renewed += request.entries.length;
      return each(request, () => undefined);
    },
    getQueueUrl: ({ queueName }) => of(`https://sqs/${queueName}`),
  });
  return { client, counts };
}

/** As long as real ones are; nothing of it is shared with another message. */
function messageOf(serial: number, receiveCount: number): RawMessage {
  return {
    messageId: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    receiptHandle: `${String(serial)} ${String(receiveCount)} ${'x'.repeat(200)}`,
    body: `{"id":${String(serial)},"name":"somebody","cents":${String(serial % 1_000)}}`,
    attributes: {},
    sentTimestamp: Date.now(),
    receiveCount,
  };
}
