import { expect } from 'chai';
import type { Attributes } from '../../src/client/client.js';
import type { BrokerQueue } from '../../src/testing/brokerQueue.js';
import { type BrokerTopic, createBrokerTopic } from '../../src/testing/brokerTopic.js';
import { createIdentifiers } from '../../src/testing/identifiers.js';
import { brokerQueue, entryOf, refusalOf } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

const POLICY = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}';
const RAW = { RawMessageDelivery: 'true' };

function brokerTopic(name = 'users', attributes: Attributes = {}): BrokerTopic & { readonly told: string[] } {
  const told: string[] = [];
  const topic = createBrokerTopic({
    arn: `arn:aws:sns:eu-west-1:123456789012:${name}`,
    attributes,
    ids: createIdentifiers(),
    onPublished: ({ entry }) => told.push(entry.body),
  });
  return { ...topic, told };
}
const openQueue = (name = 'q', attributes: Attributes = {}): BrokerQueue =>
  brokerQueue(name, { Policy: POLICY, ...attributes });
const bodies = ({ messages }: BrokerQueue): readonly string[] => messages.map(({ body }) => body);

describe('brokerTopic', () => {
  it('delivers to every queue whose filter and policy let it, raw or in an envelope', () => {
    const topic = brokerTopic();
    const [raw, wrapped, closed, filtered] = [openQueue('a'), openQueue('b'), brokerQueue('c'), openQueue('d')];
    topic.subscribe(raw, RAW);
    topic.subscribe(wrapped, {});
    topic.subscribe(closed, RAW);
    topic.subscribe(filtered, { ...RAW, FilterPolicy: '{"a":["x"]}', FilterPolicyScope: 'MessageAttributes' });
    const a = { dataType: 'String', stringValue: 'y' };
    const { messageId } = topic.publish(entryOf('hello', { attributes: { a }, groupId: 'tenant' }));
    expect([raw, closed, filtered].map(bodies)).to.deep.equal([['hello'], [], []]);
    expect(raw.messages[0]).to.deep.include({ attributes: { a }, groupId: 'tenant' });
    expect(wrapped.messages[0]?.attributes).to.deep.equal({});
    expect(JSON.parse(bodies(wrapped)[0] ?? '')).to.deep.include({ MessageId: messageId, Message: 'hello' });
    topic.publish(entryOf('x', { attributes: { a: { ...a, stringValue: 'x' } } }));
    expect(bodies(filtered)).to.deep.equal(['x']);
    expect(topic.told).to.deep.equal(['hello', 'x']);
  });

  it('drops in silence more than ten attributes where delivery is raw, and what the queue does not take', () => {
    const topic = brokerTopic();
    const [raw, wrapped, small] = [openQueue('a'), openQueue('b'), openQueue('c', { MaximumMessageSize: '1024' })];
    topic.subscribe(raw, RAW);
    topic.subscribe(wrapped, {});
    topic.subscribe(small, {});
    const attribute = { dataType: 'String', stringValue: 'x' };
    const attributes = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, attribute]));
    expect(topic.faultOf(entryOf('many', { attributes }))).to.equal(undefined);
    topic.publish(entryOf('many', { attributes }));
    // By itself it would fit.
    topic.publish(entryOf('x'.repeat(1_000)));
    expect([raw, wrapped, small].map((queue) => queue.messages.length)).to.deep.equal([1, 2, 1]);
    expect(bodies(small)[0]).to.include('many');
  });

  it('refuses what SNS does', () => {
    expect(brokerTopic().faultOf(entryOf(''))).to.equal('InvalidParameter');
    expect(brokerTopic().faultOf(entryOf('x'.repeat(262_144)))).to.equal(undefined);
    expect(brokerTopic().faultOf(entryOf('x'.repeat(262_145)))).to.equal('InvalidParameter');
    const content = { ContentBasedDeduplication: 'true' };
    expect(brokerTopic('t.fifo').faultOf(entryOf('a', { groupId: 'g' }))).to.equal('InvalidParameter');
    expect(brokerTopic('t.fifo', content).faultOf(entryOf('a', { groupId: 'g' }))).to.equal(undefined);
  });

  it('FIFO: takes a message once in five minutes, by its id or its content', () => {
    marbles((m) => {
      const topic = brokerTopic('t.fifo', { ContentBasedDeduplication: 'true' });
      const [queue, standard] = [openQueue('q.fifo'), openQueue('q')];
      topic.subscribe(queue, RAW);
      topic.subscribe(standard, RAW);
      const first = topic.publish(entryOf('a', { groupId: 'g' }));
      expect(topic.publish(entryOf('a', { groupId: 'h' }))).to.deep.equal(first);
      topic.publish(entryOf('a', { groupId: 'g', deduplicationId: 'other' }));
      expect(bodies(queue)).to.deep.equal(['a', 'a']);
      expect(standard.messages[0]?.deduplicationId).to.equal(undefined);
      expect(queue.messages[1]?.deduplicationId).to.equal('other');
      at(m, 300_000, () => {
        expect(topic.publish(entryOf('a', { groupId: 'g' })).sequenceNumber).not.to.equal(first.sequenceNumber);
        expect(bodies(queue)).to.deep.equal(['a', 'a', 'a']);
      });
    });
  });

  it('standard: takes every message', () => {
    const topic = brokerTopic();
    expect(topic.publish(entryOf('a'))).not.to.deep.equal(topic.publish(entryOf('a')));
    expect(topic.publish(entryOf('a')).sequenceNumber).to.equal(undefined);
  });

  it('feeds FIFO queues from FIFO topics only', () => {
    expect(refusalOf(() => brokerTopic().subscribe(openQueue('q.fifo'), {}))).to.equal('InvalidParameterException');
  });

  it('subscribes a queue once; with other attributes not again', () => {
    const topic = brokerTopic();
    const queue = openQueue();
    const subscription = topic.subscribe(queue, RAW);
    expect(topic.subscribe(queue, RAW)).to.equal(subscription);
    expect(topic.subscribe(queue, {})).to.equal(subscription);
    expect(refusalOf(() => topic.subscribe(queue, { RawMessageDelivery: 'false' }))).to.equal(
      'InvalidParameterException',
    );
    topic.publish(entryOf('a'));
    expect(bodies(queue)).to.deep.equal(['a']);
  });

  it('makes no subscription of attributes that can not be', () => {
    const topic = brokerTopic();
    const queue = openQueue();
    for (const given of [
      { RawMessageDelivery: 'yes' },
      { Nonsense: 'x' },
      { FilterPolicyScope: 'Body' },
      { FilterPolicy: '[]' },
    ]) {
      expect(
        refusalOf(() => topic.subscribe(queue, given)),
        JSON.stringify(given),
      ).to.equal('InvalidParameterException');
    }
    expect(() => topic.subscribe(queue, { FilterPolicyScope: 'MessageBody' })).to.throw(
      'the test broker filters by message attributes only',
    );
    topic.publish(entryOf('a'));
    expect(bodies(queue)).to.deep.equal([]);
  });

  it('changes a filter, and takes it away by an empty text', () => {
    const topic = brokerTopic();
    const queue = openQueue();
    const subscription = topic.subscribe(queue, RAW);
    subscription.setAttribute('FilterPolicy', '{"a":[{"exists":true}]}');
    expect(subscription.attributes()).to.deep.equal({ ...RAW, FilterPolicy: '{"a":[{"exists":true}]}' });
    topic.publish(entryOf('filtered'));
    subscription.setAttribute('FilterPolicy', '');
    topic.publish(entryOf('let through'));
    expect(bodies(queue)).to.deep.equal(['let through']);
  });
});
