import { BehaviorSubject, filter, firstValueFrom, lastValueFrom, tap } from 'rxjs';
import { type MessagingClient, toTopic } from 'rxjs-aws-messaging';
import { UserEvents } from '../events.js';
import type { Ledger } from './ledger.js';
import { isInvalid, userCreated } from './scenario.js';

/** Events handed in and not yet answered, at most. Well below `maxPending`, beyond which they would be refused. */
const WINDOW = 1_000;

/**
 * Publishes the events of a run, no faster than their results come back: however many there are, memory holds a window of
 * them. Resolves once each has its result, with how many were handed in: fewer after an abort.
 */
export async function publishAll(
  client: MessagingClient,
  users: Ledger,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  const topic = toTopic(client, UserEvents);
  const waiting = new BehaviorSubject(0);
  // What the results say is in `client.events$` too, where the table at the end takes it from.
  const results$ = topic.pipe(tap(() => waiting.next(waiting.value - 1)));
  const answered = lastValueFrom(results$, { defaultValue: undefined });

  const run = Date.now().toString(36);
  let number = 0;
  for (; number < count && !signal.aborted; number += 1) {
    const event = userCreated(run, number);
    if (!isInvalid(number)) users.expect(event.userId);
    waiting.next(waiting.value + 1);
    topic.next(event);
    if (waiting.value >= WINDOW) await firstValueFrom(waiting.pipe(filter((size) => size <= WINDOW / 2)));
  }
  topic.complete();
  await answered;
  return number;
}
