import type { Observable, ObservableInput } from 'rxjs';
import { ackMap, exponentialBackoff, fromTopic, type MessagingClient, retryAfter } from 'rxjs-aws-messaging';
import { UserEvents, type UserCreated } from '../events.js';
import { isFlaky, numberOf } from './scenario.js';

class MailServerBusy extends Error {
  override readonly name = 'MailServerBusy';
}

/** Stands for the work on a message. It fails on some of them the first time. */
async function sendWelcomeMail({ userId }: UserCreated, receiveCount: number): Promise<void> {
  await Promise.resolve();
  if (receiveCount === 1 && isFlaky(numberOf(userId))) throw new MailServerBusy('try again later');
}

/** A user whose mail is out. */
export interface Welcomed {
  readonly userId: string;
  readonly receiveCount: number;
  /** From the moment the event was made, just before it was handed to `toTopic`. */
  readonly latencyMs: number;
}

/** Handles users until `stop`, then drains. Emits each one when the work on it is done. */
export function welcomeUsers(client: MessagingClient, stop: ObservableInput<unknown>): Observable<Welcomed> {
  const backoff = exponentialBackoff({ initialMs: 1_000, maxMs: 60_000 });
  return fromTopic(client, UserEvents, { stop }).pipe(
    ackMap(
      async (user, { receiveCount }) => {
        await sendWelcomeMail(user, receiveCount);
        return { userId: user.userId, receiveCount, latencyMs: Date.now() - user.createdAt.getTime() };
      },
      { onError: (_error, { receiveCount }) => retryAfter(backoff(receiveCount)) },
    ),
  );
}
