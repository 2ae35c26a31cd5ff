import { expect } from 'chai';
import * as t from 'io-ts';
import { EMPTY, lastValueFrom } from 'rxjs';
import {
  ack,
  ackMap,
  type ConsumerOptions,
  fifoTopic,
  fromTopic,
  type InvalidMessage,
  MessageProcessingError,
  provision,
  publishEvent,
  type Topic,
  topic,
  ValidationFailedError,
} from '../../src/index.js';
import { type Holding, type StoredAttribute, useEmulator, type Watched } from './emulated.js';

const User = t.type({ name: t.string, age: t.number });
const Users = topic('users', User);
const Account = topic('account', { 'user.created': User });

/** A codec that throws at what it does not like, instead of saying so; its text quotes the input. */
const Grumpy = new t.Type<string>(
  'Grumpy',
  t.string.is,
  (input) => {
    throw new TypeError(`what is ${JSON.stringify(input)}?`);
  },
  t.identity,
);

const QUEUE = 'dev-users-queue';
const DEAD_LETTERS = 'dev-users-queue-dlq';
const NOTHING: Holding = { visible: [], inFlight: [] };
const ADA = { name: 'Ada', age: 36 };

const ATTRIBUTES: Readonly<Record<string, StoredAttribute>> = {
  source: { DataType: 'String', StringValue: 'legacy' },
  size: { DataType: 'Number', StringValue: '12' },
  key: { DataType: 'Binary', BinaryValue: 'AP+A' },
};

/** What can't be read, as it lies in the queue, and the reason its copy gives. */
const UNREADABLE: readonly (readonly [what: string, codec: t.Mixed, body: string, reason: object])[] = [
  ['a body that is not JSON', User, 'hello {', { error: 'InvalidMessageError', code: 'not-json' }],
  ['half of a body', User, '{"name":"Ada","a', { error: 'InvalidMessageError', code: 'not-json' }],
  [
    'a body of the wrong shape',
    User,
    '{"name":7,"age":"old"}',
    { error: 'ValidationFailedError', paths: ['/name: expected string', '/age: expected number'] },
  ],
  [
    'a body that is null',
    User,
    'null',
    { error: 'ValidationFailedError', paths: ['/: expected { name: string, age: number }'] },
  ],
  [
    'a codec that throws',
    Grumpy,
    '"anything"',
    { error: 'ValidationFailedError', paths: ['/: the codec Grumpy threw'] },
  ],
];

