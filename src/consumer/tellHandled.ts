import { asyncScheduler, defer, type MonoTypeOperatorFunction, tap } from 'rxjs';
import { errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import { type Delivered, ORIGIN } from './deliver.js';
import { tell } from './queueContext.js';
import { HandlerTimeoutError } from './within.js';

/** Tells, as a `handled` event, how the work on a message ended and how long it took. */
export function tellHandled<R>(message: Message<unknown>): MonoTypeOperatorFunction<R> {
  const origin = (message as Delivered<unknown>)[ORIGIN];
  if (origin === undefined) return (source) => source;
  return (source) =>
    defer(() => {
      const startedAt = asyncScheduler.now();
      const handled = (outcome: 'completed' | 'failed' | 'timedOut' | 'cancelled', failure = {}): void => {
        tell(origin, () => ({
          type: 'handled',
          id: message.id,
          receiveCount: message.receiveCount,
          outcome,
          durationMs: asyncScheduler.now() - startedAt,
          ...failure,
        }));
      };
      return source.pipe(
        tap({
          complete: () => {
            handled('completed');
          },
          error: (error: unknown) => {
            handled(error instanceof HandlerTimeoutError ? 'timedOut' : 'failed', { error: errorInfo(error) });
          },
          unsubscribe: () => {
            handled('cancelled');
          },
        }),
      );
    });
}
