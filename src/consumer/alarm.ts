import { asyncScheduler, type Observable, type Subscription, takeUntil, timer } from 'rxjs';

/** One timer for many times. */
export interface Alarm {
  /** Rings at this time, in milliseconds since the epoch, unless it rings earlier. */
  by(time: number): void;
  /** Rings no more, until it is set again. */
  off(): void;
}

/**
 * Rings once at the earliest time it was set to; then it is off. It is off for good once `closed$` has emitted.
 *
 * @param longestMs - milliseconds it is quiet at most: a time may be from before the clock was set back.
 */
export function createAlarm(ring: () => void, longestMs: number, closed$: Observable<void>): Alarm {
  let running: Subscription | undefined;
  let earliest = Infinity;

  const off = (): void => {
    running?.unsubscribe();
    running = undefined;
    earliest = Infinity;
  };

  return {
    by: (time) => {
      if (earliest <= time) return;
      off();
      earliest = time;
      running = timer(Math.min(Math.max(0, time - asyncScheduler.now()), longestMs))
        .pipe(takeUntil(closed$))
        .subscribe(() => {
          off();
          ring();
        });
    },
    off,
  };
}
