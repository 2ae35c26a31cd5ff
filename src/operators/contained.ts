import { type MonoTypeOperatorFunction, Observable, type Subscription, takeWhile } from 'rxjs';
import { reportUnhandled } from './reportUnhandled.js';

/**
 * Passes on what the source does, but for what its teardown throws: that is reported as RxJS reports unhandled errors. RxJS
 * itself would hand it to whoever unsubscribes, and the operators on the way would not end what they have begun:
 * `mergeMap` would keep the slot for ever.
 *
 * ```text
 * source     --a--|          its `finalize` throws
 * contained  --a--|
 * ```
 */
export function contained<T>(): MonoTypeOperatorFunction<T> {
  return (source) =>
    // The teardown has to be called from here, in a `try`; no operator does that.
    new Observable((subscriber) => {
      let work: Subscription | undefined;
      const end = (): void => {
        guarded(() => work?.unsubscribe());
      };
      subscriber.add(end);
      guarded(() => {
        // While the source emits in `subscribe` there is nothing to unsubscribe yet: whoever has left is asked of, not the value.
        // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value
        work = source.pipe(takeWhile(() => !subscriber.closed)).subscribe({
          next: (value) => {
            subscriber.next(value);
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
          complete: () => {
            subscriber.complete();
          },
        });
      });
      if (subscriber.closed) end();
    });
}

function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    reportUnhandled(error);
  }
}
