import { asyncScheduler, defer, map, type Observable, of, timer } from 'rxjs';

/** Lets things begin at a rate. */
export interface Pace {
  /** Each subscription is a place in the row: emits once and completes, when its turn has come. A turn given up is lost. */
  readonly turn$: Observable<void>;
}

/** So much of a second may begin at once, as timers know no less than a millisecond and come late. */
const BURST_MS = 10;

/**
 * Turns evenly spaced, by the generic cell rate algorithm: one at a time up to 100 a second, above that those of 10 ms may
 * come together. `perSecond` is asked at each turn; nothing waits while it is Infinity.
 */
export function createPace(perSecond: () => number): Pace {
  /** When the next turn would be, if each kept its distance. */
  let due = -Infinity;
  return {
    turn$: defer(() => {
      const gapMs = 1_000 / perSecond();
      const now = asyncScheduler.now();
      const turn = Math.max(now, due - Math.max(0, BURST_MS - gapMs));
      due = Math.max(now, due) + gapMs;
      return turn === now ? of(undefined) : timer(turn - now).pipe(map(() => undefined));
    }),
  };
}
