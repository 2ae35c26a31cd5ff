import { type MonoTypeOperatorFunction, retry, throwError, timer } from 'rxjs';
import { type Backoff, exponentialBackoff, type ExponentialBackoffOptions } from './backoff.js';

/** Options of {@link retryWithBackoff}. */
export interface RetryWithBackoffOptions {
  /**
   * Times to subscribe again, after the first.
   *
   * @defaultValue 3
   */
  readonly maxRetries?: number;
  /**
   * Delay before each retry: a function, or the options of `exponentialBackoff`.
   *
   * @defaultValue exponentialBackoff(): up to 1 s, 2 s, 4 s… up to 15 min, with full jitter
   */
  readonly backoff?: Backoff | ExponentialBackoffOptions;
  /**
   * Whether an error is worth a retry; `attempt` counts from 1. What it throws ends the stream in place of the error.
   *
   * @defaultValue every error but one that says `retryable: false`
   */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean;
  /**
   * Start counting anew once a value came through.
   *
   * @defaultValue false
   */
  readonly resetOnSuccess?: boolean;
  /** Told of each retry before its delay begins, for logs and metrics. What it throws ends the stream. */
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/**
 * Resubscribes on a schedule when the source errors; with the last error once the retries are used up. For any
 * Observable: inside a handler it retries in place and holds the slot, where redelivery would free it.
 *
 * ```text
 * source            --a-#
 *                          --a-b|
 * retryWithBackoff  --a------a-b|
 * ```
 *
 * @example
 * ```ts
 * import { ackMap, retryWithBackoff } from 'rxjs-aws-messaging';
 *
 * ackMap((order) => save(order).pipe(retryWithBackoff({ maxRetries: 2, backoff: { initialMs: 50 } })));
 * ```
 *
 * @throws RangeError at once, when an option is out of its range.
 */
export function retryWithBackoff<T>(options: RetryWithBackoffOptions = {}): MonoTypeOperatorFunction<T> {
  const { maxRetries = 3, backoff = {}, shouldRetry = isRetryable, resetOnSuccess = false, onRetry } = options;
  if (!(maxRetries >= 0)) throw new RangeError('maxRetries: expected a number of at least 0');
  const delayFor = typeof backoff === 'function' ? backoff : exponentialBackoff(backoff);
  return retry({
    count: maxRetries,
    resetOnSuccess,
    delay: (error: unknown, attempt) => {
      if (!shouldRetry(error, attempt)) return throwError(() => error);
      const delayMs = delayFor(attempt);
      onRetry?.(error, attempt, delayMs);
      return timer(delayMs);
    },
  });
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof Error && (error as { readonly retryable?: unknown }).retryable === false);
}
