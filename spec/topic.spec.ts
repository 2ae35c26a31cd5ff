import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type FifoTopicOptions, fifoTopic, type Topic, topic, type TopicOptions } from '../src/topic.js';
import { faultsThrownBy } from './helpers/thrown.js';

const User = t.type({ id: t.string });
const group = { groupId: () => 'a' };

const EXPECTED_FUNCTION = 'expected a function of the value';
const DEDUPLICATION = 'deduplicationId: expected it, or `contentBasedDeduplication: true`';

/** Options as they come from where no compiler looked. */
const loose = (options: unknown) => options as TopicOptions<string> & FifoTopicOptions<string>;
const faults = (options: unknown) => faultsThrownBy(() => topic('users', t.string, loose(options)));
const fifoFaults = (options: unknown) => faultsThrownBy(() => fifoTopic('users', t.string, loose(options)));

describe('topic', () => {
  it('is a name and a codec', () => {
    expect(topic('users', User)).to.deep.equal({
      name: 'users',
      kind: 'standard',
      codec: User,
      contentBasedDeduplication: false,
    });
  });

  it('keeps what its options say', () => {
    const options = {
      groupId: () => 'a',
      attributes: () => ({ a: 1 }),
      subject: () => 'About',
      maxMessageBytes: 1_048_576,
    };
    expect(topic('users', User, options)).to.include({ name: 'users', kind: 'standard', ...options });
  });

  it('can not be renamed, nor made FIFO, by its options', () => {
    const odd = loose({ name: 'x', kind: 'fifo', codec: t.number, contentBasedDeduplication: false });
    expect(topic('users', t.string, odd)).to.include({ name: 'users', kind: 'standard', codec: t.string });
  });

  it('takes the codec of another copy of io-ts, or of another make', () => {
    const { name, is, validate, encode, decode } = t.string;
    const foreign = { name, is, validate, encode, decode } as unknown as t.Type<string>;
    expect(topic('users', foreign).codec).to.equal(foreign);
  });

  describe('of several types', () => {
    const Account = topic('account', { 'user.created': User, 'user.deleted': t.type({ at: t.number }) });

    it('knows them, and has the codec of their tagged union', () => {
      expect(Account.types).to.deep.equal(['user.created', 'user.deleted']);
      expect(Account.codec.name).to.equal('(user.created | user.deleted)');
      const event = { type: 'user.deleted', data: { at: 1 } };
      expect(Account.codec.decode(event)).to.deep.equal(E.right(event));
      expect(Account.codec.is(event)).to.equal(true);
      expect(Account.codec.is({ type: 'user.created', data: { at: 1 } })).to.equal(false);
      expect(Account.codec.is({ type: 'user.renamed', data: { at: 1 } })).to.equal(false);
    });

    it('may be one', () => {
      const One = topic('account', { 'user.created': User });
      expect(One.types).to.deep.equal(['user.created']);
      expect(One.codec.is({ type: 'user.created', data: { id: 'a' } })).to.equal(true);
      expect(One.codec.is({ type: 'user.deleted', data: { id: 'a' } })).to.equal(false);
    });

    it('may have the names of what every object has', () => {
      const Odd = topic('odd', { decode: t.string, toString: t.number });
      expect(Odd.types).to.deep.equal(['decode', 'toString']);
      expect(Odd.codec.is({ type: 'toString', data: 1 })).to.equal(true);
    });

    it('may be FIFO', () => {
      const Fifo = fifoTopic(
        'account',
        { a: User },
        { groupId: ({ data }) => data.id, contentBasedDeduplication: true },
      );
      expect(Fifo).to.include({ kind: 'fifo', contentBasedDeduplication: true });
      expect(Fifo.types).to.deep.equal(['a']);
      expect(Fifo.groupId?.({ type: 'a', data: { id: 'ada' } })).to.equal('ada');
    });

    it('has at least one, of characters that an attribute takes', () => {
      expect(faultsThrownBy(() => topic('account', {}))).to.deep.equal([
        'topic codecs: expected at least one event type',
      ]);
      for (const type of ['', '\uFFFE', '\uD800', 'a\0']) {
        expect(faultsThrownBy(() => topic('account', { fine: User, [type]: User }))).to.deep.equal([
          'topic codecs: expected event types of characters that a message attribute takes',
        ]);
      }
    });
  });

  it('has an io-ts codec, or an object of them', () => {
    for (const codec of [undefined, null, 'string', () => 'a', { fine: User, odd: undefined }, { odd: {} }]) {
      expect(faultsThrownBy(() => topic('users', codec as unknown as typeof User))).to.deep.equal([
        'topic codec: expected an io-ts codec, or an object of one for each event type',
      ]);
    }
  });

  it('has a name of letters, digits, `-` and `_`', () => {
    for (const name of ['a', 'A-b_9', '-', 'x'.repeat(300)]) expect(topic(name, User).name).to.equal(name);
    // As of an environment variable that is not set.
    const missing = undefined as unknown as string;
    for (const name of ['', 'a b', 'a.b', 'orders.fifo', 'é', 'a\n', 'arn:aws:sns:x', missing]) {
      expect(faultsThrownBy(() => topic(name, User))).to.deep.equal([
        'topic name: expected letters, digits, `-` and `_` only',
      ]);
    }
  });

  it('has bytes from 1 to what SQS takes', () => {
    for (const maxMessageBytes of [1, 262_144, 1_048_576, undefined])
      expect(faults({ maxMessageBytes })).to.deep.equal([]);
    for (const maxMessageBytes of [0, -1, 1.5, 1_048_577, NaN, Infinity, '1024', null]) {
      expect(faults({ maxMessageBytes })).to.deep.equal(['maxMessageBytes: expected a whole number from 1 to 1048576']);
    }
  });

  it('has functions where it says something of a value', () => {
    for (const name of ['groupId', 'attributes', 'subject']) {
      expect(faults({ [name]: undefined })).to.deep.equal([]);
      for (const odd of ['id', {}, null])
        expect(faults({ [name]: odd })).to.deep.equal([`${name}: ${EXPECTED_FUNCTION}`]);
    }
  });

  it('has no deduplication', () => {
    const message = 'a standard topic has no deduplication; fifoTopic has';
    expect(faults({ deduplicationId: () => 'a' })).to.deep.equal([`deduplicationId: ${message}`]);
    expect(faults({ contentBasedDeduplication: true })).to.deep.equal([`contentBasedDeduplication: ${message}`]);
    expect(faults({ contentBasedDeduplication: false })).to.deep.equal([]);
  });

  it('lists every fault at once', () => {
    const options = loose({ groupId: 'a', attributes: {}, maxMessageBytes: 0 });
    expect(faultsThrownBy(() => topic('a b', {}, options as object))).to.deep.equal([
      'topic name: expected letters, digits, `-` and `_` only',
      'topic codecs: expected at least one event type',
      `groupId: ${EXPECTED_FUNCTION}`,
      `attributes: ${EXPECTED_FUNCTION}`,
      'maxMessageBytes: expected a whole number from 1 to 1048576',
    ]);
  });
});

