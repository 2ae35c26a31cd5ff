import {
  asyncScheduler,
  defaultIfEmpty,
  defer,
  distinctUntilChanged,
  EMPTY,
  expand,
  finalize,
  map,
  mergeMap,
  type Observable,
  of,
  skip,
  throwError,
} from 'rxjs';
import type { MessagingClient, MessagingPort } from '../client/client.js';
import { MAX_RECEIVE_MESSAGES } from '../client/limits.js';
import { clientClosed } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import { ConfigurationError, SubscriptionNotFoundError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import { moveDeadLetters, type Route } from './moveDeadLetters.js';
import { deadLetterQueueUrl, queueUrl, retrying } from './resolve.js';

/** Options of {@link redrive}. */
export interface RedriveOptions {
  /**
   * Most messages to move.
   *
   * @defaultValue Infinity: until the dead-letter queue is empty
   */
  readonly limit?: number;
}

/** How far a redrive has come, from its beginning. */
export interface RedriveProgress {
  /** Messages that are in the queue again and gone from the dead-letter queue. */
  readonly moved: number;
  /** Times a message could not be moved; it stays in the dead-letter queue. */
  readonly failed: number;
}

/** For how long a dead letter is hidden from others: longer than its send and its deletion are retried. */
const VISIBILITY_SECONDS = 120;

/** Long polls ask every server of the queue; two in a row that bring nothing mean that there is nothing. */
const WAIT_SECONDS = 1;
const EMPTY_POLLS = 2;

/**
 * Moves dead letters back to their queue, with body, attributes and group, in order within a FIFO group. A message is deleted
 * only once SQS has confirmed its copy, so nothing is lost wherever it is interrupted; a copy that was confirmed and not
 * deleted comes twice. What came to the dead-letter queue after the redrive began is left there, so that a message that
 * fails again does not go round and round.
 *
 * ```text
 * dead letters  --[ab]--[c]-----    received
 * queue         ----ab----c-----    sent and confirmed
 * redrive       -----p----q----|    moved: 2, moved: 3
 * ```
 *
 * Emits after each batch of up to 10. Completes when the dead-letter queue stays empty, or `limit` is reached; unsubscribing
 * stops it. Errors: SubscriptionNotFoundError without a queue or a dead-letter queue, AWSConnectionError where AWS refuses.
 *
 * @example
 * ```ts
 * import { redrive } from 'rxjs-aws-messaging';
 *
 * redrive(client, UserEvents, { limit: 1_000 }).subscribe(({ moved, failed }) => console.log({ moved, failed }));
 * ```
 *
 * @throws ConfigurationError at once, when `limit` is below 1.
 */
export function redrive(
  { port }: MessagingClient,
  topic: AnyTopic,
  options: RedriveOptions = {},
): Observable<RedriveProgress> {
  const { limit = Infinity } = options;
  if (!(limit >= 1)) throw new ConfigurationError([{ path: 'limit', message: 'expected a number of at least 1' }]);
  return defer(() => {
    const release = port.hold();
    return routeOf(port, topic).pipe(
      mergeMap((route) => move(port, route, Math.floor(limit))),
      finalize(release),
    );
  });
}

function routeOf(port: MessagingPort, topic: AnyTopic): Observable<Route> {
  return queueUrl(port, topic).pipe(
    mergeMap((queue) =>
      deadLetterQueueUrl(port, queue).pipe(
        map((deadLetters) => {
          if (deadLetters === undefined) throw noDeadLetterQueue(topic, queue);
          return { deadLetterQueueUrl: deadLetters, queueUrl: queue, isFifo: topic.kind === 'fifo' };
        }),
      ),
    ),
  );
}

function noDeadLetterQueue({ name }: AnyTopic, queue: string): SubscriptionNotFoundError {
  const message = 'the queue has no dead-letter queue: no redrive policy names one';
  return new SubscriptionNotFoundError(message, { topic: name, queue });
}

interface State extends RedriveProgress {
  /** Polls in a row that brought nothing to move. */
  readonly emptyPolls: number;
}

function move(port: MessagingPort, route: Route, limit: number): Observable<RedriveProgress> {
  const startedAt = asyncScheduler.now();
  const start: State = { moved: 0, failed: 0, emptyPolls: 0 };
  return of(start).pipe(
    expand((state) => (isDone(state, limit) ? EMPTY : moveBatch(port, route, state, limit, startedAt)), 1),
    map(({ moved, failed }) => ({ moved, failed })),
    distinctUntilChanged((a, b) => a.moved === b.moved && a.failed === b.failed),
    skip(1),
    defaultIfEmpty({ moved: 0, failed: 0 }),
  );
}

const isDone = ({ moved, emptyPolls }: State, limit: number): boolean => moved >= limit || emptyPolls >= EMPTY_POLLS;

function moveBatch(
  port: MessagingPort,
  route: Route,
  { moved, failed, emptyPolls }: State,
  limit: number,
  startedAt: number,
): Observable<State> {
  if (port.isClosing()) return throwError(() => clientClosed(OPERATIONS.receive));
  const request = {
    queueUrl: route.deadLetterQueueUrl,
    maxMessages: Math.min(MAX_RECEIVE_MESSAGES, limit - moved),
    waitTimeSeconds: WAIT_SECONDS,
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
  };
  return port.calls.receive(request).pipe(
    retrying(port),
    map((messages) => messages.filter(({ sentTimestamp = 0 }) => sentTimestamp <= startedAt)),
    mergeMap((due) =>
      due.length === 0
        ? of({ moved, failed, emptyPolls: emptyPolls + 1 })
        : moveDeadLetters(port, route, due).pipe(
            map((done) => ({ moved: moved + done, failed: failed + due.length - done, emptyPolls: 0 })),
          ),
    ),
  );
}
