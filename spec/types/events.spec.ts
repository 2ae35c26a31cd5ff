/** Guards: events and errors that no longer narrow by `type` and `_tag`, or that grow a field for a payload. */
import { expectTypeOf } from 'expect-type';
import type {
  AWSConnectionError,
  ConfigurationError,
  InvalidMessageError,
  MessageProcessingError,
  MessagingError,
  MessagingEvent,
  OverflowError,
  SettlementKind,
  SubscriptionNotFoundError,
  ValidationFailedError,
} from '../../src/index.js';

type OfType<T extends MessagingEvent['type']> = Extract<MessagingEvent, { readonly type: T }>;

describe('types: MessagingEvent', () => {
  it('is one of these', () => {
    expectTypeOf<MessagingEvent['type']>().toEqualTypeOf<
      | 'called'
      | 'published'
      | 'publishFailed'
      | 'started'
      | 'paused'
      | 'resumed'
      | 'stuck'
      | 'received'
      | 'redelivered'
      | 'invalid'
      | 'handled'
      | 'callbackFailed'
      | 'settled'
      | 'settleFailed'
      | 'rejected'
      | 'leaseRenewed'
      | 'renewalFailed'
      | 'leaseLost'
      | 'pollFailed'
      | 'throttled'
      | 'slowed'
      | 'stopped'
    >();
  });

  it('narrows by its type', () => {
    const read = (event: MessagingEvent): string => {
      if (event.type === 'settled') {
        expectTypeOf(event.settlement).toEqualTypeOf<SettlementKind>();
        return event.id;
      }
      // @ts-expect-error -- not every event is of a message
      return event.id as string;
    };
    expectTypeOf(read).returns.toBeString();
    expectTypeOf<OfType<'leaseLost'>['reason']>().toEqualTypeOf<'expired' | 'refused' | 'limit'>();
    expectTypeOf<OfType<'stopped'>['reason']>().toEqualTypeOf<'stop' | 'unsubscribe' | 'error'>();
    expectTypeOf<OfType<'handled'>['outcome']>().toEqualTypeOf<'completed' | 'failed' | 'timedOut' | 'cancelled'>();
  });

  it('has no field for a payload, nor for an error itself', () => {
    type Keys<E> = E extends unknown ? keyof E : never;
    expectTypeOf<Extract<Keys<MessagingEvent>, 'value' | 'body' | 'message' | 'attributes' | 'cause'>>().toBeNever();
    expectTypeOf<keyof OfType<'invalid'>['error']>().toEqualTypeOf<'name' | 'code' | 'paths' | 'retryable'>();
  });
});

describe('types: errors', () => {
  it('narrow by their tag', () => {
    type Any =
      | AWSConnectionError
      | ConfigurationError
      | InvalidMessageError
      | MessageProcessingError
      | OverflowError
      | SubscriptionNotFoundError
      | ValidationFailedError;
    expectTypeOf<Any>().toExtend<MessagingError>();
    expectTypeOf<Extract<Any, { readonly _tag: 'ValidationFailedError' }>>().toEqualTypeOf<ValidationFailedError>();
    const read = (error: Any): unknown => {
      switch (error._tag) {
        case 'AWSConnectionError':
          return error.requestId;
        case 'ConfigurationError':
          return error.faults;
        case 'InvalidMessageError':
          return error.reason;
        case 'ValidationFailedError':
          return error.paths;
        case 'MessageProcessingError':
        case 'OverflowError':
        case 'SubscriptionNotFoundError':
          return error.messageId;
      }
    };
    expectTypeOf(read).parameter(0).toEqualTypeOf<Any>();
  });

  it('are made by the library, but for those that say what is wrong', () => {
    expectTypeOf<MessagingError['_tag']>().toBeString();
    // @ts-expect-error -- a base only
    type Instance = InstanceType<typeof MessagingError>;
    expectTypeOf<Instance>().not.toBeNever();
  });
});
