import {
  BehaviorSubject,
  defer,
  first,
  firstValueFrom,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  Subject,
  switchMap,
  timer,
} from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import type { MessagingEvent } from '../events.js';
import type { AwsCalls, MessagingClient, PortSettings } from './client.js';
import { createHealthRegistry } from './healthRegistry.js';
import { observeCalls } from './observeCalls.js';

/** What a client is made of: the calls, and how to let go of what they hold. */
export interface Connection {
  readonly settings: PortSettings;
  readonly calls: AwsCalls;
  /** Closes sockets and timers of the calls. */
  readonly destroy: () => void;
  /** @defaultValue Math.random */
  readonly random?: () => number;
}

/** Share of `timeoutMs` that `close()` keeps for releasing what it had to cancel. */
const RELEASE_SHARE = 0.1;

/** Makes a client out of calls: events, and a life that ends in order. */
export function connect({ settings, calls, destroy, random = Math.random }: Connection): MessagingClient {
  const { timeoutMs } = settings;
  const events = new Subject<MessagingEvent>();
  const closing = new ReplaySubject<void>(1);
  const killed = new ReplaySubject<void>(1);
  const held = new BehaviorSubject(0);
  const closedForGood = new ReplaySubject<void>(1);
  let isClosing = false;
  let closed: Promise<void> | undefined;

  const emit = (event: () => MessagingEvent): void => {
    if (events.observed) events.next(event());
  };

  /** Whether nothing is held any more, known when it is so or after `ms`. */
  const drained = (ms: number): Observable<boolean> =>
    merge(
      held.pipe(
        first((count) => count === 0),
        map(() => true),
      ),
      timer(ms).pipe(map(() => false)),
    ).pipe(first());

  const shutdown$ = defer(() => {
    closing.next();
    return drained(timeoutMs * (1 - RELEASE_SHARE));
  }).pipe(
    switchMap((done) => {
      if (done) return of(true);
      killed.next();
      return drained(timeoutMs * RELEASE_SHARE);
    }),
    map((done) => {
      const left = held.value;
      closedForGood.next();
      destroy();
      events.complete();
      if (!done) throw closeTimeout(left);
    }),
  );

  const { health, health$, enter } = createHealthRegistry(() => isClosing, closing, closedForGood);
  const observed = observeCalls(calls, { listening: () => events.observed, emit, closed$: closedForGood, timeoutMs });

  return {
    events$: events.asObservable(),
    health,
    health$,
    close: () => {
      if (closed !== undefined) return closed;
      isClosing = true;
      // The promise comes first: what ends because of the shutdown may call close() again, while it begins.
      const shutdown = new Subject<void>();
      closed = firstValueFrom(shutdown);
      shutdown$.subscribe(shutdown);
      return closed;
    },
    port: {
      settings,
      calls: observed,
      emit,
      closing$: closing.asObservable(),
      isClosing: () => isClosing,
      killed$: killed.asObservable(),
      closed$: closedForGood.asObservable(),
      hold: () => {
        let holding = true;
        held.next(held.value + 1);
        return () => {
          if (!holding) return;
          holding = false;
          held.next(held.value - 1);
        };
      },
      enter,
      random,
    },
  };
}

function closeTimeout(held: number): AWSConnectionError {
  return new AWSConnectionError({
    operation: 'close',
    code: 'CloseTimeout',
    retryable: false,
    outcomeUnknown: true,
    detail: `${String(held)} consumers or producers were still waiting for AWS to confirm after timeoutMs`,
  });
}
