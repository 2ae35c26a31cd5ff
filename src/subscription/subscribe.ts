import {
  asyncScheduler,
  concat,
  defer,
  finalize,
  from,
  ignoreElements,
  merge,
  type Observable,
  of,
  Subject,
} from 'rxjs';
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
  /** The settlement that was said; `ack` after the handler completed. */
  readonly settlement: Settlement['_tag'];
  /** Milliseconds the handler took. */
  readonly durationMs: number;
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
 * Cold, as `fromTopic` is, and with the same errors. A handler's failure is an outcome, not an error.
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
    const failures = new Subject<Outcome>();
    const startedAt = new WeakMap<Message<A>, number>();
    const outcome = (message: Message<A>, settlement: Settlement['_tag']): Outcome => ({
      id: message.id,
      topic: message.topic,
      type: message.value.type,
      settlement,
      durationMs: asyncScheduler.now() - (startedAt.get(message) ?? asyncScheduler.now()),
    });
    const handled$ = messages$.pipe(
      ackMap(
        (event, message) => {
          startedAt.set(message, asyncScheduler.now());
          return concat(
            from(project(event, message)).pipe(ignoreElements()),
            defer(() => of(outcome(message, 'ack'))),
          );
        },
        {
          ...options,
          onError: (error, message) => {
            const settlement = settlementFor(error, message, options.onError);
            failures.next({ ...outcome(message, settlement._tag), error: errorInfo(error) });
            return settlement;
          },
        },
      ),
      finalize(() => {
        failures.complete();
      }),
    );
    return merge(failures, handled$);
  });
}
