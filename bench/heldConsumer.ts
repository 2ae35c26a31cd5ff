import { setImmediate } from 'node:timers/promises';
import { lastValueFrom, Subject } from 'rxjs';
import { ackMap, fromTopic } from '../src/index.js';
import { type CannedQueue, cannedQueue } from './cannedQueue.js';
import { type OpenWork, openWork } from './openWork.js';
import { Orders } from './orders.js';

/** A consumer all of whose slots are taken. */
export interface HeldConsumer {
  readonly queue: CannedQueue;
  readonly work: OpenWork;
  /** Ends the work, and the consumer with it. */
  close(): Promise<void>;
}

/** Starts one on a queue without end. */
export async function heldConsumer(maxInFlight: number, visibilityTimeoutSeconds = 30): Promise<HeldConsumer> {
  const queue = cannedQueue(Infinity);
  const work = openWork();
  const stop = new Subject<void>();
  const consumed = lastValueFrom(
    fromTopic(queue.client, Orders, { maxInFlight, visibilityTimeoutSeconds, stop }).pipe(ackMap(work.begin)),
    { defaultValue: undefined },
  );
  while (work.size() < maxInFlight) await setImmediate();
  return {
    queue,
    work,
    close: async () => {
      stop.next();
      // What a poll under way brings is released by the consumer itself.
      work.end(maxInFlight);
      await consumed;
      await queue.client.close();
    },
  };
}
