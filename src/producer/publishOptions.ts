import { ConfigurationError } from '../errors.js';
import { type Backoff, exponentialBackoff, LONGEST_MS } from '../operators/backoff.js';
import { reportUnhandled } from '../operators/reportUnhandled.js';

/** Options of `toTopic` and `publishTo`. */
export interface PublishOptions {
  /**
   * PublishBatch requests under way at once.
   *
   * @defaultValue 10
   */
  readonly maxRequests?: number;
  /**
   * Values accepted and not yet answered. One more fails at once with an OverflowError, and is not sent.
   *
   * @defaultValue 10000
   */
  readonly maxPending?: number;
  /**
   * Delay in milliseconds before an entry or request that failed is tried again, up to `retryAttempts` of the
   * configuration. If it throws or gives no such number, the default is taken, and the error is reported as RxJS reports unhandled errors.
   *
   * @defaultValue exponential with full jitter: up to 100 ms, 200 ms, 400 ms, up to 5 s
   */
  readonly backoff?: Backoff;
}

/** Options with their defaults. */
export type PublishSettings = Required<PublishOptions>;

/** @throws ConfigurationError that lists every option out of its range. */
export function publishSettings(options: PublishOptions, random: () => number): PublishSettings {
  const { maxRequests = 10, maxPending = 10_000 } = options;
  const standard = exponentialBackoff({ initialMs: 100, maxMs: 5_000, random });
  const faults = Object.entries({ maxRequests, maxPending })
    .filter(([, value]) => !(Number.isInteger(value) && value >= 1))
    .map(([path]) => ({ path, message: 'expected a whole number of at least 1' }));
  if (faults.length > 0) throw new ConfigurationError(faults);
  const { backoff = standard } = options;
  return { maxRequests, maxPending, backoff: withFallback(backoff, standard) };
}

function withFallback(backoff: Backoff, standard: Backoff): Backoff {
  return (attempt) => {
    try {
      const delayMs = backoff(attempt);
      if (delayMs >= 0 && delayMs <= LONGEST_MS) return delayMs;
      throw new RangeError(`backoff: expected a number of milliseconds from 0 to ${String(LONGEST_MS)}`);
    } catch (error) {
      reportUnhandled(error);
      return standard(attempt);
    }
  };
}
