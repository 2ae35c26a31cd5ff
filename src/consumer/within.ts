import { identity, mergeMap, type MonoTypeOperatorFunction, takeUntil, throwError, timer } from 'rxjs';
import { MessageProcessingError } from '../errors.js';
import type { Message } from '../message/message.js';

/** A handler that took too long; events tell it from one that failed. */
export class HandlerTimeoutError extends MessageProcessingError {
  constructor(timeoutMs: number, { id: messageId, topic }: Message<unknown>) {
    super(`the handler took longer than ${String(timeoutMs)} ms`, { messageId, topic });
    this.name = 'MessageProcessingError';
  }
}

/** Fails, and unsubscribes, what has not completed in time. */
export function within<R>(timeoutMs: number, message: Message<unknown>): MonoTypeOperatorFunction<R> {
  if (timeoutMs === Infinity) return identity;
  // An error of takeUntil's notifier goes to the subscriber.
  const timeUp$ = timer(timeoutMs).pipe(mergeMap(() => throwError(() => new HandlerTimeoutError(timeoutMs, message))));
  return takeUntil(timeUp$);
}
