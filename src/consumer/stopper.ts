import {
  from,
  fromEvent,
  map,
  merge,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  ReplaySubject,
  take,
  type Unsubscribable,
} from 'rxjs';

/** Why a consumer ends: asked to, or by an error it ends with once the work in flight is done. */
export interface StopReason {
  readonly error?: unknown;
}

/** The one place that knows whether a consumer is to stop. */
export interface Stopper extends Unsubscribable {
  /** Emits once, also to those who ask later. */
  readonly stop$: Observable<StopReason>;
  /** Emits once like `stop$`, or errors with the error it stops with. */
  readonly outcome$: Observable<StopReason>;
  readonly reason: StopReason | undefined;
  /** Stops; the first reason counts. */
  stop(reason: StopReason): void;
}

/** Stops when the input emits or errors, the AbortSignal aborts, or the client closes. Listens until unsubscribed. */
export function createStopper(
  input: ObservableInput<unknown> | AbortSignal | undefined,
  closing$: Observable<void>,
): Stopper {
  const stops = new ReplaySubject<StopReason>(1);
  let reason: StopReason | undefined;
  const stop = (because: StopReason): void => {
    if (reason !== undefined) return;
    reason = because;
    stops.next(because);
  };
  const listening = merge(asked(input), closing$)
    .pipe(take(1))
    .subscribe({
      next: () => {
        stop({});
      },
      error: (error: unknown) => {
        stop({ error });
      },
    });
  return {
    stop$: stops.asObservable(),
    outcome$: stops.pipe(
      take(1),
      map((because) => {
        if ('error' in because) throw because.error;
        return because;
      }),
    ),
    get reason() {
      return reason;
    },
    stop,
    unsubscribe: () => {
      listening.unsubscribe();
    },
  };
}

function asked(input: ObservableInput<unknown> | AbortSignal | undefined): Observable<unknown> {
  if (input === undefined) return NEVER;
  if (!(input instanceof AbortSignal)) return from(input);
  return input.aborted ? of(undefined) : fromEvent(input, 'abort');
}
