import { randomUUID } from 'node:crypto';
import { asyncScheduler, catchError, defer, finalize, type Observable, tap, throwError } from 'rxjs';
import type { ReceiveRequest } from '../client/client.js';
import { DEDUPLICATION_WINDOW_MS } from '../client/limits.js';
import { AWSConnectionError } from '../errors.js';
import type { RawMessage } from '../message/rawMessage.js';

type Receive = (request: ReceiveRequest) => Observable<readonly RawMessage[]>;

/** A receive whose answer did not get here: SQS may have handed messages out by it. */
interface Attempt {
  readonly id: string;
  readonly maxMessages: number;
  /** When it was made first: SQS has handed nothing out before; milliseconds since the epoch. */
  readonly sentAt: number;
}

/**
 * Receives from a FIFO queue with a ReceiveRequestAttemptId. When the answer was lost, the next receive that may ask for as much
 * is the same attempt again: it brings the messages of the lost answer, which would else be hidden, and their groups blocked,
 * until their visibility timeout. Only while nobody else can have received them, which SQS would refuse; should it refuse all
 * the same, the receive is made anew. [A: ReceiveMessage ReceiveRequestAttemptId]
 *
 * ```text
 * receive   a----x   a--(m)   b--…
 * SQS        (m)      (m)
 * ```
 */
export function withAttempts(receive: Receive): Receive {
  let lost: readonly Attempt[] = [];

  /** The attempt to make again, once; undefined where there is none that this request could hold the messages of. */
  const takeLost = ({ maxMessages, visibilityTimeoutSeconds }: ReceiveRequest): Attempt | undefined => {
    const hiddenMs = Math.min(visibilityTimeoutSeconds * 1_000, DEDUPLICATION_WINDOW_MS);
    lost = lost.filter(({ sentAt }) => asyncScheduler.now() < sentAt + hiddenMs);
    const again = lost.find((attempt) => attempt.maxMessages <= maxMessages);
    lost = lost.filter((attempt) => attempt !== again);
    return again;
  };

  const make = (request: ReceiveRequest, attempt: Attempt, isFirst: boolean): Observable<readonly RawMessage[]> => {
    let isAnswered = false;
    return receive({ ...request, maxMessages: attempt.maxMessages, attemptId: attempt.id }).pipe(
      tap({
        next: () => {
          isAnswered = true;
        },
        error: (error: unknown) => {
          isAnswered = isRefusal(error) || (isFirst && error instanceof AWSConnectionError && error.throttled);
        },
      }),
      finalize(() => {
        if (!isAnswered) lost = [...lost, attempt];
      }),
    );
  };

  const anew = (request: ReceiveRequest): Observable<readonly RawMessage[]> =>
    make(request, { id: randomUUID(), maxMessages: request.maxMessages, sentAt: asyncScheduler.now() }, true);

  return (request) =>
    defer(() => {
      const again = takeLost(request);
      if (again === undefined) return anew(request);
      // "The receiveRequestAttemptId is not valid anymore": what is wrong with the consumer itself, a new one is told too.
      return make(request, again, false).pipe(
        catchError((error: unknown) => (isRefusal(error) ? anew(request) : throwError(() => error))),
      );
    });
}

/** SQS has answered, and handed nothing out. */
const isRefusal = (error: unknown): boolean => error instanceof AWSConnectionError && !error.retryable;
