import { concat, defer, EMPTY, finalize, mergeMap, type Observable, switchMap, takeUntil, throwError } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { clientClosed } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import { errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import { exponentialBackoff } from '../operators/backoff.js';
import type { Topic } from '../topic.js';
import { type ConsumerOptions, type ConsumerSettings, consumerSettings } from './consumerOptions.js';
import { openQueue } from './openQueue.js';
import { poll } from './poll.js';
import { createPollGate } from './pollGate.js';
import { type QueueContext, tell } from './queueContext.js';
import { createSession } from './session.js';
import { createStopper, type Stopper } from './stopper.js';

/**
 * The messages of the queue that belongs to a topic, decoded, each with a lease that is renewed until it is settled.
 *
 * ```text
 * SQS        --[ab]------[c]----
 * fromTopic  --ab--------c------
 * settled    -----b--a------c---
 * ```
 *
 * Cold: nothing happens before subscribe, and each subscription polls on its own. At most `maxInFlight` messages are held;
 * settle each one, by `ackMap` or by `message.settle`, or the stream runs dry. Unsubscribing aborts the polls and makes
 * what is unsettled visible to others at once; `stop` ends in order. What can't be decoded goes the way of `onInvalid`.
 *
 * Errors, after the work in flight is done: AWSConnectionError where AWS refuses for good (access denied, queue deleted),
 * SubscriptionNotFoundError where there is no queue, ConfigurationError for an impossible name. What passes (network,
 * throttling, 5xx) never errors: polling backs off with full jitter, and says so by `pollFailed` events.
 *
 * @example
 * ```ts
 * import { ackMap, fromTopic } from 'rxjs-aws-messaging';
 *
 * fromTopic(client, UserEvents).pipe(ackMap((user) => save(user))).subscribe();
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range.
 */
export function fromTopic<A>(
  client: MessagingClient,
  topic: Topic<A>,
  options: ConsumerOptions = {},
): Observable<Message<A>> {
  const settings = consumerSettings(options);
  const { port } = client;
  const backoff = exponentialBackoff({ initialMs: 200, maxMs: 20_000, random: port.random });
  return defer(() => {
    if (port.isClosing()) return throwError(() => clientClosed(OPERATIONS.receive));
    const stopper = createStopper(settings.stop, port.closing$);
    return openQueue(port, topic, backoff).pipe(
      takeUntil(
        stopper.stop$.pipe(mergeMap((reason) => ('error' in reason ? throwError(() => reason.error) : [reason]))),
      ),
      switchMap((queueUrl) => consume({ port, topic: topic.name, queueUrl }, topic, settings, stopper)),
      takeUntil(port.killed$),
      finalize(() => {
        stopper.unsubscribe();
      }),
    );
  });
}

/** Polls, hands out, drains. */
function consume<A>(
  context: QueueContext,
  topic: Topic<A>,
  settings: ConsumerSettings,
  stopper: Stopper,
): Observable<Message<A>> {
  return defer(() => {
    const { port, queueUrl } = context;
    const { waitTimeSeconds, visibilityTimeoutSeconds } = settings;
    // A poll that waits for a socket would look like one that waits for SQS.
    const maxPolls = Math.min(settings.maxPolls, port.settings.maxSockets ?? Infinity);
    const session = createSession(context, topic, settings);
    const { credits, hasRoom, room$ } = session;
    tell(context, () => ({ type: 'started' }));
    return concat(
      poll({
        gate: createPollGate({ credits, maxPolls, isOpen: hasRoom, opened$: room$ }),
        receive: (maxMessages) =>
          port.calls.receive({ queueUrl, maxMessages, waitTimeSeconds, visibilityTimeoutSeconds }),
        waitTimeSeconds,
        backoff: exponentialBackoff({ initialMs: 200, maxMs: 20_000, random: port.random }),
        stop$: stopper.stop$,
        onFailure: (error, consecutiveFailures, retryInMs) => {
          const wait = retryInMs === undefined ? {} : { retryInMs };
          tell(context, () => ({ type: 'pollFailed', error: errorInfo(error), consecutiveFailures, ...wait }));
          if (retryInMs === undefined) stopper.stop({ error });
        },
      }).pipe(
        // One batch is handed out after the other; what comes in after the stop is not handed out at all.
        mergeMap((batch) => (stopper.reason === undefined ? session.takeIn(batch) : session.putBack(batch)), Infinity),
      ),
      session.drained$,
      defer(() => endOf(stopper)),
    ).pipe(
      finalize(() => {
        const reason = stopper.reason === undefined ? 'unsubscribe' : 'error' in stopper.reason ? 'error' : 'stop';
        session.end(() => {
          tell(context, () => ({ type: 'stopped', reason }));
        });
      }),
    );
  });
}

/** A stop completes the stream, a failure errors it. */
function endOf({ reason }: Stopper): Observable<never> {
  return reason !== undefined && 'error' in reason ? throwError(() => reason.error) : EMPTY;
}
