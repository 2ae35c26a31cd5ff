/** Guards: a producer that takes values its topic's codec doesn't have, or results that lose the value's type. */
import { expectTypeOf } from 'expect-type';
import type { Either } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Observable, type Observer, of, type OperatorFunction } from 'rxjs';
import { Readable } from 'node:stream';
import {
  type MessagingError,
  publishEvent,
  type PublishFailure,
  publishFrom,
  type PublishResult,
  publishTo,
  type Receipt,
  topic,
  toTopic,
  type TopicSubject,
} from '../../src/index.js';
import { fakeClient } from '../helpers/fakeClient.js';

const User = t.type({ id: t.string });
interface User {
  id: string;
}
const Users = topic('users', User);
const Account = topic('account', { created: User, deleted: t.type({ at: t.number }) });
const { client } = fakeClient({});

/** Never called: what is in it only has to compile. */
const uncalled = (_: () => unknown) => undefined;

describe('types: toTopic', () => {
  it('is an Observer of values and an Observable of their results', () => {
    const users = toTopic(client, Users);
    expectTypeOf(users).toEqualTypeOf<TopicSubject<User>>();
    expectTypeOf(users).toExtend<Observer<User>>();
    expectTypeOf(users).toExtend<Observable<PublishResult<User>>>();
    expectTypeOf(users.next).parameters.toEqualTypeOf<[value: User]>();
    // @ts-expect-error -- not a value of the topic
    uncalled(() => users.next({ id: 7 }));
  });

  it('takes the events of a topic of several types', () => {
    uncalled(() => toTopic(client, Account).next({ type: 'created', data: { id: 'a' } }));
    // @ts-expect-error -- data of another type
    uncalled(() => toTopic(client, Account).next({ type: 'deleted', data: { id: 'a' } }));
    // @ts-expect-error -- no such type
    uncalled(() => toTopic(client, Account).next({ type: 'renamed', data: { id: 'a' } }));
  });

  it('has no option that it does not know', () => {
    // @ts-expect-error -- that is one of publishTo
    uncalled(() => toTopic(client, Users, { stopOnError: true }));
  });
});

describe('types: TopicSubject', () => {
  it('says why a value that was offered is refused, and when it is drained', () => {
    const users = toTopic(client, Users);
    expectTypeOf(users.offer).toEqualTypeOf<(value: User) => PublishFailure<User> | undefined>();
    expectTypeOf(users.drained$).toEqualTypeOf<Observable<void>>();
    // @ts-expect-error -- not a value of the topic
    uncalled(() => users.offer({ id: 7 }));
  });
});

describe('types: publishFrom', () => {
  it('takes whatever can be iterated, and tells the results of its values', () => {
    uncalled(() => {
      expectTypeOf(publishFrom(client, Users, [{ id: 'a' }])).toEqualTypeOf<Observable<PublishResult<User>>>();
      function* users() {
        yield { id: 'a' };
      }
      async function* later() {
        await Promise.resolve();
        yield* users();
      }
      void publishFrom(client, Users, users(), { stopOnError: true, maxPending: 1 });
      void publishFrom(client, Users, later());
      void publishFrom(client, Users, new Set([{ id: 'a' }]));
      // A stream of any values: the codec looks at each.
      void publishFrom(client, Users, Readable.from([{ id: 'a' }]));
      void publishFrom(client, Account, [{ type: 'created', data: { id: 'a' } }]);
      // @ts-expect-error -- not values of the topic
      void publishFrom(client, Users, [{ id: 7 }]);
      // @ts-expect-error -- data of another type
      void publishFrom(client, Account, [{ type: 'deleted', data: { id: 'a' } }]);
      // @ts-expect-error -- an Observable is pushed, not pulled
      void publishFrom(client, Users, of({ id: 'a' }));
    });
  });
});

describe('types: publishTo', () => {
  it('is an operator from values to their results', () => {
    expectTypeOf(publishTo(client, Users)).toEqualTypeOf<OperatorFunction<User, PublishResult<User>>>();
    expectTypeOf(publishTo(client, Users, { stopOnError: true, maxRequests: 1 })).toEqualTypeOf<
      OperatorFunction<User, PublishResult<User>>
    >();
  });

  it('has results that carry the value, published or not', () => {
    expectTypeOf<PublishResult<User>>().toEqualTypeOf<Either<PublishFailure<User>, Receipt<User>>>();
    expectTypeOf<Receipt<User>['value']>().toEqualTypeOf<User>();
    expectTypeOf<PublishFailure<User>['value']>().toEqualTypeOf<User>();
    expectTypeOf<PublishFailure<User>['error']>().toEqualTypeOf<MessagingError>();
    expectTypeOf<PublishFailure<User>['outcomeUnknown']>().toEqualTypeOf<boolean>();
  });
});

describe('types: publishEvent', () => {
  it('takes literals where the topic has literals, and pairs where it has pairs', () => {
    const Same = topic('same', { made: User, gone: User });
    const Kind = topic('kind', t.type({ kind: t.keyof({ a: null, b: null }) }));
    const Pair = topic('pair', t.tuple([t.string, t.number]));
    uncalled(() => publishEvent(client, Same, { type: 'made', data: { id: 'a' } }));
    uncalled(() => publishEvent(client, Kind, { kind: 'a' }));
    uncalled(() => publishEvent(client, Pair, ['a', 1]));
    // @ts-expect-error -- no such kind
    uncalled(() => publishEvent(client, Kind, { kind: 'c' }));
  });

  it('promises a receipt of the value', () => {
    uncalled(() => {
      expectTypeOf(publishEvent(client, Users, { id: 'a' })).toEqualTypeOf<Promise<Receipt<User>>>();
      expectTypeOf(publishEvent(client, Account, { type: 'deleted', data: { at: 1 } })).resolves.toHaveProperty(
        'value',
      );
      // @ts-expect-error -- not a value of the topic
      void publishEvent(client, Users, { id: 7 });
      // @ts-expect-error -- data of another type
      void publishEvent(client, Account, { type: 'deleted', data: { id: 'a' } });
    });
  });
});
