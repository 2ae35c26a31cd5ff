import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { createFifoQueue } from './fifoQueue.js';
import type { Lanes, Place } from './lanes.js';

/** What the outbox has to know of an entry. */
export interface OutboxEntry {
  /** As SNS counts them. */
  readonly bytes: number;
  /** The message group, on a FIFO topic. */
  readonly lane: string | undefined;
  /** Given up while it waited: it is passed over. For the outbox to set. */
  isCancelled: boolean;
  /** Those before it in its lane have left. For the outbox to set. */
  isAdmitted: boolean;
  /** Its place in its lane. For the outbox to set. */
  place: Place | undefined;
}

/** What an outbox tells. */
export interface OutboxListener<T> {
  /** There is something to be sent that was not there before. */
  ready(): void;
  /** An entry that was given up takes no room any more. */
  passedOver(entry: T): void;
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

export function createOutbox<T extends OutboxEntry>(
  maxBatchBytes: number,
  lanes: Lanes,
  listener: OutboxListener<T>,
): Outbox<T> {
  const returned = createFifoQueue<readonly T[]>();
  const waiting = createFifoQueue<T>();

  const admit = (entry: T): void => {
    entry.isAdmitted = true;
    waiting.push(entry);
    listener.ready();
  };

  const push = (entry: T): void => {
    const { lane } = entry;
    if (lane === undefined) {
      admit(entry);
      return;
    }
    const go = (): boolean => {
      if (entry.isCancelled) listener.passedOver(entry);
      else admit(entry);
      return !entry.isCancelled;
    };
    entry.place = { lane, go, following: undefined };
    lanes.enter(entry.place);
  };

  const done = ({ place }: T): void => {
    if (place !== undefined) lanes.leave(place);
  };

  /** The oldest entry that may go now, left where it is. */
  const peek = (): T | undefined => {
    for (let entry = waiting.peek(); entry?.isCancelled === true; entry = waiting.peek()) {
      waiting.shift();
      listener.passedOver(entry);
    }
    return waiting.peek();
  };

  const gather = (): readonly T[] => {
    const batch: T[] = [];
    let bytes = 0;
    for (let entry = peek(); entry !== undefined && batch.length < MAX_BATCH_ENTRIES; entry = peek()) {
      bytes += entry.bytes;
      if (bytes > maxBatchBytes && batch.length > 0) break;
      waiting.shift();
      batch.push(entry);
    }
    return batch;
  };

  return {
    isReady: () => returned.size > 0 || peek() !== undefined,
    push,
    cancel: (entry) => {
      entry.isCancelled = true;
      // Its lane is not only ours: others are not to wait until we come to it.
      if (entry.isAdmitted) done(entry);
    },
    pushBack: returned.push,
    next: () => {
      const batch = returned.shift() ?? gather();
      return batch.length === 0 ? undefined : batch;
    },
    done,
  };
}
