import { Readable } from 'node:stream';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { from, lastValueFrom, toArray } from 'rxjs';
import {
  AWSConnectionError,
  type AWSMessagingConfig,
  fifoTopic,
  provision,
  publishFrom,
  publishTo,
  toTopic,
  topic,
} from '../../src/index.js';
import { forwardTo, type Gateway, type Mood, openGateway, truncate } from './badEndpoints/gateway.js';
import { useEmulator, type Watched } from './emulated.js';

const Words = topic('words', t.string);
const Lanes = fifoTopic('lanes', t.string, { groupId: ([group = '']) => group, deduplicationId: (word) => word });
const QUEUE = 'dev-words-queue';
const FIFO_QUEUE = 'dev-lanes-queue.fifo';

/** SNS's answer to who asks too often. */
const throttle: Mood = (request, response) => {
  request.resume();
  response.writeHead(400, { 'content-type': 'text/xml' });
  response.end('<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>');
};

describe('publishing over HTTP', () => {
  let gateway: Gateway;
  // Before the emulator's own, which waits until nothing is open.
  afterEach(async () => {
    await gateway.goAway();
  });
  const emulation = useEmulator();
  beforeEach(async () => {
    const { client } = emulation.connect();
    await lastValueFrom(provision(client, Words));
    await lastValueFrom(provision(client, Lanes));
    gateway = await openGateway(forwardTo(emulation.url()));
  });

  const connect = (options: Partial<AWSMessagingConfig> = {}): Watched =>
    emulation.connect({ endpoint: gateway.url, ...options });

  /** The first so many requests are dealt with like this, and those after them as usual. */
  const atFirst = (times: number, mood: Mood): void => {
    const usual = gateway.mood;
    const last = gateway.requests + times;
    gateway.mood = (request, response) => {
      (gateway.requests > last ? usual : mood)(request, response);
    };
  };

  const inQueue = async (queue: string): Promise<readonly string[]> =>
    (await emulation.holding(queue)).visible.map(({ body }) => String(JSON.parse(body)));

  describe('when the answer is lost', () => {
    it('publishes again: on a standard topic twice, and with a receipt', async () => {
      atFirst(1, truncate(emulation.url()));
      const [result] = await lastValueFrom(from(['a']).pipe(publishTo(connect().client, Words), toArray()));
      expect(result).to.have.property('_tag', 'Right');
      expect(await inQueue(QUEUE)).to.deep.equal(['a', 'a']);
    });

    it('does not publish again with retryUnanswered: false, and says that SNS may have it', async () => {
      atFirst(1, truncate(emulation.url()));
      const published$ = from(['a']).pipe(publishTo(connect().client, Words, { retryUnanswered: false }));
      const result = await lastValueFrom(published$);
      expect(result).to.have.nested.property('left.outcomeUnknown', true);
      expect(await inQueue(QUEUE)).to.deep.equal(['a']);
    });

    it('publishes again on a FIFO topic, which takes it once, and in order', async () => {
      const words = ['a1', 'b1', 'a2', 'a3', 'b2'];
      atFirst(2, truncate(emulation.url()));
      const results = await lastValueFrom(from(words).pipe(publishTo(connect().client, Lanes), toArray()));
      expect(results.every(E.isRight)).to.equal(true);
      const arrived = await inQueue(FIFO_QUEUE);
      expect(arrived.filter((word) => word.startsWith('a'))).to.deep.equal(['a1', 'a2', 'a3']);
      expect(arrived.filter((word) => word.startsWith('b'))).to.deep.equal(['b1', 'b2']);
    });
  });

  it('slows down when it is throttled, and publishes all the same', async () => {
    atFirst(3, throttle);
    const { client, events } = connect();
    const words = Array.from({ length: 25 }, (_, index) => String(index));
    const results = await lastValueFrom(from(words).pipe(publishTo(client, Words), toArray()));
    expect(results.every(E.isRight)).to.equal(true);
    expect(await inQueue(QUEUE)).to.have.members(words);
    expect(events.map(({ type }) => type))
      .to.include('slowed')
      .and.include('throttled');
  });

  it('tells of each value that SNS certainly has not, when nothing listens', async () => {
    await gateway.goAway();
    const { client } = connect({ retryAttempts: 0 });
    const results = await lastValueFrom(from(['a', 'b']).pipe(publishTo(client, Words), toArray()));
    for (const result of results) {
      const failure = E.isLeft(result) ? result.left : expect.fail('published');
      expect(failure.error).to.be.instanceOf(AWSConnectionError).and.to.have.property('code', 'ECONNREFUSED');
      expect(failure.outcomeUnknown).to.equal(false);
    }
  });

  it('publishes a Node stream, in batches', async () => {
    const { client, calls } = connect();
    const words = Array.from({ length: 500 }, (_, index) => String(index));
    const stream = Readable.from(words, { highWaterMark: 1 });
    const results = await lastValueFrom(publishFrom(client, Words, stream, { maxRequests: 2 }).pipe(toArray()));
    expect(results.filter(E.isRight)).to.have.length(500);
    expect(await inQueue(QUEUE)).to.have.members(words);
    expect(calls('PublishBatch')).to.be.within(50, 120);
  });

  it('has published, when the client is closed at once, what was accepted', async () => {
    const { client } = connect();
    const sink = toTopic(client, Words);
    const results = lastValueFrom(sink.pipe(toArray()));
    const words = Array.from({ length: 95 }, (_, index) => String(index));
    for (const word of words) sink.next(word);
    sink.complete();
    await client.close();
    expect((await results).every(E.isRight)).to.equal(true);
    expect(await inQueue(QUEUE)).to.have.members(words);
  });
});
