import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { EMPTY, filter, from, lastValueFrom, of, Subject, take, tap, throwError, toArray } from 'rxjs';
import {
  ackMap,
  type AckMapOptions,
  type ConsumerOptions,
  fifoTopic,
  fromTopic,
  type Message,
  MessageProcessingError,
  provision,
  publishEvent,
  publishTo,
  retryAfter,
} from '../../src/index.js';
import { type Holding, useEmulator, type Watched } from './emulated.js';

const Order = t.type({ customer: t.string, step: t.number });
type Order = t.TypeOf<typeof Order>;
const Orders = fifoTopic('orders', Order, {
  groupId: ({ customer }) => customer,
  deduplicationId: ({ customer, step }) => `${customer}-${String(step)}`,
});
const QUEUE = 'dev-orders-queue.fifo';
const NOTHING: Holding = { visible: [], inFlight: [] };

const customers = ['ada', 'bob', 'cyd'];
/** Steps of each customer, taking turns. */
const orders = (steps: number): readonly Order[] =>
  Array.from({ length: steps }, (_, step) => customers.map((customer) => ({ customer, step }))).flat();
const stepsOf = (handled: readonly Order[], customer: string): readonly number[] =>
  handled.filter((order) => order.customer === customer).map(({ step }) => step);
const upTo = (steps: number): readonly number[] => Array.from({ length: steps }, (_, step) => step);

