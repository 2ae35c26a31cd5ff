import { expect } from 'chai';
import * as t from 'io-ts';
import { concat, lastValueFrom, NEVER, of, throwError, toArray } from 'rxjs';
import {
  ackMap,
  fromTopic,
  type Message,
  MessageProcessingError,
  provision,
  publishEvent,
  reject,
  retryAfter,
  runConsumer,
  topic,
} from '../../src/index.js';
import { type Holding, useEmulator, type Watched } from './emulated.js';

const Users = topic('users', t.type({ name: t.string }));
const QUEUE = 'dev-users-queue';
const NOTHING: Holding = { visible: [], inFlight: [] };
const ADA = { name: 'Ada' };

describe('redelivery', () => {
  const emulation = useEmulator();
  let watched: Watched;
  beforeEach(async () => {
    watched = emulation.connect();
    await lastValueFrom(provision(watched.client, Users));
    await publishEvent(watched.client, Users, ADA);
  });

  const acknowledged = () => watched.seen('settled', 1, ({ settlement }) => settlement === 'ack');

  /** Fails the first time. */
  const failOnce = ({ receiveCount }: Message<unknown>) =>
    receiveCount === 1 ? throwError(() => new Error('the database is away')) : of(receiveCount);

  it('a message whose handler failed comes back after a backoff of up to a second, and is then acknowledged', async () => {
    const counts = await lastValueFrom(
      fromTopic(watched.client, Users, { stop: acknowledged() }).pipe(
        ackMap((_user, message) => failOnce(message)),
        toArray(),
      ),
    );
    expect(counts).to.deep.equal([2]);

    const received = await watched.seen('received', 2);
    expect(received.map(({ receiveCount }) => receiveCount)).to.deep.equal([1, 2]);
    expect(new Set(received.map(({ id }) => id)).size).to.equal(1);
    const handled = await watched.seen('handled', 2);
    expect(handled.map(({ outcome }) => outcome)).to.deep.equal(['failed', 'completed']);
    const [retried, acked] = await watched.seen('settled', 2);
    expect(retried).to.include({ settlement: 'retryAfter' });
    expect(retried?.delayMs).to.be.oneOf([0, 1_000]);
    expect(acked).to.include({ settlement: 'ack' });
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('onError says when it comes back, and is told the error and the message', async () => {
    const asked: unknown[] = [];
    await lastValueFrom(
      fromTopic(watched.client, Users, { stop: acknowledged() }).pipe(
        ackMap((_user, message) => failOnce(message), {
          onError: (error, { value, receiveCount }) => {
            asked.push([(error as Error).message, value, receiveCount]);
            return retryAfter(0);
          },
        }),
        toArray(),
      ),
    );
    expect(asked).to.deep.equal([['the database is away', ADA, 1]]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('a message is invisible for as long as retryAfter says', async () => {
    await lastValueFrom(
      fromTopic(watched.client, Users, { stop: acknowledged() }).pipe(
        ackMap((_user, message) => failOnce(message), { onError: () => retryAfter(1) }),
        toArray(),
      ),
    );
    const [failed] = await watched.seen('handled');
    const [, again] = await watched.seen('received', 2);
    // In whole seconds, rounded up.
    expect((again?.at ?? 0) - (failed?.at ?? 0)).to.be.at.least(1_000);
  });

  it('a handler that has emitted and then fails is not acknowledged', async () => {
    const values = await lastValueFrom(
      fromTopic(watched.client, Users, { stop: acknowledged() }).pipe(
        ackMap((_user, message) => concat(of('half'), failOnce(message)), { onError: () => retryAfter(0) }),
        toArray(),
      ),
    );
    expect(values).to.deep.equal(['half', 'half', 2]);
  });

  it('a handler that rejects its promise gets the message again', async () => {
    const counts: number[] = [];
    const stop = new AbortController();
    await runConsumer(
      watched.client,
      Users,
      async (_user, { receiveCount }) => {
        counts.push(receiveCount);
        if (receiveCount < 3) await Promise.reject(new Error('not yet'));
        stop.abort();
      },
      { signal: stop.signal, onError: () => retryAfter(0) },
    );
    expect(counts).to.deep.equal([1, 2, 3]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('SQS moves a message that failed too often to the dead-letter queue, and the handler is not asked again', async () => {
    const counts: number[] = [];
    const stop = new AbortController();
    await lastValueFrom(provision(watched.client, Users, { maxReceiveCount: 2 }));
    const ended = runConsumer(
      watched.client,
      Users,
      (_user, { receiveCount }) => {
        counts.push(receiveCount);
        throw new Error('never');
      },
      { signal: stop.signal, onError: () => retryAfter(0) },
    );
    const { visible } = await emulation.until(`${QUEUE}-dlq`, (held) => held.visible.length > 0);
    stop.abort();
    await ended;
    expect(counts).to.deep.equal([1, 2]);
    expect(visible.map(({ body }) => body)).to.deep.equal([JSON.stringify(ADA)]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('an error that says it can not be retried goes to the dead-letter queue at once', async () => {
    const counts: number[] = [];
    const stop = new AbortController();
    const settled = watched.seen('settled').then(() => {
      stop.abort();
    });
    await runConsumer(
      watched.client,
      Users,
      (_user, { receiveCount }) => {
        counts.push(receiveCount);
        throw new MessageProcessingError('no such account', { retryable: false });
      },
      { signal: stop.signal },
    );
    await settled;
    expect(counts).to.deep.equal([1]);
    expect((await emulation.holding(`${QUEUE}-dlq`)).visible).to.have.lengthOf(1);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('a message that was settled by hand follows that settlement, whatever comes after', async () => {
    const stop = watched.seen('settled', 2);
    const settled: Promise<unknown>[] = [];
    await lastValueFrom(
      fromTopic(watched.client, Users, { stop }).pipe(
        ackMap((_user, message) => {
          if (message.receiveCount === 1) {
            settled.push(lastValueFrom(message.settle(retryAfter(0)), { defaultValue: 'confirmed' }));
            settled.push(lastValueFrom(message.settle(reject(new Error('too late'))), { defaultValue: 'confirmed' }));
          }
          return of(message.receiveCount);
        }),
        toArray(),
      ),
    );
    expect(await Promise.all(settled)).to.deep.equal(['confirmed', 'confirmed']);
    expect((await watched.seen('settled', 2)).map(({ settlement }) => settlement)).to.deep.equal(['retryAfter', 'ack']);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
    expect(await emulation.atRest(`${QUEUE}-dlq`)).to.deep.equal(NOTHING);
  });

  it('a message under work for longer than its visibility timeout is not handed out twice', async () => {
    const stop = new AbortController();
    const counts: number[] = [];
    const work = runConsumer(
      watched.client,
      Users,
      async (_user, { receiveCount }) => {
        counts.push(receiveCount);
        // Renewed at half of a second: after the third the timeout would have ended.
        await watched.seen('leaseRenewed', 3);
      },
      { signal: stop.signal, visibilityTimeoutSeconds: 1, waitTimeSeconds: 1 },
    );
    await watched.seen('settled');
    stop.abort();
    await work;
    expect(counts).to.deep.equal([1]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });

  it('a message left to its visibility timeout by a consumer that died comes back after it', async () => {
    const dead = emulation.connect();
    const lost = fromTopic(dead.client, Users, { visibilityTimeoutSeconds: 1, maxLeaseSeconds: 1 }).pipe(
      ackMap(() => NEVER),
    );
    const subscription = lost.subscribe();
    await dead.seen('leaseLost');
    const counts = await lastValueFrom(
      fromTopic(watched.client, Users, { stop: acknowledged() }).pipe(
        ackMap((_user, { receiveCount }) => of(receiveCount)),
        toArray(),
      ),
    ).finally(() => {
      subscription.unsubscribe();
    });
    expect(counts.at(-1)).to.be.at.least(2);
    expect(await emulation.atRest(QUEUE)).to.deep.equal(NOTHING);
  });
});