describe('fifoTopic', () => {
  it('has a group, and a deduplication id or deduplication by content', () => {
    const deduplicationId = () => 'b';
    expect(fifoTopic('orders', User, { ...group, deduplicationId })).to.deep.equal({
      name: 'orders',
      kind: 'fifo',
      codec: User,
      contentBasedDeduplication: false,
      ...group,
      deduplicationId,
    });
    expect(fifoTopic('orders', User, { ...group, contentBasedDeduplication: true })).to.include({
      kind: 'fifo',
      contentBasedDeduplication: true,
    });
  });

  it('is refused without a group, and without either way of deduplication', () => {
    expect(fifoFaults({ contentBasedDeduplication: true })).to.deep.equal([`groupId: ${EXPECTED_FUNCTION}`]);
    expect(fifoFaults(group)).to.deep.equal([DEDUPLICATION]);
    expect(fifoFaults({ ...group, contentBasedDeduplication: false })).to.deep.equal([DEDUPLICATION]);
    expect(fifoFaults({ ...group, contentBasedDeduplication: 'true' })).to.deep.equal([DEDUPLICATION]);
    const none = [`groupId: ${EXPECTED_FUNCTION}`, DEDUPLICATION];
    expect(fifoFaults({})).to.deep.equal(none);
    expect(fifoFaults(undefined)).to.deep.equal(none);
  });

  it('is refused as a topic is', () => {
    expect(fifoFaults({ groupId: 'a', deduplicationId: 'b', maxMessageBytes: 0 })).to.deep.equal([
      `groupId: ${EXPECTED_FUNCTION}`,
      `deduplicationId: ${EXPECTED_FUNCTION}`,
      'maxMessageBytes: expected a whole number from 1 to 1048576',
    ]);
  });

  it('takes what is undefined for what is not given', () => {
    const options = { ...group, deduplicationId: () => 'b', contentBasedDeduplication: undefined };
    const loosely = fifoTopic as (name: string, codec: typeof User, options: object) => Topic<unknown>;
    expect(loosely('orders', User, options).contentBasedDeduplication).to.equal(false);
  });
});
