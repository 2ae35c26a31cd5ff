import { errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import { checkSettlement, reject, retryAfter, type Settlement } from '../message/settlement.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { type Delivered, ORIGIN } from './deliver.js';
import { tell } from './queueContext.js';

/** What becomes of a message whose handler failed. */
export type FailurePolicy<A> = (error: unknown, message: Message<A>) => Settlement;

/** What the policy says; what the default says where there is none, or where it throws or gives none. */
export function settlementFor<A>(error: unknown, message: Message<A>, policy?: FailurePolicy<A>): Settlement {
  if (policy === undefined) return byDefault(error, message);
  try {
    const settlement = policy(error, message);
    checkSettlement(settlement);
    return settlement;
  } catch (thrown) {
    const origin = (message as Delivered<A>)[ORIGIN];
    if (origin !== undefined) {
      const { id, receiveCount } = message;
      tell(origin.context, () => ({
        type: 'callbackFailed',
        id,
        receiveCount,
        callback: 'onError',
        error: errorInfo(thrown),
      }));
    }
    return byDefault(error, message);
  }
}

/** Dead-letters what no retry can help, and backs off otherwise. */
function byDefault(error: unknown, message: Message<unknown>): Settlement {
  if (isFinal(error)) return reject(error);
  const { random } = (message as Delivered<unknown>)[ORIGIN]?.context.port ?? Math;
  const backoff = exponentialBackoff({ random });
  return retryAfter(backoff(message.receiveCount));
}

/** An error says so itself: every error of this library does, and so may the user's. */
function isFinal(error: unknown): boolean {
  return error instanceof Error && (error as { readonly retryable?: unknown }).retryable === false;
}
