import { expect } from 'chai';
import * as t from 'io-ts';
import { EMPTY, lastValueFrom, NEVER, type Observable, of } from 'rxjs';
import {
  ackMap,
  createClient,
  fifoTopic,
  fromTopic,
  type MessagingError,
  provision,
  publishEvent,
  publishTo,
  retryAfter,
  runConsumer,
  topic,
} from '../../src/index.js';
import { useEmulator, type Watched } from './emulated.js';

const User = t.type({ name: t.string, age: t.number });
const Users = topic('users', User);
const ADA = { name: 'Ada', age: 36 };
const QUEUE = 'dev-users-queue';

/** What a user reads, `_tag` first. */
async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = (await work.then(
    () => expect.fail('no error'),
    (thrown: unknown) => thrown,
  )) as MessagingError;
  return `${error._tag}: ${error.message}`;
}

const outcomeOf = (work$: Observable<unknown>): Promise<string> =>
  errorOf(lastValueFrom(work$, { defaultValue: undefined }));

describe('bad input', () => {
  const emulation = useEmulator();
  let watched: Watched;
  beforeEach(() => {
    watched = emulation.connect();
  });

  describe('on the way to AWS is refused without a call', () => {
    it('a configuration: every fault at once, by name, without a value', () => {
      const config = {
        region: 'Ireland',
        credentials: { accessKeyId: '' },
        endpoint: 'http://sqs.example.com',
        servcie: 'x',
      };
      expect(() => createClient(config as unknown as Parameters<typeof createClient>[0])).to.throw(
        'region: expected a region such as eu-west-1; ' +
          'credentials.accessKeyId: expected characters without spaces; ' +
          'credentials.secretAccessKey: missing: expected characters without spaces; ' +
          'environment: missing: expected letters, digits, `-` and `_` only; ' +
          'endpoint: expected https, or http to a loopback host; allowInsecureEndpoint: true permits http elsewhere; ' +
          'servcie: there is no such option; did you mean service?',
      );
    });

    it('a topic name', () => {
      expect(() => topic('user events', User)).to.throw('topic name: expected letters, digits, `-` and `_` only');
    });

    it('a name that grows too long for SNS or SQS', async () => {
      const Long = topic('x'.repeat(71), User);
      expect(await outcomeOf(fromTopic(watched.client, Long))).to.match(/^ConfigurationError: queue name.* 80 /);
    });

    it('an option out of its range', () => {
      expect(() => fromTopic(watched.client, Users, { maxInFlight: 0, waitTimeSeconds: 60 })).to.throw(
        'maxInFlight: expected a whole number from 1 to 120000; waitTimeSeconds: expected a whole number from 0 to 20',
      );
      expect(() => ackMap(() => EMPTY, { concurrency: 0 })).to.throw(
        'concurrency: expected a whole number of at least 1',
      );
      expect(() => publishTo(watched.client, Users, { maxPending: 0.5 })).to.throw(
        'maxPending: expected a whole number',
      );
      expect(() => retryAfter(Number('soon'))).to.throw('retryAfter: expected a number of milliseconds');
    });

    it('a topic whose ARN nothing tells: says what to give', async () => {
      const { client } = emulation.connect({ accountId: undefined });
      expect(await errorOf(publishEvent(client, Users, ADA))).to.match(
        /^ConfigurationError: ARN of topic users: .*accountId.*topicMap.*provision/,
      );
    });

    it('a value that is not of its codec, by its paths', async () => {
      const value = { name: 7, age: 'old' } as unknown as typeof ADA;
      expect(await errorOf(publishEvent(watched.client, Users, value))).to.equal(
        'ValidationFailedError: validation failed at /name: expected string, /age: expected number',
      );
    });

    it('a lone surrogate in an attribute or a group id', async () => {
      const half = '\uD83D';
      const Noted = topic('users', User, { attributes: () => ({ note: half }) });
      expect(await errorOf(publishEvent(watched.client, Noted, ADA))).to.match(
        /^InvalidMessageError: attributes: `note`/,
      );
      const Grouped = fifoTopic('users', User, { groupId: () => half, contentBasedDeduplication: true });
      expect(await errorOf(publishEvent(watched.client, Grouped, ADA))).to.match(/^InvalidMessageError: groupId/);
    });

    afterEach(() => {
      expect(watched.events.filter((event) => event.type === 'called' && event.error !== undefined)).to.deep.equal([]);
    });
  });

  it('a lone surrogate in a value is none: it travels as an escape', async () => {
    const half = '\uD83D';
    await lastValueFrom(provision(watched.client, Users));
    await publishEvent(watched.client, Users, { name: half, age: 1 });
    const stop = watched.seen('settled');
    const names$ = fromTopic(watched.client, Users, { stop }).pipe(ackMap(({ name }) => of(name)));
    expect(await lastValueFrom(names$)).to.equal(half);
  });

  describe('at AWS ends in a typed error that names it', () => {
    it('a topic with a typo', async () => {
      const Typo = topic('usres', User);
      expect(await errorOf(publishEvent(watched.client, Typo, ADA))).to.match(
        /^AWSConnectionError: PublishBatch of dev-usres failed: NotFound\w* .*topic/,
      );
      expect(watched.calls('PublishBatch')).to.equal(1);
    });

    it('a queue that is not there: says which, and how to make it', async () => {
      expect(await outcomeOf(fromTopic(watched.client, Users))).to.match(
        /^SubscriptionNotFoundError: .*dev-users-queue.*provision/,
      );
    });

    it('a queue that is deleted under the consumer', async () => {
      await lastValueFrom(provision(watched.client, Users));
      const ended = errorOf(runConsumer(watched.client, Users, () => undefined, { waitTimeSeconds: 1 }));
      await watched.seen('started');
      const { QueueUrl } = await emulation.sqs('GetQueueUrl', { QueueName: QUEUE });
      await emulation.sqs('DeleteQueue', { QueueUrl });
      expect(await ended).to.match(/^AWSConnectionError: ReceiveMessage of dev-users-queue failed: QueueDoesNotExist/);
    });
  });

  describe('of a handler', () => {
    beforeEach(async () => {
      await lastValueFrom(provision(watched.client, Users));
      await publishEvent(watched.client, Users, ADA);
    });

    it('that throws synchronously is a failure like any other', async () => {
      const stop = watched.seen('settled', 1, ({ settlement }) => settlement === 'ack');
      const counts = fromTopic(watched.client, Users, { stop }).pipe(
        ackMap(
          (_user, { receiveCount }) => {
            if (receiveCount < 3) throw new Error('not yet');
            return of(receiveCount);
          },
          { onError: () => retryAfter(0) },
        ),
      );
      expect(await lastValueFrom(counts)).to.equal(3);
    });

    it('that never ends is given up after timeoutMs, and the message comes back', async () => {
      const stop = watched.seen('settled', 1, ({ settlement }) => settlement === 'ack');
      const counts = fromTopic(watched.client, Users, { stop }).pipe(
        ackMap((_user, { receiveCount }) => (receiveCount === 1 ? NEVER : of(receiveCount)), {
          timeoutMs: 50,
          onError: () => retryAfter(0),
        }),
      );
      expect(await lastValueFrom(counts)).to.equal(2);
      const [first] = await watched.seen('handled');
      expect(first).to.include({ outcome: 'timedOut' });
    });

    it('that never ends, without timeoutMs, keeps its message until maxLeaseSeconds, and no other', async () => {
      await publishEvent(watched.client, Users, { name: 'Grace', age: 85 });
      const done: string[] = [];
      const consumer = fromTopic(watched.client, Users, { maxLeaseSeconds: 1 })
        .pipe(
          ackMap(({ name }, { receiveCount }) => {
            if (name === 'Ada' && receiveCount === 1) return NEVER;
            done.push(name);
            return EMPTY;
          }),
        )
        .subscribe();
      await watched.seen('leaseLost', 1, ({ reason }) => reason === 'limit');
      await watched.seen('settled', 2, ({ settlement }) => settlement === 'ack');
      consumer.unsubscribe();
      expect(done).to.deep.equal(['Grace', 'Ada']);
      await watched.seen('stopped');
      expect(await emulation.atRest(QUEUE)).to.deep.equal({ visible: [], inFlight: [] });
    });
  });
});
