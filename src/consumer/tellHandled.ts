import { asyncScheduler } from 'rxjs';
import { errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import { type Delivered, ORIGIN } from './deliver.js';
import { tell } from './queueContext.js';

/** How the work on a message ended. */
export type WorkOutcome = 'completed' | 'failed' | 'timedOut' | 'cancelled';

/** Tells, as a `handled` event, how the work on a message ended and how long it took. */
export function tellHandled(message: Message<unknown>, startedAt: number, outcome: WorkOutcome, error?: unknown): void {
  const origin = (message as Delivered<unknown>)[ORIGIN];
  if (origin === undefined) return;
  const { id, receiveCount } = message;
  const failure = outcome === 'completed' || outcome === 'cancelled' ? {} : { error: errorInfo(error) };
  const durationMs = asyncScheduler.now() - startedAt;
  tell(origin.context, () => ({ type: 'handled', id, receiveCount, outcome, durationMs, ...failure }));
}
