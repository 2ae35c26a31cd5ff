import { asyncScheduler, Observable, type Subscriber, type Subscription, timer } from 'rxjs';
import { LONGEST_MS } from '../operators/backoff.js';

/** Lets things begin at a rate. */
export interface Pace {
  /** Takes a turn at once where that needs no place in the row, and says whether it did. */
  take(): boolean;
  /** Each subscription is a place in the row: emits once and completes, when its turn has come. Who leaves makes room. */
  readonly turn$: Observable<void>;
}

/** So much of a second may begin at once, as timers know no less than a millisecond and come late. */
const BURST_MS = 10;

/**
 * Turns at a rate, by a token bucket: evenly spaced up to 100 a second, above that those of 10 ms may come together.
 * `perSecond` is asked for each turn as it comes, so that whoever waits has the good of a rate that has recovered. Nobody waits
 * while it is Infinity. One timer, for the first of the row.
 */
export function createPace(perSecond: () => number): Pace {
  const row = new Set<Subscriber<void>>();
  let tokens = 1;
  let filledAt = -Infinity;
  let alarm: Subscription | undefined;
  /** When the first of the row should have its turn. */
  let dueAt = Infinity;
  let isServing = false;

  /** Fills the bucket; returns the milliseconds until there is a token in it. What the timer came late is not lost. */
  const untilToken = (lateMs: number): number => {
    const rate = perSecond();
    const now = asyncScheduler.now();
    // A clock that was set back is no time passed.
    const elapsedMs = Math.max(0, now - filledAt);
    filledAt = now;
    if (rate === Infinity) tokens = Infinity;
    else
      tokens = Math.min(
        Math.max(1 + (rate * lateMs) / 1_000, (rate * BURST_MS) / 1_000),
        tokens + (rate * elapsedMs) / 1_000,
      );
    return tokens > NEARLY_ONE ? 0 : ((1 - tokens) * 1_000) / rate;
  };

  /**
   * One that is due in this very tick is let ring, and not heard: RxJS's TestScheduler can't unsubscribe it there, where the actions
   * of `asapScheduler` go before.
   */
  const silence = (): void => {
    if (dueAt > asyncScheduler.now()) alarm?.unsubscribe();
    alarm = undefined;
    dueAt = Infinity;
  };

  const setAlarm = (waitMs: number): void => {
    dueAt = asyncScheduler.now() + waitMs;
    const mine = timer(Math.min(waitMs, LONGEST_MS)).subscribe(() => {
      if (alarm === mine) serve();
    });
    alarm = mine;
  };

  /** Whose turn has come may take the next place at once: the loop goes on with it. */
  const serve = (): void => {
    if (isServing) return;
    isServing = true;
    const lateMs = Math.min(BURST_MS, Math.max(0, asyncScheduler.now() - dueAt));
    silence();
    for (const subscriber of row) {
      const waitMs = untilToken(lateMs);
      if (waitMs > 0) {
        setAlarm(waitMs);
        break;
      }
      tokens -= 1;
      row.delete(subscriber);
      subscriber.next();
      subscriber.complete();
    }
    isServing = false;
  };

  return {
    take: () => {
      // Nobody is passed by: neither those in the row, nor those whom it is being served to.
      if (isServing || row.size > 0 || untilToken(0) > 0) return false;
      tokens -= 1;
      return true;
    },
    // The row is one for all: there is no operator for a place in it.
    turn$: new Observable((subscriber) => {
      row.add(subscriber);
      subscriber.add(() => {
        row.delete(subscriber);
        if (row.size === 0) silence();
      });
      serve();
    }),
  };
}

/** A timer's milliseconds add up to a token but for the rounding. */
const NEARLY_ONE = 1 - 1e-9;
