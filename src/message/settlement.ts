import { ConfigurationError } from '../errors.js';

/** What becomes of a message: deleted, redelivered after a delay, dead-lettered, or left to its visibility timeout. */
export type Settlement =
  | { readonly _tag: 'ack' }
  | { readonly _tag: 'retryAfter'; readonly delayMs: number }
  | { readonly _tag: 'reject'; readonly error: unknown }
  | { readonly _tag: 'ignore' };

/** The work is done: delete the message from the queue. */
export const ack: Settlement = { _tag: 'ack' };

/**
 * Redeliver the message after a delay.
 *
 * @param delayMs - milliseconds; SQS counts in seconds, so it is rounded up to a whole one, and clamped so that the
 * message's time in flight stays under 12 hours. 0 makes it visible at once.
 * @throws ConfigurationError when it is not a number.
 */
export function retryAfter(delayMs: number): Settlement {
  const settlement: Settlement = { _tag: 'retryAfter', delayMs };
  checkSettlement(settlement);
  return settlement;
}

/**
 * The message can't be handled, now or later: copy it to the dead-letter queue with the reason, then delete it. Without a
 * dead-letter queue it is left in the queue and comes back with backoff.
 *
 * @param error - why; its name and, for a codec failure, its paths travel with the copy. Its text does not.
 */
export const reject = (error: unknown): Settlement => ({ _tag: 'reject', error });

/** Do nothing: the lease is no longer renewed, and the message comes back when its visibility timeout ends. */
export const ignore: Settlement = { _tag: 'ignore' };

/** @throws ConfigurationError for what is no settlement, as it may come from where no compiler looked. */
export function checkSettlement(settlement: Settlement): void {
  const { _tag, delayMs } = Object(settlement) as Partial<Settlement & { readonly _tag: 'retryAfter' }>;
  if (!TAGS.includes(_tag)) throw new ConfigurationError([NO_SETTLEMENT]);
  if (_tag === 'retryAfter' && (typeof delayMs !== 'number' || Number.isNaN(delayMs))) {
    throw new ConfigurationError([NO_DELAY]);
  }
}

const TAGS: readonly unknown[] = ['ack', 'retryAfter', 'reject', 'ignore'] satisfies readonly Settlement['_tag'][];
const NO_SETTLEMENT = { path: 'settlement', message: 'expected ack, retryAfter(delayMs), reject(error) or ignore' };
const NO_DELAY = { path: 'retryAfter', message: 'expected a number of milliseconds' };
