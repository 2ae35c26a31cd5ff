import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { createFifoQueue } from './fifoQueue.js';

/** What the outbox has to know of an entry. */
export interface OutboxEntry<T> {
  /** As SNS counts them. */
  readonly bytes: number;
  /** The message group, on a FIFO topic. */
  readonly lane: string | undefined;
  /** Given up while it waited: it is passed over. For the outbox to set. */
  isCancelled: boolean;
  /** The next of its lane. For the outbox to set. */
  following: T | undefined;
}

/** Entries waiting to be sent, and the batches they make. */
export interface Outbox<T> {
  /** Whether there is a batch to be taken. */
  isReady(): boolean;
  push(entry: T): void;
  /** Puts a batch back that was sent and not accepted; it goes, as it is, before everything new. */
  pushBack(batch: readonly T[]): void;
  /** Gives an entry up that was never sent: it is passed over when its turn comes, and takes room until then. */
  cancel(entry: T): void;
  /** Takes the next batch: up to 10 entries and the bytes of a batch. Undefined when nothing may be sent now. */
  next(): readonly T[] | undefined;
  /** The entry has its answer: the next of its lane may go. */
  done(entry: T): void;
}

/**
 * On a FIFO topic one entry of a lane is under way at a time: of two the first could fail and the second succeed. Those
 * behind it hang on it one by one, so whatever is ready may be sent, in any company.
 */
export function createOutbox<T extends OutboxEntry<T>>(
  maxBatchBytes: number,
  passedOver: (entry: T) => void,
): Outbox<T> {
  const returned = createFifoQueue<readonly T[]>();
  const ready = createFifoQueue<T>();
  /** The last entry of each lane that has any, ready, under way or waiting. */
  const tails = new Map<string, T>();

  const push = (entry: T): void => {
    const tail = entry.lane === undefined ? undefined : tails.get(entry.lane);
    if (entry.lane !== undefined) tails.set(entry.lane, entry);
    if (tail === undefined) ready.push(entry);
    else tail.following = entry;
  };

  const done = (entry: T): void => {
    if (entry.following !== undefined) ready.push(entry.following);
    else if (entry.lane !== undefined) tails.delete(entry.lane);
  };

  /** The oldest entry that may go now, left where it is. */
  const peek = (): T | undefined => {
    for (let entry = ready.peek(); entry?.isCancelled === true; entry = ready.peek()) {
      ready.shift();
      done(entry);
      passedOver(entry);
    }
    return ready.peek();
  };

  const gather = (): readonly T[] => {
    const batch: T[] = [];
    let bytes = 0;
    for (let entry = peek(); entry !== undefined && batch.length < MAX_BATCH_ENTRIES; entry = peek()) {
      bytes += entry.bytes;
      if (bytes > maxBatchBytes && batch.length > 0) break;
      ready.shift();
      batch.push(entry);
    }
    return batch;
  };

  return {
    isReady: () => returned.size > 0 || peek() !== undefined,
    push,
    cancel: (entry) => {
      entry.isCancelled = true;
    },
    pushBack: returned.push,
    next: () => {
      const batch = returned.shift() ?? gather();
      return batch.length === 0 ? undefined : batch;
    },
    done,
  };
}
