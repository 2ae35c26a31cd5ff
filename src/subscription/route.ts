import { EMPTY, type ObservableInput } from 'rxjs';
import { SubscriptionNotFoundError } from '../errors.js';
import type { HandlerContext } from '../consumer/handlerContext.js';
import type { Message } from '../message/message.js';

/** A value of a topic of several event types. */
export interface TypedEvent {
  readonly type: string;
  readonly data: unknown;
}

/** One handler for each event type of `A`: a missing one is a compile error. */
export type Handlers<A extends TypedEvent> = {
  readonly [K in A['type']]: (
    data: Extract<A, { readonly type: K }>['data'],
    message: Message<A>,
    context: HandlerContext,
    // A handler that only does something returns nothing; `void` is how its type says so.
    // eslint-disable-next-line @typescript-eslint/no-invalid-void-type
  ) => ObservableInput<unknown> | void;
};

/**
 * The project function for `ackMap` that gives each event to the handler of its type.
 *
 * @example
 * ```ts
 * import { ackMap, fromTopic, route } from 'rxjs-aws-messaging';
 *
 * fromTopic(client, Account).pipe(
 *   ackMap(route({ 'user.created': (user) => welcome(user), 'user.deleted': (user) => forget(user) })),
 * );
 * ```
 *
 * @returns a function that throws a SubscriptionNotFoundError, which dead-letters, for a type without a handler.
 */
export function route<A extends TypedEvent>(
  handlers: Handlers<A>,
): (event: A, message: Message<A>, context: HandlerContext) => ObservableInput<unknown> {
  return (event, message, context) => {
    if (!Object.hasOwn(handlers, event.type)) {
      throw new SubscriptionNotFoundError('no handler for this event type', {
        topic: message.topic,
        messageId: message.id,
      });
    }
    // The handler of a type takes that type's data: the table says so, and narrowing by a computed key can't.
    const handler = handlers[event.type as A['type']] as (
      data: unknown,
      message: Message<A>,
      context: HandlerContext,
    ) => ObservableInput<unknown> | undefined;
    return handler(event.data, message, context) ?? EMPTY;
  };
}
