import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { from, lastValueFrom, of, tap, toArray } from 'rxjs';
import { isoDate } from '../../examples/isoDate.js';
import {
  ackMap,
  fromTopic,
  type Message,
  provision,
  publishEvent,
  publishTo,
  type PublishResult,
  runConsumer,
  topic,
  toTopic,
  type TopicValue,
} from '../../src/index.js';
import { type Holding, useEmulator, type Watched } from './emulated.js';

const User = t.type({ name: t.string, born: isoDate });
const Users = topic('users', User, {
  attributes: ({ name }) => ({ initial: name.slice(0, 1), letters: name.length, key: new Uint8Array([0, 127, 255]) }),
});
const Account = topic('account', { 'user.created': User, 'user.deleted': t.type({ name: t.string }) });

const ADA = { name: 'Ada', born: new Date('1815-12-10T00:00:00.000Z') };
const GRACE = { name: 'Grace', born: new Date('1906-12-09T08:30:00.123Z') };
const ZHANG = { name: '张 <&"\'>\n\\ 🐍', born: new Date(0) };

const NOTHING: Holding = { visible: [], inFlight: [] };

/** How SNS may deliver, and whether the body in the queue is then the one that was published. */
const DELIVERIES = [
  { what: 'delivered raw', rawDelivery: true },
  { what: 'delivered in the envelope of SNS', rawDelivery: false },
] as const;

for (const { what, rawDelivery } of DELIVERIES) {
  describe(`round trip, ${what}`, () => {
    const emulation = useEmulator();
    let watched: Watched;
    beforeEach(async () => {
      watched = emulation.connect();
      await lastValueFrom(provision(watched.client, Users, { rawDelivery }));
      await lastValueFrom(provision(watched.client, Account, { rawDelivery }));
    });

    /** Consumes until `count` messages are acknowledged; gives them as they came. */
    async function consume(count: number): Promise<readonly Message<TopicValue<typeof Users>>[]> {
      const stop = watched.seen('settled', count);
      return lastValueFrom(
        fromTopic(watched.client, Users, { stop }).pipe(
          ackMap((_user, message) => of(message)),
          toArray(),
        ),
      );
    }

    const messageIds = (results: readonly PublishResult<unknown>[]): readonly string[] =>
      results.map((result) => (E.isRight(result) ? result.right.messageId : result.left.error.message));

    it('what publishTo publishes arrives whole: value, dates, attributes, times', async () => {
      const before = Date.now();
      const results = await lastValueFrom(from([ADA, GRACE, ZHANG]).pipe(publishTo(watched.client, Users), toArray()));
      expect(results.map(E.isRight)).to.deep.equal([true, true, true]);
      expect(new Set(messageIds(results)).size).to.equal(3);

      const messages = await consume(3);
      expect(messages.map(({ value }) => value)).to.have.deep.members([ADA, GRACE, ZHANG]);
      for (const { value, attributes, receiveCount, sentAt, receivedAt, topic: topicName, ...rest } of messages) {
        expect(value.born).to.be.instanceOf(Date);
        expect(attributes).to.include({ initial: value.name.slice(0, 1), letters: String(value.name.length) });
        expect([...Buffer.from(attributes.key ?? '')]).to.deep.equal([0, 127, 255]);
        expect({ receiveCount, topicName }).to.deep.equal({ receiveCount: 1, topicName: 'users' });
        expect(sentAt.getTime()).to.be.within(before, receivedAt.getTime());
        expect(rest).not.to.have.any.keys('type', 'groupId', 'sequenceNumber');
      }
      expect(await emulation.atRest('dev-users-queue')).to.deep.equal(NOTHING);
      expect(await emulation.atRest('dev-users-queue-dlq')).to.deep.equal(NOTHING);
    });

    it('what toTopic publishes arrives, and every value has its result', async () => {
      const users = toTopic(watched.client, Users);
      const results = lastValueFrom(users.pipe(toArray()));
      from([ADA, GRACE]).subscribe(users);
      expect((await results).map((result) => E.isRight(result) && result.right.value)).to.deep.equal([ADA, GRACE]);
      expect((await consume(2)).map(({ value }) => value)).to.have.deep.members([ADA, GRACE]);
      expect(await emulation.atRest('dev-users-queue')).to.deep.equal(NOTHING);
    });

    it('what publishEvent publishes reaches runConsumer, which ends when the signal aborts', async () => {
      const receipt = await publishEvent(watched.client, Users, ADA);
      expect(receipt.value).to.equal(ADA);
      expect(receipt.messageId).to.match(/^[0-9a-f-]{36}$/);

      const stop = new AbortController();
      const handled: unknown[] = [];
      const ended = runConsumer(watched.client, Users, (user) => void handled.push(user), { signal: stop.signal });
      await watched.seen('settled');
      stop.abort();
      await ended;
      expect(handled).to.deep.equal([ADA]);
      expect(watched.events.map(({ type }) => type)).to.include.members([
        'published',
        'received',
        'handled',
        'stopped',
      ]);
      expect(await emulation.atRest('dev-users-queue')).to.deep.equal(NOTHING);
    });

    it('each event of a topic of several types arrives with its type', async () => {
      const created = { type: 'user.created', data: ADA } as const;
      const deleted = { type: 'user.deleted', data: { name: 'Bob' } } as const;
      await publishEvent(watched.client, Account, created);
      await publishEvent(watched.client, Account, deleted);
      const types: unknown[] = [];
      const events = await lastValueFrom(
        fromTopic(watched.client, Account, { stop: watched.seen('settled', 2) }).pipe(
          tap(({ type, attributes }) => types.push([type, attributes.type])),
          ackMap((event) => of(event)),
          toArray(),
        ),
      );
      expect(events).to.have.deep.members([created, deleted]);
      expect(types).to.have.deep.members([
        ['user.created', 'user.created'],
        ['user.deleted', 'user.deleted'],
      ]);
      expect(await emulation.atRest('dev-account-queue')).to.deep.equal(NOTHING);
    });

    it(`the body in the queue is ${rawDelivery ? 'what was published' : 'a notification'}`, async () => {
      await publishEvent(watched.client, Users, GRACE);
      const { visible } = await emulation.holding('dev-users-queue');
      const [stored] = visible;
      const published = { name: 'Grace', born: '1906-12-09T08:30:00.123Z' };
      const body: unknown = JSON.parse(stored?.body ?? '');
      if (rawDelivery) expect(body).to.deep.equal(published);
      else expect(body).to.deep.include({ Type: 'Notification', Message: JSON.stringify(published) });
      expect(Object.keys(stored?.messageAttributes ?? {}).length).to.equal(rawDelivery ? 3 : 0);
    });

    it('a second consumer of the queue receives nothing that was acknowledged', async () => {
      await publishEvent(watched.client, Users, ADA);
      await consume(1);
      const second = emulation.connect();
      const stop = second.seen('called', 1, ({ operation }) => operation === 'ReceiveMessage');
      const again = fromTopic(second.client, Users, { stop, waitTimeSeconds: 0 });
      expect(await lastValueFrom(again.pipe(toArray()))).to.deep.equal([]);
      expect(await emulation.holding('dev-users-queue')).to.deep.equal(NOTHING);
    });
  });
}
