import { randomUUID } from 'node:crypto';
import { asyncScheduler, defer, finalize, type Observable, tap } from 'rxjs';
import type { ReceiveRequest } from '../client/client.js';
import { DEDUPLICATION_WINDOW_MS } from '../client/limits.js';
import type { RawMessage } from '../message/rawMessage.js';

type Receive = (request: ReceiveRequest) => Observable<readonly RawMessage[]>;

/** A receive whose answer did not get here: SQS may have handed messages out by it. */
interface Attempt {
  readonly id: string;
  readonly maxMessages: number;
  /** When SQS forgets it, and when what it brought is visible again at the latest; milliseconds since the epoch. */
  readonly forgottenAt: number;
  readonly visibleAt: number;
}

/**
 * Receives from a FIFO queue with a ReceiveRequestAttemptId. When the answer was lost, the next receive that may ask for as much
 * is the same attempt again: it brings the messages of the lost answer, which would else be hidden, and their groups blocked,
 * until their visibility timeout. [A: ReceiveMessage ReceiveRequestAttemptId]
 *
 * ```text
 * receive   a----x   a--(m)   b--…
 * SQS        (m)      (m)
 * ```
 */
export function withAttempts(receive: Receive): Receive {
  let lost: readonly Attempt[] = [];

  /** The attempt to make again, once; undefined where there is none that this request could hold the messages of. */
  const takeLost = (maxMessages: number): Attempt | undefined => {
    const now = asyncScheduler.now();
    lost = lost.filter(({ forgottenAt, visibleAt }) => now < Math.min(forgottenAt, visibleAt));
    const again = lost.find((attempt) => attempt.maxMessages <= maxMessages);
    lost = lost.filter((attempt) => attempt !== again);
    return again;
  };

  return (request) =>
    defer(() => {
      const {
        id = randomUUID(),
        maxMessages = request.maxMessages,
        forgottenAt = asyncScheduler.now() + DEDUPLICATION_WINDOW_MS,
      } = takeLost(request.maxMessages) ?? {};
      let isAnswered = false;
      return receive({ ...request, maxMessages, attemptId: id }).pipe(
        tap(() => {
          isAnswered = true;
        }),
        finalize(() => {
          if (isAnswered) return;
          const visibleAt = asyncScheduler.now() + request.visibilityTimeoutSeconds * 1_000;
          lost = [...lost, { id, maxMessages, forgottenAt, visibleAt }];
        }),
      );
    });
}
