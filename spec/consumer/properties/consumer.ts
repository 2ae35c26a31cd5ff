import { getEventListeners } from 'node:events';
import {
  asyncScheduler,
  map,
  mergeMap,
  type Observable,
  ReplaySubject,
  retry,
  Subject,
  type Subscription,
  takeUntil,
  timer,
} from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import type { Consumption } from './scenario.js';
import type { Witness } from './witness.js';
import { type createPlan, createWork, onErrorOf, onInvalidOf } from './work.js';
import type { World } from './world.js';

export type Consumer = ReturnType<typeof createConsumer>;

/** A consumer of the scenario, from its start on. One that fails for good is subscribed to again, as an application does. */
export function createConsumer(
  world: World,
  plan: ReturnType<typeof createPlan>,
  consumption: Consumption,
  witness: Witness,
  label: string,
  onOver: () => void,
) {
  const { client } = witness;
  const { settles, concurrency, timeoutMs, ending } = consumption;
  const { maxInFlight, maxPolls, waitTimeSeconds, visibilityTimeoutSeconds, maxLeaseSeconds } = consumption;
  const stops = new Subject<void>();
  const controller = new AbortController();
  const asked = new ReplaySubject<void>(1);
  const options = { maxInFlight, maxPolls, waitTimeSeconds, visibilityTimeoutSeconds, maxLeaseSeconds };
  const stop = ending === 'signal' ? controller.signal : stops;
  const work = createWork(world, plan, consumption, label);
  let subscription: Subscription | undefined;
  let hasStarted = false;
  let hasCompleted = false;
  let hasEnded = false;
  let closing: Promise<unknown> | undefined;
  let closedAfter = Infinity;

  const messages$ = fromTopic(client, world.consumed, {
    ...options,
    ...onInvalidOf(world, consumption, witness.judge),
    stop,
  }).pipe(map(witness.overhear));
  const work$: Observable<unknown> =
    settles === 'ackMap'
      ? messages$.pipe(
          ackMap((_value, message) => work(message), { concurrency, timeoutMs, ...onErrorOf(consumption) }),
        )
      : messages$.pipe(mergeMap(work));

  return {
    start: (): void => {
      hasStarted = true;
      witness.begins(consumption);
      subscription = work$.pipe(retry({ delay: () => timer(1_000).pipe(takeUntil(asked)) })).subscribe({
        complete: () => {
          hasCompleted = true;
          onOver();
        },
      });
    },
    /** Ends it its own way; what it began goes on for a while, as far as that way allows. */
    end: (): void => {
      if (hasEnded) return;
      hasEnded = true;
      const startedAt = asyncScheduler.now();
      if (ending === 'unsubscribe') subscription?.unsubscribe();
      if (ending === 'stop') stops.next();
      if (ending === 'signal') controller.abort();
      if (ending === 'close') {
        client.port.closed$.subscribe(() => (closedAfter = asyncScheduler.now() - startedAt));
        closing = client.close().catch((error: unknown) => {
          // Only what AWS has not confirmed in all that time is given up.
          if (closedAfter < client.port.settings.timeoutMs) world.complain(`${label}: close: ${String(error)}`);
        });
      }
      asked.next();
      witness.ends(ending === 'unsubscribe');
      if (ending === 'unsubscribe') onOver();
    },
    hasStarted: () => hasStarted,
    hasEnded: () => hasEnded,
    /** Nothing of it goes on any more. */
    isOver: () => hasEnded && witness.isOver() && (hasCompleted || subscription?.closed === true),
    closing: () => closing,
    checkLetGo: (): void => {
      if (ending !== 'unsubscribe' && !hasCompleted) world.complain(`${label}: it did not complete`);
      const listeners = Number(stops.observed) + getEventListeners(controller.signal, 'abort').length;
      if (listeners > 0) world.complain(`${label}: it still listens to what was to stop it`);
    },
  };
}