describe('FIFO', () => {
  const emulation = useEmulator();
  let watched: Watched;
  beforeEach(async () => {
    watched = emulation.connect();
    await lastValueFrom(provision(watched.client, Orders));
  });

  const publish = (values: readonly Order[]) =>
    lastValueFrom(from(values).pipe(publishTo(watched.client, Orders), toArray()));

  /** Handles until so many orders are acknowledged. */
  async function consume(
    acknowledgements: number,
    handle: (order: Order, message: Message<Order>) => void,
    options: ConsumerOptions & AckMapOptions<Order> = {},
  ): Promise<void> {
    const consumer = fromTopic(watched.client, Orders, options)
      .pipe(
        ackMap((order, message) => {
          handle(order, message);
          return EMPTY;
        }, options),
      )
      .subscribe();
    await watched.seen('settled', acknowledgements, ({ settlement }) => settlement === 'ack');
    consumer.unsubscribe();
    await watched.seen('stopped');
  }

  it('values published together reach the queue in the order of their group', async () => {
    const results = await publish(orders(12));
    expect(results.every(E.isRight)).to.equal(true);
    const { visible } = await emulation.holding(QUEUE);
    const stored = visible.map(({ body }) => JSON.parse(body) as Order);
    for (const customer of customers) expect(stepsOf(stored, customer)).to.deep.equal(upTo(12));
    expect(visible.every(({ messageGroupId, body }) => body.includes(messageGroupId ?? '?'))).to.equal(true);
  });

  it('values published one by one, none waiting for another, do so too', async () => {
    await Promise.all(orders(8).map((order) => publishEvent(watched.client, Orders, order)));
    const { visible } = await emulation.holding(QUEUE);
    const stored = visible.map(({ body }) => JSON.parse(body) as Order);
    for (const customer of customers) expect(stepsOf(stored, customer)).to.deep.equal(upTo(8));
  });

  it('a value published again within five minutes is one message', async () => {
    const [order] = orders(1);
    await publish([...orders(1), ...orders(1)]);
    const { visible } = await emulation.holding(QUEUE);
    expect(visible).to.have.lengthOf(customers.length);
    expect(order).to.deep.equal(JSON.parse(visible[0]?.body ?? ''));
  });

  it('each group is handled in order, with its group and sequence number', async () => {
    await publish(orders(8));
    const handled: Order[] = [];
    const sequenceNumbers: string[] = [];
    await consume(24, (order, { groupId, sequenceNumber = '' }) => {
      handled.push(order);
      expect(groupId).to.equal(order.customer);
      sequenceNumbers.push(sequenceNumber);
    });
    for (const customer of customers) expect(stepsOf(handled, customer)).to.deep.equal(upTo(8));
    expect(new Set(sequenceNumbers).size).to.equal(24);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('the order of a group holds across failures, and what failed comes before what follows it', async () => {
    await publish(orders(5));
    const attempts: string[] = [];
    const handled: Order[] = [];
    await consume(
      15,
      (order, { receiveCount }) => {
        const { customer, step } = order;
        attempts.push(`${customer} ${String(step)} ${String(receiveCount)}`);
        const failures = customer === 'ada' ? 2 : customer === 'bob' && step === 3 ? 3 : 0;
        if (receiveCount <= failures) throw new Error('not yet');
        handled.push(order);
      },
      { onError: () => retryAfter(0) },
    );
    for (const customer of customers) expect(stepsOf(handled, customer)).to.deep.equal(upTo(5));
    const ofAda = attempts.filter((attempt) => attempt.startsWith('ada'));
    const inOrder = upTo(5).flatMap((step) => [1, 2, 3].map((count) => `ada ${String(step)} ${String(count)}`));
    expect(ofAda).to.deep.equal(inOrder);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('while one group waits for its failed message, the others go on', async () => {
    await publish(orders(4));
    const handled: Order[] = [];
    await consume(
      12,
      (order, { receiveCount }) => {
        if (order.customer === 'ada' && order.step === 0 && receiveCount === 1) throw new Error('not yet');
        handled.push(order);
      },
      { onError: () => retryAfter(1_000) },
    );
    expect(handled.slice(0, 8).map(({ customer }) => customer)).not.to.include('ada');
    expect(handled.slice(8)).to.deep.equal(upTo(4).map((step) => ({ customer: 'ada', step })));
  });

  it('groups are handled in parallel, and each of them one by one', async () => {
    await publish(orders(3));
    const doors = new Subject<string>();
    const inside = new Set<string>();
    const entered = new Subject<string>();
    const handled: Order[] = [];
    const consumer = fromTopic(watched.client, Orders)
      .pipe(
        ackMap((order) => {
          const { customer } = order;
          expect(inside.has(customer)).to.equal(false);
          inside.add(customer);
          entered.next(customer);
          return doors.pipe(
            filter((door) => door === customer),
            take(1),
            tap(() => {
              inside.delete(customer);
              handled.push(order);
            }),
          );
        }),
      )
      .subscribe();
    await lastValueFrom(entered.pipe(take(3)));
    expect([...inside].sort()).to.deep.equal(customers);

    // Cyd's are all handled while the first of the others is still under work.
    for (const last of [false, false, true]) {
      const next = last ? Promise.resolve('') : lastValueFrom(entered.pipe(take(1)));
      doors.next('cyd');
      await next;
    }
    await watched.seen('settled', 3);
    expect(stepsOf(handled, 'cyd')).to.deep.equal([0, 1, 2]);
    expect([...inside].sort()).to.deep.equal(['ada', 'bob']);
    consumer.unsubscribe();
    await watched.seen('stopped');
    const { visible } = await emulation.atRest(QUEUE);
    expect(visible).to.have.lengthOf(6);
  });

  it('a message that is rejected makes way for the next of its group', async () => {
    await publish(orders(3));
    const handled: Order[] = [];
    await consume(8, (order) => {
      if (order.customer === 'bob' && order.step === 1) {
        throw new MessageProcessingError('no such order', { retryable: false });
      }
      handled.push(order);
    });
    expect(stepsOf(handled, 'bob')).to.deep.equal([0, 2]);
    const { visible } = await emulation.atRest('dev-orders-queue-dlq.fifo');
    expect(visible.map(({ body }) => JSON.parse(body) as Order)).to.deep.equal([{ customer: 'bob', step: 1 }]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('a group goes on in order with the next consumer when one is unsubscribed in the middle', async () => {
    await publish(orders(4));
    const begun: Order[] = [];
    const first = fromTopic(watched.client, Orders)
      .pipe(
        ackMap((order) => {
          begun.push(order);
          return order.step < 2 ? of(order) : new Subject<Order>();
        }),
      )
      .subscribe();
    await watched.seen('settled', 6);
    await watched.seen('received', 9);
    first.unsubscribe();
    await watched.seen('stopped');

    const second = emulation.connect();
    const handled = await lastValueFrom(
      fromTopic(second.client, Orders).pipe(
        ackMap((order) => of(order)),
        take(6),
        toArray(),
      ),
    );
    for (const customer of customers) expect(stepsOf(handled, customer)).to.deep.equal([2, 3]);
    expect(begun.length).to.equal(9);
  });

  it('a handler that fails in one group does not end the stream', async () => {
    await publish(orders(1));
    const errors: unknown[] = [];
    const consumer = fromTopic(watched.client, Orders)
      .pipe(
        ackMap(({ customer }, { receiveCount }) =>
          customer === 'ada' && receiveCount === 1 ? throwError(() => new Error('not yet')) : EMPTY,
        ),
      )
      .subscribe({ error: (error: unknown) => errors.push(error) });
    await watched.seen('settled', 3, ({ settlement }) => settlement === 'ack');
    consumer.unsubscribe();
    expect(errors).to.deep.equal([]);
  });

  it('two event types with the same data are two events to a topic that deduplicates by content', async () => {
    const Id = t.type({ id: t.string });
    const Account = fifoTopic(
      'account',
      { made: Id, gone: Id },
      { groupId: ({ data }) => data.id, contentBasedDeduplication: true },
    );
    const { client, seen } = watched;
    await lastValueFrom(provision(client, Account));
    for (const type of ['made', 'gone', 'gone'] as const)
      await publishEvent(client, Account, { type, data: { id: 'a' } });
    const events = await lastValueFrom(
      fromTopic(client, Account, { stop: seen('settled', 2) }).pipe(
        ackMap(({ type }) => of(type)),
        toArray(),
      ),
    );
    expect(events).to.deep.equal(['made', 'gone']);
  });
});
