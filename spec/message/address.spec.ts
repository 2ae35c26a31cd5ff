import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { InvalidMessageError } from '../../src/errors.js';
import { addressOf } from '../../src/message/address.js';
import { fifoTopic, type Topic, topic, type TopicOptions } from '../../src/topic.js';

const CONTEXT = { topic: 'words' };
const ID = 'expected 1 to 128 letters, digits and punctuation characters';
const SUBJECT = 'expected 1 to 99 ASCII characters, no line breaks and no blank at the start';

// As JSON, for chai compares no more of an error than name and message; a cause would be told too.
const addressed = <A>(from: Topic<A>, value: A) =>
  E.mapLeft((error: InvalidMessageError) => error.toJSON())(addressOf(from, value, CONTEXT));
const of = (options: TopicOptions<string>) => addressed(topic('words', t.string, options), 'SECRET');
const refused = (reason: string, expected: string) =>
  E.left(new InvalidMessageError(reason, `${reason}: ${expected}`, CONTEXT).toJSON());

describe('addressOf', () => {
  it('is empty where the topic says nothing', () => {
    expect(of({})).to.deep.equal(E.right({}));
  });

  it('has what the functions of the topic say of the value', () => {
    const Orders = fifoTopic('orders', t.type({ id: t.string, customer: t.string }), {
      groupId: ({ customer }) => customer,
      deduplicationId: ({ id }) => id,
      subject: ({ id }) => `Order ${id}`,
    });
    expect(addressed(Orders, { id: '7', customer: 'ada' })).to.deep.equal(
      E.right({ groupId: 'ada', deduplicationId: '7', subject: 'Order 7' }),
    );
  });

  it('takes ids of 1 to 128 visible ASCII characters', () => {
    for (const id of ['a', '!~', 'x'.repeat(128)]) {
      expect(of({ groupId: () => id })).to.deep.equal(E.right({ groupId: id }));
    }
    for (const id of ['', 'x'.repeat(129), 'a b', 'a\n', '\x7F', 'é', '\uD800']) {
      expect(of({ groupId: () => id })).to.deep.equal(refused('groupId', ID));
    }
  });

  it('takes subjects of 1 to 99 ASCII characters, blanks not first', () => {
    for (const subject of ['a', 'About it ', 'x'.repeat(99)]) {
      expect(of({ subject: () => subject })).to.deep.equal(E.right({ subject }));
    }
    for (const subject of ['', ' a', 'x'.repeat(100), 'a\nb', 'a\n', 'a\tb', 'é', '\uFFFE']) {
      expect(of({ subject: () => subject })).to.deep.equal(refused('subject', SUBJECT));
    }
  });

  it('takes deduplication ids as it takes group ids', () => {
    const Orders = fifoTopic('orders', t.string, { groupId: () => 'a', deduplicationId: (order) => order });
    expect(addressed(Orders, 'a b')).to.deep.equal(refused('deduplicationId', ID));
  });

  it('refuses what is no text', () => {
    for (const odd of [undefined, null, 7, ['a'], new String('a')]) {
      expect(of({ groupId: () => odd as unknown as string })).to.deep.equal(refused('groupId', ID));
    }
  });

  it('refuses where a function throws, and keeps nothing of what it threw', () => {
    const subject = (value: string): never => {
      throw new Error(value);
    };
    expect(of({ subject })).to.deep.equal(refused('subject', 'the function of the topic threw'));
  });
});
