/** Guards: a consumer that loses the value's type on its way to the handler, or refuses a handler that works. */
import { expectTypeOf } from 'expect-type';
import * as t from 'io-ts';
import { type Observable, of, type OperatorFunction } from 'rxjs';
import {
  ack,
  ackMap,
  type AckMapOptions,
  fromTopic,
  type HandlerContext,
  type InvalidMessage,
  type Message,
  type MessagingError,
  runConsumer,
  type RunConsumerOptions,
  type Settlement,
  topic,
} from '../../src/index.js';
import { fakeClient } from '../helpers/fakeClient.js';

const User = t.type({ id: t.string });
interface User {
  id: string;
}
const Users = topic('users', User);
const { client } = fakeClient({});

/** Never called: what is in it only has to compile. */
const uncalled = (_: () => unknown) => undefined;

describe('types: fromTopic', () => {
  it('is an Observable of messages of the value', () => {
    expectTypeOf(fromTopic(client, Users)).toEqualTypeOf<Observable<Message<User>>>();
    expectTypeOf<Message<User>['value']>().toEqualTypeOf<User>();
    expectTypeOf<Message<User>['settle']>().toEqualTypeOf<(settlement: Settlement) => Observable<void>>();
  });

  it('asks onInvalid for a settlement, and stops by a signal or by anything that emits', () => {
    void fromTopic(client, Users, {
      onInvalid: (error, message) => {
        expectTypeOf(error).toEqualTypeOf<MessagingError>();
        expectTypeOf(message).toEqualTypeOf<InvalidMessage>();
        return ack;
      },
      stop: new AbortController().signal,
    });
    void fromTopic(client, Users, { stop: of(1) });
    void fromTopic(client, Users, { stop: Promise.resolve() });
    // @ts-expect-error -- that is no settlement
    uncalled(() => fromTopic(client, Users, { onInvalid: () => 'ack' }));
  });
});

describe('types: ackMap', () => {
  const handled = <R>(operator: OperatorFunction<Message<User>, R>) => operator;

  it('gives out what the work emits, whatever kind of ObservableInput it is', () => {
    expectTypeOf(handled(ackMap(() => of(1)))).toEqualTypeOf<OperatorFunction<Message<User>, number>>();
    expectTypeOf(handled(ackMap(() => Promise.resolve('a')))).toEqualTypeOf<OperatorFunction<Message<User>, string>>();
    expectTypeOf(handled(ackMap(() => [true]))).toEqualTypeOf<OperatorFunction<Message<User>, boolean>>();
    expectTypeOf(handled(ackMap(() => Promise.resolve()))).toEqualTypeOf<OperatorFunction<Message<User>, void>>();
  });

  it('gives the work the value and its message, without a word on types', () => {
    void fromTopic(client, Users).pipe(
      ackMap((user, message, context) => {
        expectTypeOf(context).toEqualTypeOf<HandlerContext>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(user).toEqualTypeOf<User>();
        expectTypeOf(message).toEqualTypeOf<Message<User>>();
        return of(user.id);
      }),
    );
  });

  it('asks onError for a settlement', () => {
    expectTypeOf<NonNullable<AckMapOptions<User>['onError']>>().toEqualTypeOf<
      (error: unknown, message: Message<User>) => Settlement
    >();
  });

  it('asks for work to wait for', () => {
    // @ts-expect-error -- nothing says when it is done
    uncalled(() => ackMap(() => undefined));
    // @ts-expect-error -- nothing says when it is done
    uncalled(() => ackMap(() => 7));
  });
});

describe('types: runConsumer', () => {
  it('takes a handler that returns nothing, a promise or an Observable', () => {
    uncalled(() => {
      const options: RunConsumerOptions<User> = { signal: new AbortController().signal, maxInFlight: 1, timeoutMs: 1 };
      expectTypeOf(runConsumer(client, Users, () => undefined, options)).toEqualTypeOf<Promise<void>>();
      void runConsumer(client, Users, async ({ id }) => Promise.resolve(id));
      void runConsumer(client, Users, (user, message) => {
        expectTypeOf(user).toEqualTypeOf<User>();
        expectTypeOf(message).toEqualTypeOf<Message<User>>();
        return of(1);
      });
    });
  });

  it('stops by its signal, and takes no `stop`', () => {
    // @ts-expect-error -- that is one of fromTopic
    uncalled(() => runConsumer(client, Users, () => undefined, { stop: of(1) }));
  });
});
