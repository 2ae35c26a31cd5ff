import { asyncScheduler, defer, finalize, ignoreElements, map, merge, type Observable, Subject } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { ackMap, type AckMapOptions } from '../consumer/ackMap.js';
import type { ConsumerOptions } from '../consumer/consumerOptions.js';
import { settlementFor } from '../consumer/failurePolicy.js';
import { fromTopic } from '../consumer/fromTopic.js';
import { type ErrorInfo, errorInfo } from '../events.js';
import type { Message } from '../message/message.js';
import type { Settlement } from '../message/settlement.js';
import type { Topic } from '../topic.js';
import { type Handlers, route, type TypedEvent } from './route.js';

/** Options of {@link subscribe}: those of `fromTopic` and of `ackMap`. */
export interface SubscribeOptions<A> extends ConsumerOptions, AckMapOptions<A> {}

/** What became of one message. */
export interface Outcome {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  /** The settlement that SQS has confirmed; `ack` after the handler completed. */
  readonly settlement: Settlement['_tag'];
  /** Milliseconds from the handler's start to the settlement; 0 for a message that was released unhandled. */
  readonly durationMs: number;
  /** Why the handler failed. */
  readonly error?: ErrorInfo;
}

/**
 * Handles each event of a topic of several types by the handler of its type, and tells what became of each.
 *
 * ```text
 * messages   -c----d-----
 * subscribe  ---C-----D--
 * ```
 *
 * Cold, as `fromTopic` is, and with the same errors. A handler's failure is an outcome, not an error. An outcome comes
 * once SQS has confirmed it: there is none where the lease was lost, or where the settlement failed, which events tell.
 *
 * @example
 * ```ts
 * import { subscribe } from 'rxjs-aws-messaging';
 *
 * subscribe(client, Account, {
 *   'user.created': (user) => welcome(user),
 *   'user.deleted': (user) => forget(user),
 * }).subscribe();
 * ```
 */
export function subscribe<A extends TypedEvent>(
  client: MessagingClient,
  topic: Topic<A>,
  handlers: Handlers<A>,
  options: SubscribeOptions<A> = {},
): Observable<Outcome> {
  const project = route(handlers);
  const messages$ = fromTopic(client, topic, options);
  return defer(() => {
    const outcomes = new Subject<Outcome>();
    const starts = new WeakMap<Message<A>, number>();
    const errors = new WeakMap<Message<A>, ErrorInfo>();

    /** The message, whose settlement becomes an outcome. */
    const followed = (message: Message<A>): Message<A> => {
      let isSettled = false;
      const copy: Message<A> = {
        ...message,
        settle: (settlement) => {
          const confirmed$ = message.settle(settlement);
          if (isSettled) return confirmed$;
          isSettled = true;
          const { id, topic: topicName, value } = message;
          const now = asyncScheduler.now();
          const error = errors.get(copy);
          const outcome = {
            id,
            topic: topicName,
            type: value.type,
            settlement: settlement._tag,
            durationMs: now - (starts.get(copy) ?? now),
            ...(error === undefined ? {} : { error }),
          };
          confirmed$.subscribe({
            complete: () => {
              outcomes.next(outcome);
            },
            // Told as a `settleFailed` event, and to whoever called settle.
            error: () => undefined,
          });
          return confirmed$;
        },
      };
      return copy;
    };

    const handled$ = messages$.pipe(
      map(followed),
      ackMap(
        (event, message, context) => {
          starts.set(message, asyncScheduler.now());
          return project(event, message, context);
        },
        {
          ...options,
          onError: (error, message) => {
            errors.set(message, errorInfo(error));
            return settlementFor(error, message, options.onError);
          },
        },
      ),
      ignoreElements(),
      finalize(() => {
        outcomes.complete();
      }),
    );
    return merge(outcomes, handled$);
  });
}
