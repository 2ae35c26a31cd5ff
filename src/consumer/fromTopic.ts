import { defer, finalize, type Observable, switchMap, takeUntil, throwError } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { clientClosed } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import type { Message } from '../message/message.js';
import type { Topic } from '../topic.js';
import { consume } from './consume.js';
import { type ConsumerOptions, consumerSettings } from './consumerOptions.js';
import { openQueue } from './openQueue.js';
import { steer } from './steering.js';

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
 * what is unsettled visible to others at once; `stop` ends in order, `pause$` halts polling for a while. What can't be
 * decoded goes the way of `onInvalid`.
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
  return defer(() => {
    if (port.isClosing()) return throwError(() => clientClosed(OPERATIONS.receive));
    const steering = steer(port, topic, settings);
    return openQueue(port, topic, steering.vitals.failed).pipe(
      takeUntil(steering.stopper.outcome$),
      switchMap((queueUrl) => consume({ port, topic: topic.name, queueUrl }, topic, steering)),
      takeUntil(port.killed$),
      finalize(steering.leave),
    );
  });
}
