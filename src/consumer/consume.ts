import {
  concat,
  defer,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  skipWhile,
  Subscription,
} from 'rxjs';
import { errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import type { Topic } from '../topic.js';
import { withAttempts } from './attempts.js';
import { type Batch, poll } from './poll.js';
import { pollBackoff } from './pollBackoff.js';
import { createPollGate } from './pollGate.js';
import { type QueueContext, tell } from './queueContext.js';
import { createSession, type Session } from './session.js';
import type { Steering } from './steering.js';

/** Polls and hands out; from the stop on it drains, and then ends as it was stopped. */
export function consume<A>(context: QueueContext, topic: Topic<A>, steering: Steering): Observable<Message<A>> {
  return defer(() => {
    const { settings, stopper } = steering;
    const session = createSession(context, topic, settings);
    tell(context, () => ({ type: 'started' }));
    const watching = watch(context, steering, session);
    return concat(
      receiveInto(context, steering, session).pipe(
        // One batch is handed out after the other; what comes in after the stop is not handed out at all.
        mergeMap((batch) => (stopper.reason === undefined ? session.takeIn(batch) : session.putBack(batch)), Infinity),
      ),
      session.drained$,
      stopper.outcome$.pipe(ignoreElements()),
    ).pipe(
      finalize(() => {
        const reason = stopper.reason === undefined ? 'unsubscribe' : 'error' in stopper.reason ? 'error' : 'stop';
        session.end(() => {
          tell(context, () => ({ type: 'stopped', reason }));
          watching.unsubscribe();
        });
      }),
    );
  });
}

/** The polls of a consumer, with what it has room for. */
function receiveInto(
  context: QueueContext,
  { settings, stopper, pauser, vitals }: Steering,
  session: Session<unknown>,
): Observable<Batch> {
  const { port, queueUrl } = context;
  const { waitTimeSeconds, visibilityTimeoutSeconds } = settings;
  const { receive } = port.calls;
  const receiveOnce = queueUrl.endsWith('.fifo') ? withAttempts(receive) : receive;
  return poll({
    gate: createPollGate({
      credits: session.credits,
      // A poll that waits for a socket would look like one that waits for SQS.
      maxPolls: Math.min(settings.maxPolls, port.settings.maxSockets ?? Infinity),
      isOpen: () => session.hasRoom() && !pauser.isPaused,
      opened$: merge(session.room$, pauser.paused$),
    }),
    receive: (maxMessages) => receiveOnce({ queueUrl, maxMessages, waitTimeSeconds, visibilityTimeoutSeconds }),
    waitTimeSeconds,
    backoff: pollBackoff(port),
    stop$: stopper.stop$,
    paused$: pauser.paused$,
    onAnswer: vitals.polled,
    onFailure: (error, consecutiveFailures, retryInMs) => {
      vitals.failed(consecutiveFailures);
      const wait = retryInMs === undefined ? {} : { retryInMs };
      tell(context, () => ({ type: 'pollFailed', error: errorInfo(error), consecutiveFailures, ...wait }));
      if (retryInMs === undefined) stopper.stop({ error });
    },
  });
}

/** Tells of pauses, and keeps the health of the client up to date, until unsubscribed. */
function watch(context: QueueContext, { pauser, stopper, vitals }: Steering, session: Session<unknown>): Subscription {
  const watching = new Subscription(vitals.end);
  vitals.opened(context.queueUrl, session);
  watching.add(merge(session.changes$, stopper.stop$).subscribe(vitals.changed));
  watching.add(
    pauser.paused$.pipe(skipWhile((isPaused) => !isPaused)).subscribe((isPaused) => {
      tell(context, () => ({ type: isPaused ? 'paused' : 'resumed' }));
      vitals.changed();
    }),
  );
  return watching;
}
