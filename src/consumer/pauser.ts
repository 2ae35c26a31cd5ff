import { BehaviorSubject, distinctUntilChanged, map, NEVER, type Observable, type Unsubscribable } from 'rxjs';

/** The one place that knows whether a consumer is paused. */
export interface Pauser extends Unsubscribable {
  readonly isPaused: boolean;
  /** Whether it is paused: now, and whenever that changes. */
  readonly paused$: Observable<boolean>;
}

/** Listens to `pause$` until unsubscribed. When that completes, it stays as it is; when it errors, `onError` hears of it. */
export function createPauser(pause$: Observable<boolean> = NEVER, onError: (error: unknown) => void): Pauser {
  const paused = new BehaviorSubject(false);
  const listening = pause$
    .pipe(
      // From JavaScript it may be anything.
      map(Boolean),
      distinctUntilChanged(),
    )
    .subscribe({
      next: (isPaused) => {
        paused.next(isPaused);
      },
      error: onError,
    });
  return {
    get isPaused() {
      return paused.value;
    },
    // Whoever hears of it may change it: those who hear of it after are told what is so by then.
    paused$: paused.pipe(
      map(() => paused.value),
      distinctUntilChanged(),
    ),
    unsubscribe: () => {
      listening.unsubscribe();
    },
  };
}
