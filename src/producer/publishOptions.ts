import { ConfigurationError, type ConfigurationFault } from '../errors.js';
import { type Backoff, exponentialBackoff, LONGEST_MS } from '../operators/backoff.js';
import { reportUnhandled } from '../operators/reportUnhandled.js';

/** Options of `toTopic`, `publishTo` and `publishFrom`. `publishEvent` has their defaults. */
export interface PublishOptions {
  /**
   * PublishBatch requests under way at once. The default is by measure (bench/README.md): more of them only pay where SNS takes
   * longer than 10 ms and tens of values come a millisecond; fewer put more values into each.
   *
   * @defaultValue 20
   */
  readonly maxRequests?: number;
  /**
   * Values accepted and not yet answered. One more fails at once with an OverflowError, and is not sent.
   *
   * @defaultValue 10000
   */
  readonly maxPending?: number;
  /**
   * Bytes of them, as SNS counts them. Once they are reached the next value fails at once with an OverflowError, and is not sent.
   *
   * @defaultValue 67108864 (64 MiB)
   */
  readonly maxPendingBytes?: number;
  /**
   * Delay in milliseconds before an entry or request that failed is tried again, up to `retryAttempts` of the
   * configuration. If it throws or gives no such number, the default is taken, and the error is reported as RxJS reports unhandled errors.
   *
   * @defaultValue exponential with full jitter: up to 100 ms, 200 ms, 400 ms, up to 5 s
   */
  readonly backoff?: Backoff;
  /**
   * On a standard topic, whether values go again when the answer to their request was lost. They may then arrive twice, which
   * consumers of a standard queue have to bear anyway: SQS delivers at least once. With false they fail at once, with `outcomeUnknown`.
   * On a FIFO topic they always go again, as long as SNS is sure to drop the second: for five minutes.
   *
   * @defaultValue true
   */
  readonly retryUnanswered?: boolean;
}

/** Options with their defaults. */
export type PublishSettings = Required<PublishOptions>;

/**
 * @param standardPending - the default of `maxPending`. @throws ConfigurationError that lists every option out of its range.
 */
export function publishSettings(
  options: PublishOptions,
  random: () => number,
  standardPending: (maxRequests: number) => number = () => 10_000,
): PublishSettings {
  const faults = faultsOf(options);
  if (faults.length > 0) throw new ConfigurationError(faults);
  const { maxRequests = 20, maxPendingBytes = 67_108_864, retryUnanswered = true } = options;
  const { maxPending = standardPending(maxRequests) } = options;
  const standard = exponentialBackoff({ initialMs: 100, maxMs: 5_000, random });
  const { backoff = standard } = options;
  return { maxRequests, maxPending, maxPendingBytes, retryUnanswered, backoff: withFallback(backoff, standard) };
}

/** From JavaScript anything may come. */
function faultsOf(options: PublishOptions): readonly ConfigurationFault[] {
  const { maxRequests, maxPending, maxPendingBytes } = options;
  const backoff: unknown = options.backoff;
  const retryUnanswered: unknown = options.retryUnanswered;
  const numbers = Object.entries({ maxRequests, maxPending, maxPendingBytes })
    .filter(([, value]) => value !== undefined && !(Number.isInteger(value) && value >= 1))
    .map(([path]) => ({ path, message: 'expected a whole number of at least 1' }));
  return [
    ...numbers,
    ...(backoff === undefined || typeof backoff === 'function'
      ? []
      : [{ path: 'backoff', message: 'expected a function of the attempt' }]),
    ...(retryUnanswered === undefined || typeof retryUnanswered === 'boolean'
      ? []
      : [{ path: 'retryUnanswered', message: 'expected true or false' }]),
  ];
}

function withFallback(backoff: Backoff, standard: Backoff): Backoff {
  return (attempt) => {
    try {
      const delayMs = backoff(attempt);
      if (typeof delayMs === 'number' && delayMs >= 0 && delayMs <= LONGEST_MS) return delayMs;
      throw new RangeError(`backoff: expected a number of milliseconds from 0 to ${String(LONGEST_MS)}`);
    } catch (error) {
      reportUnhandled(error);
      return standard(attempt);
    }
  };
}
