import {
  defer,
  from,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
  type ObservedValueOf,
  tap,
} from 'rxjs';
import { contained } from '../operators/contained.js';
import { HandlerTimeoutError } from './within.js';

/** What a handler may need beside the message. */
export interface HandlerContext {
  /**
   * Aborts when the work is cancelled: it took longer than `timeoutMs` (then its `reason` is that error), the lease was lost,
   * the consumer was unsubscribed, or `client.close()` ran out of time. An Observable is unsubscribed then; a promise can't
   * be, so hand this on: `fetch(url, { signal })`. What a promise still does after that is neither waited for nor counted.
   */
  readonly signal: AbortSignal;
}

/**
 * Work that hears, by its signal, when it is cancelled: unsubscribed before its end, or by what `bound` puts an end to. The signal
 * is made when it is asked for.
 *
 * ```text
 * work     --a--b----
 * result   --a--b-!
 * signal          abort
 * ```
 */
export function cancellable<O extends ObservableInput<unknown>>(
  begin: (context: HandlerContext) => O,
  bound: MonoTypeOperatorFunction<ObservedValueOf<O>>,
): Observable<ObservedValueOf<O>> {
  return defer(() => {
    let controller: AbortController | undefined;
    let isCancelled = false;
    let reason: HandlerTimeoutError | undefined;
    const context: HandlerContext = {
      get signal() {
        controller ??= new AbortController();
        if (isCancelled) controller.abort(reason);
        return controller.signal;
      },
    };
    return defer(() => from(begin(context))).pipe(
      contained(),
      tap({
        unsubscribe: () => {
          isCancelled = true;
          controller?.abort(reason);
        },
      }),
      bound,
      // It gets here before what it puts an end to is unsubscribed.
      tap({
        error: (error: unknown) => {
          if (error instanceof HandlerTimeoutError) reason = error;
        },
      }),
    );
  });
}
