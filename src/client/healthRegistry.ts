import {
  asyncScheduler,
  defer,
  map,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { ConsumerHealth, Health, HealthEntry } from './health.js';

/** The consumers of a client, to be asked how they are. */
export interface HealthRegistry {
  readonly health: () => Health;
  readonly health$: Observable<Health>;
  readonly enter: (read: () => ConsumerHealth) => HealthEntry;
}

/** Between two values of `health$` there is at least this time. */
const INTERVAL_MS = 1_000;

export function createHealthRegistry(
  isClosing: () => boolean,
  closing$: Observable<void>,
  closed$: Observable<void>,
): HealthRegistry {
  const consumers = new Set<() => ConsumerHealth>();
  const changes = new Subject<void>();
  const health = (): Health => ({ isClosing: isClosing(), consumers: Array.from(consumers, (read) => read()) });
  return {
    health,
    health$: defer(() => {
      let nextAt = 0;
      // What the first value sets off is heard, too; and what a listener changes is told a second later, not within.
      return merge(changes, closing$, of(undefined)).pipe(
        switchMap(() => {
          const now = asyncScheduler.now();
          // No longer than from now on: the clock may have been set back since.
          nextAt = Math.min(nextAt, now + INTERVAL_MS);
          const waitMs = nextAt - now;
          return waitMs > 0 ? timer(waitMs) : of(0);
        }),
        tap(() => {
          nextAt = asyncScheduler.now() + INTERVAL_MS;
        }),
        map(health),
        takeUntil(closed$),
      );
    }),
    enter: (read) => {
      const changed = (): void => {
        if (changes.observed) changes.next();
      };
      consumers.add(read);
      changed();
      return {
        changed,
        remove: () => {
          consumers.delete(read);
          changed();
        },
      };
    },
  };
}
