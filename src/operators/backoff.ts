import { randomProvider } from './randomProvider.js';

/** Delay in milliseconds before attempt number `attempt + 1`; the first failure is attempt 1. */
export type Backoff = (attempt: number) => number;

/** Options of {@link exponentialBackoff}. */
export interface ExponentialBackoffOptions {
  /**
   * Upper bound of the first delay, in milliseconds.
   *
   * @defaultValue 1000
   */
  readonly initialMs?: number;
  /**
   * Upper bound of any delay, in milliseconds.
   *
   * @defaultValue 900000 (15 minutes)
   */
  readonly maxMs?: number;
  /**
   * By what the bound grows with each attempt.
   *
   * @defaultValue 2
   */
  readonly factor?: number;
  /**
   * `full`: a random delay between 0 and the bound, so that those who failed together don't return together.
   * `none`: the bound itself.
   *
   * @defaultValue 'full'
   */
  readonly jitter?: 'full' | 'none';
  /**
   * Random number in [0, 1).
   *
   * @defaultValue Math.random; within `messagingTest` the `random` of its options, 0.5
   */
  readonly random?: () => number;
}

/** The longest a timer can wait: with one millisecond more it would fire at once. [Node: setTimeout] */
export const LONGEST_MS = 2_147_483_647;

/**
 * Delays that grow by a factor up to a bound.
 *
 * @example
 * ```ts
 * import { exponentialBackoff } from 'rxjs-aws-messaging';
 *
 * const backoff = exponentialBackoff({ initialMs: 100, maxMs: 10_000, jitter: 'none' });
 * backoff(1); // 100
 * backoff(3); // 400
 * ```
 *
 * @throws RangeError when an option is out of its range.
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): Backoff {
  const { initialMs = 1_000, maxMs = 900_000, factor = 2, jitter = 'full', random = randomProvider.random } = options;
  atLeast('initialMs', initialMs, 0);
  atLeast('maxMs', maxMs, 0);
  atLeast('factor', factor, 1);
  const longestMs = Math.min(maxMs, LONGEST_MS);
  return (attempt) => {
    // In JavaScript 1 ** Infinity is NaN, and so is 0 times a growth beyond all numbers.
    const growth = factor ** (Math.min(Math.max(1, attempt), Number.MAX_SAFE_INTEGER) - 1);
    const boundMs = initialMs === 0 ? 0 : Math.min(longestMs, initialMs * growth);
    return Math.floor(jitter === 'full' ? random() * boundMs : boundMs);
  };
}

function atLeast(name: string, value: number, minimum: number): void {
  if (!(value >= minimum)) throw new RangeError(`${name}: expected a number of at least ${String(minimum)}`);
}
