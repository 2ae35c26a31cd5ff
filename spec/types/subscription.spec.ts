/** Guards: handlers that need not be exhaustive, so that a new event type goes to the dead-letter queue unnoticed. */
import { expectTypeOf } from 'expect-type';
import * as t from 'io-ts';
import { type Observable, type ObservableInput, of } from 'rxjs';
import {
  ackMap,
  fromTopic,
  type HandlerContext,
  type Handlers,
  type Message,
  type Outcome,
  route,
  subscribe,
  topic,
} from '../../src/index.js';
import { fakeClient } from '../helpers/fakeClient.js';

const Account = topic('account', { created: t.type({ id: t.string }), deleted: t.type({ at: t.number }) });
interface Created {
  readonly type: 'created';
  readonly data: { id: string };
}
interface Deleted {
  readonly type: 'deleted';
  readonly data: { at: number };
}
type Event = Created | Deleted;

const { client } = fakeClient({});
const created = () => of(1);
const deleted = () => Promise.resolve();

/** Never called: what is in it only has to compile. */
const uncalled = (_: () => unknown) => undefined;

describe('types: subscribe', () => {
  it('gives each handler the data of its type, and tells outcomes', () => {
    const outcomes = subscribe(client, Account, {
      created: (data, message) => {
        expectTypeOf(data).toEqualTypeOf<{ id: string }>();
        expectTypeOf(message).toExtend<Message<Event>>();
      },
      deleted: async (data) => {
        expectTypeOf(data).toEqualTypeOf<{ at: number }>();
        await Promise.resolve();
      },
    });
    expectTypeOf(outcomes).toEqualTypeOf<Observable<Outcome>>();
  });

  it('has a handler for each type and for no other', () => {
    void subscribe(client, Account, { created, deleted });
    // @ts-expect-error -- `deleted` is missing
    void subscribe(client, Account, { created });
    // @ts-expect-error -- no such type
    void subscribe(client, Account, { created, deleted, renamed: created });
    // @ts-expect-error -- nothing says when it is done
    void subscribe(client, Account, { created, deleted: () => 7 });
    // @ts-expect-error -- data of another type
    void subscribe(client, Account, { created, deleted: (data: { id: string }) => of(data) });
  });

  it('is for topics of several types', () => {
    // @ts-expect-error -- its values have no type
    uncalled(() => subscribe(client, topic('users', t.string), {}));
  });
});

describe('types: route', () => {
  it('is a project function for ackMap', () => {
    expectTypeOf(route<Event>({ created, deleted })).toEqualTypeOf<
      (event: Event, message: Message<Event>, context: HandlerContext) => ObservableInput<unknown>
    >();
  });

  it('finds its types where it stands', () => {
    void fromTopic(client, Account).pipe(
      ackMap(
        route({
          created: (data) => {
            expectTypeOf(data).toEqualTypeOf<{ id: string }>();
          },
          deleted,
        }),
      ),
    );
  });

  it('has a handler for each type and for no other', () => {
    expectTypeOf<keyof Handlers<Event>>().toEqualTypeOf<'created' | 'deleted'>();
    // @ts-expect-error -- `deleted` is missing
    route<Event>({ created });
    // @ts-expect-error -- no such type
    route<Event>({ created, deleted, renamed: created });
    // @ts-expect-error -- `deleted` is missing
    void fromTopic(client, Account).pipe(ackMap(route({ created })));
  });
});
