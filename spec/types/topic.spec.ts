/** Guards: a topic that loses its value type, so that every publisher and consumer of it takes `unknown` or `any`. */
import { expect } from 'chai';
import { expectTypeOf } from 'expect-type';
import * as t from 'io-ts';
import {
  type AnyTopic,
  type EventOf,
  fifoTopic,
  type FifoTopicOptions,
  iamPolicy,
  type provision,
  type redrive,
  type Topic,
  topic,
  type TopicValue,
} from '../../src/index.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const IsoDate = new t.Type<Date, string>(
  'IsoDate',
  (_): _ is Date => true,
  t.failure,
  (date) => date.toISOString(),
);
const User = t.type({ id: t.string, born: IsoDate });
interface User {
  id: string;
  born: Date;
}
const config = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'SECRET' },
  environment: 'dev',
  accountId: '123456789012',
};
const codecs = { 'user.created': User, 'user.deleted': t.type({ id: t.string }) };
type Account =
  | { readonly type: 'user.created'; readonly data: User }
  | { readonly type: 'user.deleted'; readonly data: { id: string } };

describe('types: topic', () => {
  it('has the value of its codec, not what travels', () => {
    expectTypeOf(topic('users', User)).toEqualTypeOf<Topic<User>>();
    expectTypeOf<TopicValue<Topic<User>>>().toEqualTypeOf<User>();
    expectTypeOf<TopicValue<string>>().toEqualTypeOf<never>();
  });

  it('of several types has their tagged union', () => {
    const Accounts = topic('account', codecs);
    expectTypeOf(Accounts).toEqualTypeOf<Topic<Account>>();
    expectTypeOf<TopicValue<typeof Accounts>>().toEqualTypeOf<Account>();
    expectTypeOf<EventOf<typeof codecs>>().toEqualTypeOf<Account>();
    expectTypeOf(topic('account', { 'user.created': User })).toEqualTypeOf<
      Topic<{ readonly type: 'user.created'; readonly data: User }>
    >();
  });

  it('gives its functions the value', () => {
    topic('users', User, {
      groupId: (user) => (expectTypeOf(user).toEqualTypeOf<User>(), user.id),
      attributes: (user) => ({ born: user.born.getTime(), id: user.id, bytes: new Uint8Array(1) }),
      subject: ({ id }) => id,
    });
    topic('account', codecs, {
      groupId: (event) => (expectTypeOf(event).toEqualTypeOf<Account>(), event.data.id),
    });
    // @ts-expect-error -- attributes are text, numbers or bytes
    topic('users', User, { attributes: () => ({ at: new Date(0) }) });
    // @ts-expect-error -- a group is text
    topic('users', User, { groupId: () => 7 });
    // @ts-expect-error -- a standard topic has no deduplication
    faultsThrownBy(() => topic('users', User, { deduplicationId: () => 'a' }));
    const options = { groupId: () => 'a', deduplicationId: () => 'a' };
    // @ts-expect-error -- nor where the options are no literal
    faultsThrownBy(() => topic('users', User, options));
    // @ts-expect-error -- a codec is no function of the value
    faultsThrownBy(() => topic('users', () => 'a'));
  });

  it('is any topic, whatever its values, to what needs its name only', () => {
    const Users = topic('users', User);
    const Accounts = topic('account', codecs);
    type Each = typeof Users | typeof Accounts;
    expectTypeOf<Each>().toExtend<AnyTopic>();
    expectTypeOf<Each>().toExtend<Parameters<typeof provision>[1]>();
    expectTypeOf<Each>().toExtend<Parameters<typeof redrive>[1]>();
    expect([Users, Accounts].map((each) => iamPolicy(config, each, 'producer'))).to.have.length(2);
  });

  it('can not be given out as the topic of another type', () => {
    expectTypeOf<Topic<User>>().not.toExtend<Topic<{ id: string }>>();
    expectTypeOf<Topic<{ id: string }>>().not.toExtend<Topic<User>>();
  });
});

describe('types: fifoTopic', () => {
  const groupId = ({ id }: { readonly id: string }): string => id;
  const deduplicationId = groupId;

  it('has the value of its codec', () => {
    const Users = fifoTopic('users', User, {
      groupId: (user) => (expectTypeOf(user).toEqualTypeOf<User>(), user.id),
      deduplicationId: (user) => (expectTypeOf(user).toEqualTypeOf<User>(), user.id),
    });
    expectTypeOf(Users).toEqualTypeOf<Topic<User>>();
    const Accounts = fifoTopic('account', codecs, { groupId: ({ data }) => data.id, contentBasedDeduplication: true });
    expectTypeOf(Accounts).toEqualTypeOf<Topic<Account>>();
  });

  it('has to say the group', () => {
    // @ts-expect-error -- without options
    faultsThrownBy(() => fifoTopic('users', User));
    // @ts-expect-error -- without a group
    faultsThrownBy(() => fifoTopic('users', User, { deduplicationId }));
    // @ts-expect-error -- without a group
    faultsThrownBy(() => fifoTopic('users', User, { contentBasedDeduplication: true }));
  });

  it('has to say one way of deduplication, and not both', () => {
    expectTypeOf({ groupId, deduplicationId }).toExtend<FifoTopicOptions<User>>();
    expectTypeOf({ groupId, contentBasedDeduplication: true as const }).toExtend<FifoTopicOptions<User>>();
    expectTypeOf({ groupId, deduplicationId, contentBasedDeduplication: false as const }).toExtend<
      FifoTopicOptions<User>
    >();
    // @ts-expect-error -- with neither
    faultsThrownBy(() => fifoTopic('users', User, { groupId }));
    // @ts-expect-error -- with neither
    faultsThrownBy(() => fifoTopic('users', User, { groupId, contentBasedDeduplication: false }));
    // @ts-expect-error -- with both
    fifoTopic('users', User, { groupId, deduplicationId, contentBasedDeduplication: true });
  });
});
