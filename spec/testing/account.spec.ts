import { expect } from 'chai';
import { type Account, createAccount } from '../../src/testing/account.js';
import { entryOf, refusalOf } from '../helpers/brokerQueues.js';

const account = (): Account =>
  createAccount({
    region: 'eu-west-1',
    accountId: '123456789012',
    liberties: { unordered: false, partialReceives: false, duplicates: 0, chance: () => 0 },
  });
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:users';
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:q';
const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
const POLICY = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}';
const redrivePolicy = (deadLetterTargetArn: string): string =>
  JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });

describe('account', () => {
  it('makes topics, the same name twice as one', () => {
    const { createTopic, findTopic, topic } = account();
    expect(findTopic(TOPIC)).to.equal(undefined);
    expect(createTopic('users', { DisplayName: 'a' })).to.equal(TOPIC);
    expect(createTopic('users', {})).to.equal(TOPIC);
    expect(findTopic(TOPIC)).to.equal(topic(TOPIC));
    expect(topic(TOPIC).attributes).to.deep.equal({ DisplayName: 'a' });
    expect(createTopic('users.fifo', { FifoTopic: 'true' })).to.equal(`${TOPIC}.fifo`);
  });

  it('refuses topics that can not be', () => {
    const { createTopic, topic } = account();
    createTopic('users', { DisplayName: 'a' });
    const refused = [
      () => createTopic('a b', {}),
      () => createTopic('a.fifo', {}),
      () => createTopic('a', { FifoTopic: 'true' }),
      () => createTopic('users', { DisplayName: 'b' }),
    ].map(refusalOf);
    expect(new Set(refused)).to.deep.equal(new Set(['InvalidParameterException']));
    expect(refusalOf(() => topic(`${TOPIC}2`))).to.equal('NotFoundException');
  });

  it('makes queues, the same name twice as one', () => {
    const { createQueue, queue, queueNamed } = account();
    expect(createQueue('q', { VisibilityTimeout: '5' })).to.equal(URL);
    expect(createQueue('q', {})).to.equal(URL);
    expect(queue(URL).arn).to.equal(QUEUE);
    expect(queueNamed('q')).to.equal(queue(URL));
    expect(queueNamed('r')).to.equal(undefined);
  });

  it('refuses queues that can not be', () => {
    const { createQueue, queue, setQueueAttributes } = account();
    createQueue('q', { VisibilityTimeout: '5' });
    expect(refusalOf(() => createQueue('a b', {}))).to.equal('InvalidParameterValue');
    expect(refusalOf(() => createQueue('a.fifo', {}))).to.equal('InvalidParameterValue');
    expect(refusalOf(() => createQueue('q', { VisibilityTimeout: '6' }))).to.equal('QueueNameExists');
    expect(refusalOf(() => queue(`${URL}2`))).to.equal('QueueDoesNotExist');
    expect(refusalOf(() => setQueueAttributes(`${URL}2`, {}))).to.equal('QueueDoesNotExist');
  });

  it('asks for the dead-letter queue to be there', () => {
    const { createQueue, queueNamed, setQueueAttributes } = account();
    const RedrivePolicy = redrivePolicy(QUEUE);
    expect(refusalOf(() => createQueue('r', { RedrivePolicy }))).to.equal('InvalidParameterValue');
    expect(queueNamed('r')).to.equal(undefined);
    createQueue('q', {});
    const url = createQueue('r', { RedrivePolicy });
    expect(queueNamed('r')?.attribute('RedrivePolicy')).to.equal(RedrivePolicy);
    const elsewhere = { RedrivePolicy: redrivePolicy(`${QUEUE}2`) };
    expect(refusalOf(() => setQueueAttributes(url, elsewhere))).to.equal('InvalidParameterValue');
    setQueueAttributes(url, { RedrivePolicy: '' });
    expect(queueNamed('r')?.attribute('RedrivePolicy')).to.equal(undefined);
  });

  it('subscribes what is there', () => {
    const { createQueue, createTopic, subscribe, subscription } = account();
    expect(refusalOf(() => subscribe(TOPIC, QUEUE, {}))).to.equal('NotFoundException');
    createTopic('users', {});
    expect(refusalOf(() => subscribe(TOPIC, QUEUE, {}))).to.equal('InvalidParameterException');
    createQueue('q', {});
    const arn = subscribe(TOPIC, QUEUE, { RawMessageDelivery: 'true' });
    expect(arn.startsWith(`${TOPIC}:`)).to.equal(true);
    expect(subscription(arn).attributes()).to.deep.equal({ RawMessageDelivery: 'true' });
    expect(refusalOf(() => subscription(`${arn}2`))).to.equal('NotFoundException');
  });

  it('tells what is published, and what arrives', () => {
    const { createQueue, createTopic, subscribe, topic, published$, arrivals$ } = account();
    const told: string[] = [];
    published$.subscribe(({ messageId, entry }) => told.push(`${messageId} ${entry.body} published`));
    arrivals$.subscribe(({ queue, message }) => told.push(`${message.body} in ${queue.name}`));
    createTopic('users', {});
    createQueue('q', { Policy: POLICY });
    subscribe(TOPIC, QUEUE, { RawMessageDelivery: 'true' });
    const { messageId } = topic(TOPIC).publish(entryOf('hello'));
    expect(told).to.deep.equal([`${messageId} hello published`, 'hello in q']);
  });
});
