import { asyncScheduler, type Subscription, timer } from 'rxjs';

/** For how long nothing may end while everything is held. */
const STUCK_AFTER_MS = 60_000;

export const REMEDY =
  'settle each message, by ackMap or message.settle; where handlers take that long, raise maxInFlight, or bound them by timeoutMs';

/** Notices when a consumer holds all it may, and nothing of it ends. */
export interface StallWatch {
  /** Whether it was told, and nothing has ended since. */
  readonly isStuck: boolean;
  /** All is held that may be. */
  full(): void;
  /** Something has ended. */
  ended(): void;
  /** No timer runs after, until all is held again. */
  stop(): void;
}

/**
 * One timer, from when all is held; what ends meanwhile does not touch it: when it rings it goes on for what is left.
 *
 * ```text
 * held      ...|full ----e--------------|
 * timer         ^-----------!-----!
 * onStuck                         x
 * ```
 */
export function watchForStall(isFull: () => boolean, onStuck: () => void): StallWatch {
  let running: Subscription | undefined;
  let quietSince = 0;
  let isStuck = false;

  const wait = (ms: number): void => {
    running = timer(ms).subscribe(() => {
      running = undefined;
      if (!isFull()) return;
      // No longer than from now on: the clock may have been set back since.
      quietSince = Math.min(quietSince, asyncScheduler.now());
      const leftMs = quietSince + STUCK_AFTER_MS - asyncScheduler.now();
      if (leftMs > 0) {
        wait(leftMs);
        return;
      }
      isStuck = true;
      onStuck();
    });
  };

  return {
    get isStuck() {
      return isStuck;
    },
    full: () => {
      if (running !== undefined || isStuck) return;
      quietSince = asyncScheduler.now();
      wait(STUCK_AFTER_MS);
    },
    ended: () => {
      isStuck = false;
      quietSince = asyncScheduler.now();
    },
    stop: () => {
      running?.unsubscribe();
      running = undefined;
    },
  };
}