describe('poison', () => {
  const emulation = useEmulator();
  let watched: Watched;
  let handled: unknown[];
  beforeEach(() => {
    watched = emulation.connect();
    handled = [];
  });

  /** Consumes until so many messages are settled. */
  async function consume<A>(
    consumed: Topic<A>,
    count: number,
    options: ConsumerOptions = {},
    handle: () => void = () => undefined,
  ): Promise<void> {
    const consumer = fromTopic(watched.client, consumed, options)
      .pipe(
        ackMap((value) => {
          handled.push(value);
          handle();
          return EMPTY;
        }),
      )
      .subscribe();
    await watched.seen('settled', count);
    consumer.unsubscribe();
    await watched.seen('stopped');
  }

  const failForGood = (): void => {
    throw new MessageProcessingError('no such account', { retryable: false });
  };

  const reasonOf = (attributes: Readonly<Record<string, StoredAttribute>> = {}): unknown =>
    JSON.parse(attributes['rejection-reason']?.StringValue ?? 'null');

  describe('with a dead-letter queue', () => {
    beforeEach(() => lastValueFrom(provision(watched.client, Users)));

    for (const [what, codec, body, reason] of UNREADABLE) {
      it(`${what} goes there as it came, with the reason, and no handler sees it`, async () => {
        await emulation.send(QUEUE, body, ATTRIBUTES);
        await consume(topic('users', codec), 1);

        expect(handled).to.deep.equal([]);
        const { visible } = await emulation.atRest(DEAD_LETTERS);
        expect(visible.map((copy) => copy.body)).to.deep.equal([body]);
        const { 'rejection-reason': _reason, ...attributes } = visible[0]?.messageAttributes ?? {};
        expect(attributes).to.deep.equal(ATTRIBUTES);
        expect(reasonOf(visible[0]?.messageAttributes)).to.deep.equal(reason);
        expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
        const types = watched.events.map(({ type }) => type).filter((type) => type !== 'called');
        expect(types).to.deep.equal(['started', 'received', 'invalid', 'rejected', 'settled', 'stopped']);
      });
    }

    it('a message whose handler fails for good goes there as it came, with the name of the error', async () => {
      await emulation.send(QUEUE, JSON.stringify(ADA), ATTRIBUTES);
      await consume(Users, 1, {}, failForGood);

      expect(handled).to.deep.equal([ADA]);
      const { visible } = await emulation.atRest(DEAD_LETTERS);
      expect(visible.map(({ body }) => body)).to.deep.equal([JSON.stringify(ADA)]);
      expect(visible[0]?.messageAttributes).to.deep.equal({
        ...ATTRIBUTES,
        'rejection-reason': { DataType: 'String', StringValue: '{"error":"MessageProcessingError"}' },
      });
      expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
    });

    it('the reason stays out where ten attributes came already', async () => {
      const ten = Object.fromEntries(
        Array.from({ length: 10 }, (_, index) => [
          `attribute-${String(index)}`,
          { DataType: 'String', StringValue: String(index) },
        ]),
      );
      await emulation.send(QUEUE, 'not JSON', ten);
      await consume(Users, 1);
      const { visible } = await emulation.atRest(DEAD_LETTERS);
      expect(visible.map(({ messageAttributes }) => messageAttributes)).to.deep.equal([ten]);
      expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
    });

    it('good messages among the bad ones are handled, every one', async () => {
      const bad = Array.from({ length: 15 }, (_, index) => `bad ${String(index)}`);
      for (const [index, body] of bad.entries()) {
        await emulation.send(QUEUE, body);
        await publishEvent(watched.client, Users, { name: 'good', age: index });
      }
      await consume(Users, 30);
      expect(handled).to.have.deep.members(bad.map((_, age) => ({ name: 'good', age })));
      const { visible } = await emulation.atRest(DEAD_LETTERS);
      expect(visible.map(({ body }) => body)).to.have.members(bad);
      expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
    });

    it('onInvalid decides, and is told the error and the message', async () => {
      await emulation.send(QUEUE, '{"name":"Ada"}');
      const asked: (readonly [Error, InvalidMessage])[] = [];
      await consume(Users, 1, {
        onInvalid: (error, message) => {
          asked.push([error, message]);
          return ack;
        },
      });
      expect(asked).to.have.lengthOf(1);
      expect(asked[0]?.[0]).to.be.instanceOf(ValidationFailedError);
      expect(asked[0]?.[0]).to.deep.include({ paths: ['/age: expected number'] });
      expect(asked[0]?.[1]).to.include({ topic: 'users', body: '{"name":"Ada"}', receiveCount: 1 });
      expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
      expect(await emulation.atRest(DEAD_LETTERS)).to.deep.equal(NOTHING);
    });

    it('an onInvalid that throws does not keep a message from the dead-letter queue', async () => {
      await emulation.send(QUEUE, 'not JSON');
      await consume(Users, 1, {
        onInvalid: () => {
          throw new Error('a defect of the application');
        },
      });
      expect(watched.events).to.deep.include.members(await watched.seen('callbackFailed'));
      expect((await emulation.atRest(DEAD_LETTERS)).visible.map(({ body }) => body)).to.deep.equal(['not JSON']);
    });
  });

  it('an envelope whose content is bad goes there with the envelope', async () => {
    await lastValueFrom(provision(watched.client, Users, { rawDelivery: false }));
    const Loose = topic('users', t.unknown);
    await publishEvent(watched.client, Loose, { name: 7 });
    await consume(Users, 1);
    const { visible } = await emulation.atRest(DEAD_LETTERS);
    expect(JSON.parse(visible[0]?.body ?? '')).to.include({ Type: 'Notification', Message: '{"name":7}' });
    expect(handled).to.deep.equal([]);
  });

  it('an event of a type that the topic does not have, or of none, goes there', async () => {
    await lastValueFrom(provision(watched.client, Account));
    await emulation.send('dev-account-queue', JSON.stringify(ADA), {
      type: { DataType: 'String', StringValue: 'user.imported' },
    });
    await emulation.send('dev-account-queue', JSON.stringify(ADA));
    await consume(Account, 2);
    const { visible } = await emulation.atRest('dev-account-queue-dlq');
    expect(visible.map(({ messageAttributes }) => reasonOf(messageAttributes))).to.have.deep.members([
      { error: 'SubscriptionNotFoundError' },
      { error: 'InvalidMessageError', code: 'no-type' },
    ]);
    expect(handled).to.deep.equal([]);
  });

  it('a FIFO queue has a dead-letter queue of its kind, and the group goes with the message', async () => {
    const { client } = watched;
    const Orders = fifoTopic('orders', User, { groupId: ({ name }) => name, contentBasedDeduplication: true });
    await lastValueFrom(provision(client, Orders));
    const { QueueUrl } = await emulation.sqs('GetQueueUrl', { QueueName: 'dev-orders-queue.fifo' });
    const sent = { QueueUrl, MessageBody: 'not JSON', MessageGroupId: 'ada', MessageDeduplicationId: '1' };
    await emulation.sqs('SendMessage', sent);
    await consume(Orders, 1);
    const { visible } = await emulation.atRest('dev-orders-queue-dlq.fifo');
    expect(visible.map(({ body, messageGroupId }) => ({ body, messageGroupId }))).to.deep.equal([
      { body: 'not JSON', messageGroupId: 'ada' },
    ]);
    expect(await emulation.atRest('dev-orders-queue.fifo')).to.deep.equal(NOTHING);
  });

  describe('without a dead-letter queue', () => {
    beforeEach(async () => {
      await emulation.sqs('CreateQueue', { QueueName: QUEUE });
    });

    for (const [what, codec, body] of UNREADABLE) {
      it(`${what} is not deleted: it comes back, with backoff`, async () => {
        await emulation.send(QUEUE, body, ATTRIBUTES);
        await consume(topic('users', codec), 1);
        expect(handled).to.deep.equal([]);
        const [settled] = await watched.seen('settled');
        expect(settled).to.include({ settlement: 'reject' });
        expect(settled?.delayMs).to.be.oneOf([0, 1_000]);
        const { visible, inFlight } = await emulation.holding(QUEUE);
        const [left] = [...visible, ...inFlight];
        expect(left).to.deep.include({ body, messageAttributes: ATTRIBUTES });
      });
    }

    it('a message whose handler fails for good is not deleted either', async () => {
      await emulation.send(QUEUE, JSON.stringify(ADA));
      await consume(Users, 1, {}, failForGood);
      expect(await watched.seen('settled')).to.have.nested.property('[0].settlement', 'reject');
      const { visible, inFlight } = await emulation.holding(QUEUE);
      expect([...visible, ...inFlight].map(({ body }) => body)).to.deep.equal([JSON.stringify(ADA)]);
    });
  });
});
