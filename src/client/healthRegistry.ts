import { concat, defer, map, merge, type Observable, of, Subject, takeUntil, throttleTime } from 'rxjs';
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
    health$: defer(() =>
      concat(
        of(undefined),
        merge(changes, closing$).pipe(throttleTime(INTERVAL_MS, undefined, { leading: true, trailing: true })),
      ).pipe(map(health), takeUntil(closed$)),
    ),
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
