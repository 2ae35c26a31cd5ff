import { expect } from 'chai';
import fc from 'fast-check';
import * as t from 'io-ts';
import { ConfigurationError } from '../../src/errors.js';
import { fifoTopic, type Topic, topic } from '../../src/topic.js';
import { deadLetterQueueName, isQueueName, isTopicName, queueName, topicName } from '../../src/topology/names.js';
import { fakeSettings } from '../helpers/fakeClient.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const users = topic('users', t.string);
const orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });
const unserviced = { ...fakeSettings, service: undefined };

describe('names', () => {
  it('are made of environment, topic and service, `.fifo` last', () => {
    expect(topicName(fakeSettings, users)).to.equal('dev-users');
    expect(topicName(fakeSettings, orders)).to.equal('dev-orders.fifo');
    expect(queueName(fakeSettings, users)).to.equal('dev-users-billing-queue');
    expect(queueName(fakeSettings, orders)).to.equal('dev-orders-billing-queue.fifo');
    expect(queueName(unserviced, users)).to.equal('dev-users-queue');
    expect(queueName(unserviced, orders)).to.equal('dev-orders-queue.fifo');
    expect(deadLetterQueueName('dev-users-queue')).to.equal('dev-users-queue-dlq');
    expect(deadLetterQueueName('dev-orders-queue.fifo')).to.equal('dev-orders-queue-dlq.fifo');
  });

  it('come from the maps where these have them: a name, an ARN, a URL', () => {
    const topicMap = { users: 'legacy', orders: 'arn:aws:sns:eu-west-1:123456789012:o.fifo' };
    const queueMap = { users: 'https://sqs.eu-west-1.amazonaws.com/123456789012/u', orders: 'o.fifo' };
    const settings = { ...fakeSettings, topicMap, queueMap };
    expect(topicName(settings, users)).to.equal('legacy');
    expect(topicName(settings, orders)).to.equal('o.fifo');
    expect(queueName(settings, users)).to.equal('u');
    expect(queueName(settings, orders)).to.equal('o.fifo');
    expect(topicName(settings, topic('others', t.string))).to.equal('dev-others');
  });

  it('of a topic that is called like a property of every object are made as any other', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(topicName(fakeSettings, topic(name, t.string))).to.equal(`dev-${name}`);
      expect(queueName(fakeSettings, topic(name, t.string))).to.equal(`dev-${name}-billing-queue`);
    }
  });

  it('are refused when they are too long, naming the topic and the rule', () => {
    const name = 'x'.repeat(253);
    expect(topicName(fakeSettings, topic(name.slice(1), t.string))).to.have.length(256);
    expect(faultsThrownBy(() => topicName(fakeSettings, topic(name, t.string)))).to.deep.equal([
      `topic name of ${name}: dev-${name}: expected at most 256 characters, it has 257`,
    ]);
    const queue = 'x'.repeat(63);
    expect(queueName(fakeSettings, topic(queue.slice(1), t.string))).to.have.length(80);
    expect(faultsThrownBy(() => queueName(fakeSettings, topic(queue, t.string)))).to.deep.equal([
      `queue name of ${queue}: dev-${queue}-billing-queue: expected at most 80 characters, it has 81`,
    ]);
    const queueOfLongDlq = 'x'.repeat(77);
    expect(deadLetterQueueName(queueOfLongDlq.slice(1))).to.have.length(80);
    expect(faultsThrownBy(() => deadLetterQueueName(queueOfLongDlq))).to.deep.equal([
      `dead-letter queue of ${queueOfLongDlq}: ${queueOfLongDlq}-dlq: expected at most 80 characters, it has 81`,
    ]);
  });

  it('count `.fifo` in', () => {
    const options = { groupId: (id: string) => id, contentBasedDeduplication: true } as const;
    const name = 'x'.repeat(58);
    expect(queueName(fakeSettings, fifoTopic(name.slice(1), t.string, options))).to.have.length(80);
    expect(() => queueName(fakeSettings, fifoTopic(name, t.string, options))).to.throw(ConfigurationError);
  });

  it('are refused when AWS does not take their characters', () => {
    const odd: Topic<string> = { ...users, name: 'us.ers é' };
    expect(faultsThrownBy(() => topicName(fakeSettings, odd))).to.deep.equal([
      'topic name of us.ers é: dev-us.ers é: expected letters, digits, `-` and `_` only',
    ]);
    expect(faultsThrownBy(() => queueName({ ...fakeSettings, environment: 'dev.eu' }, users))).to.deep.equal([
      'queue name of users: dev.eu-users-billing-queue: expected letters, digits, `-` and `_` only',
    ]);
  });

  it('from the maps end in `.fifo` if and only if the topic is FIFO', () => {
    const maps = { users: 'u.fifo', orders: 'o' };
    const settings = { ...fakeSettings, topicMap: maps, queueMap: maps };
    const fifo = 'expected `.fifo` at its end, the topic is FIFO';
    const standard = 'expected no `.fifo`, the topic is not FIFO';
    expect(faultsThrownBy(() => topicName(settings, users))).to.deep.equal([
      `topic name of users: u.fifo: ${standard}`,
    ]);
    expect(faultsThrownBy(() => topicName(settings, orders))).to.deep.equal([`topic name of orders: o: ${fifo}`]);
    expect(faultsThrownBy(() => queueName(settings, users))).to.deep.equal([
      `queue name of users: u.fifo: ${standard}`,
    ]);
    expect(faultsThrownBy(() => queueName(settings, orders))).to.deep.equal([`queue name of orders: o: ${fifo}`]);
  });

  it('say which topic they are of', () => {
    expect(() => queueName({ ...fakeSettings, environment: '?' }, users))
      .to.throw(ConfigurationError)
      .with.property('topic', 'users');
    expect(() => deadLetterQueueName('x'.repeat(80)))
      .to.throw(ConfigurationError)
      .with.property('queue', 'x'.repeat(80));
  });

  it('are always such as AWS takes, or refused', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
    fc.assert(
      fc.property(
        part,
        part,
        fc.option(part, { nil: undefined }),
        fc.boolean(),
        (environment, name, service, isFifo) => {
          const settings = { ...fakeSettings, environment, service };
          const subject: Topic<string> = { ...users, name, kind: isFifo ? 'fifo' : 'standard' };
          try {
            const queue = queueName(settings, subject);
            expect(queue).to.match(isFifo ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/);
            expect(deadLetterQueueName(queue)).to.match(isFifo ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/);
          } catch (error) {
            expect(error).to.be.instanceOf(ConfigurationError);
          }
          expect(topicName(settings, subject)).to.match(/^[\w-]{1,251}(\.fifo)?$/);
        },
      ),
    );
  });

  it('can be checked without a topic', () => {
    expect(['a', 'x'.repeat(256), 'a.fifo'].map(isTopicName)).to.deep.equal([true, true, true]);
    expect(['', 'x'.repeat(257), 'a.fifo.fifo', 'a.b', 'a b', '.fifo', 'a\n'].some(isTopicName)).to.equal(false);
    expect(['a', 'x'.repeat(80), `${'x'.repeat(75)}.fifo`].map(isQueueName)).to.deep.equal([true, true, true]);
    expect(['', 'x'.repeat(81), `${'x'.repeat(76)}.fifo`, 'ä'].some(isQueueName)).to.equal(false);
  });
});
