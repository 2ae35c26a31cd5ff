import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { Backoff } from '../operators/backoff.js';
import type { PollGate } from './pollGate.js';

/** An answer later than this after the end of the wait has been on its way for that long, and its leases have run. */
const LATE_MS = 1_000;

/**
 * A poll younger than this when the consumer stops or is paused may be about to answer: it is waited for. An older one is
 * waiting on an empty queue, and is aborted. (SQS answers at once when it has messages.)
 */
const GRACE_MS = 500;

/** What one receive brought. */
export interface Batch {
  readonly messages: readonly RawMessage[];
  /** When SQS handed them out, at the earliest; milliseconds since the epoch. */
  readonly receivedAt: number;
}

export interface PollOptions {
  readonly gate: PollGate;
  readonly receive: (maxMessages: number) => Observable<readonly RawMessage[]>;
  readonly waitTimeSeconds: number;
  readonly backoff: Backoff;
  /** Emits when polling has to end; tells late subscribers again. */
  readonly stop$: Observable<unknown>;
  /** Whether no poll may go on: now, and whenever that changes. */
  readonly paused$: Observable<boolean>;
  /** A receive was answered. */
  readonly onAnswer: () => void;
  /** A receive failed. Without `retryInMs` for good: `stop$` has to emit. */
  readonly onFailure: (error: unknown, consecutiveFailures: number, retryInMs?: number) => void;
}

/**
 * Receives until `stop$`, while not paused, as many polls in parallel as the gate permits. Results come as they come in, never in order of
 * request. A transient failure pauses the gate. Never errors.
 *
 * ```text
 * permits$  --10--10-------10--
 * receive     ----a|
 *                 ------b|
 * result    ------a-----b------
 * ```
 */
export function poll(options: PollOptions): Observable<Batch> {
  const { gate, receive, waitTimeSeconds, backoff, stop$, paused$, onAnswer, onFailure } = options;
  /** Whether polls are to end: while paused, and from the stop on. */
  const isOver$ = concat(paused$.pipe(takeUntil(stop$)), of(true));
  const attempt = (permit: number): Observable<Batch> =>
    defer(() => {
      const startedAt = asyncScheduler.now();
      const age = (): number => asyncScheduler.now() - startedAt;
      let conclude = (): void => {
        gate.aborted(permit);
      };
      return receive(permit).pipe(
        takeUntil(
          isOver$.pipe(switchMap((isOver) => (isOver ? timer(Math.max(0, GRACE_MS - Math.max(0, age()))) : NEVER))),
        ),
        tap((messages) => {
          conclude = () => {
            onAnswer();
            gate.received(permit, messages.length, age());
          };
        }),
        catchError((error: unknown) => {
          if (error instanceof AWSConnectionError && error.retryable) {
            conclude = () => {
              const { consecutiveFailures, retryInMs } = gate.failed(permit, backoff);
              onFailure(error, consecutiveFailures, retryInMs);
            };
          } else {
            onFailure(error, 1);
          }
          return EMPTY;
        }),
        finalize(() => {
          conclude();
        }),
        map((messages) => {
          const lateMs = age() - waitTimeSeconds * 1_000;
          return { messages, receivedAt: asyncScheduler.now() - (lateMs > LATE_MS ? lateMs : 0) };
        }),
      );
    });
  return gate.permits$.pipe(
    takeUntil(stop$),
    // The gate bounds the polls under way by maxPolls.
    mergeMap(attempt, Infinity),
  );
}
