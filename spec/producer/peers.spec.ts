import { inspect } from 'node:util';
import { expect } from 'chai';
import * as t from 'io-ts';
import { map } from 'rxjs';
import { ackMap, fifoTopic, fromTopic, publishTo, topic, toTopic } from '../../src/index.js';
import { messagingTest } from '../../src/testing/index.js';
import {
  answered,
  fakeProducer,
  type FakeProducerOptions,
  fate,
  Groups,
  record,
  Words,
} from '../helpers/fakeProducer.js';
import { BUSY, REFUSED } from '../helpers/fakeTopic.js';
import { inOrder, Letters } from '../helpers/letters.js';
import { marbles } from '../helpers/marbles.js';
import { watchCalls } from '../helpers/watchCalls.js';

/** What a topic made of such entries of SNS: the requests for the values, each letter a value. */
function requestsFor(options: FakeProducerOptions, letters: string, values: Readonly<Record<string, string>> = {}) {
  const { results, sns } = fakeProducer(options);
  marbles(({ cold, flush }) => {
    const own = Object.fromEntries(Array.from(letters, (letter) => [letter, letter]));
    results(cold(`(${letters}|)`, { ...own, ...values })).subscribe();
    flush();
  });
  return sns.requests;
}

/** What peers do when they publish, and this library does not. */
describe('publishing', () => {
  it('makes no batch over the byte limit though each entry fits (extended clients)', () => {
    const large = 'x'.repeat(100_000);
    const requests = requestsFor({}, 'abcde', { a: large, b: large, c: large, d: large, e: large });
    const bytes = requests.map(({ entries }) => entries.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0));
    expect(bytes).to.deep.equal([200_004, 200_004, 100_002]);
  });

  it('counts bytes, not characters, of a value and of a batch (MassTransit, NServiceBus)', () => {
    // 50,000 characters, 150,000 bytes.
    const wide = '€'.repeat(50_000);
    expect(requestsFor({}, 'ab', { a: wide, b: wide }).map(({ entries }) => entries.length)).to.deep.equal([1, 1]);
    expect(requestsFor({}, 'a', { a: '€'.repeat(90_000) })).to.deep.equal([]);
  });

  it('counts attributes, of a value and of a batch (extended clients)', () => {
    const Tagged = topic('words', t.string, { attributes: () => ({ tag: 'x'.repeat(150_000) }) });
    expect(requestsFor({ of: Tagged }, 'ab').map(({ entries }) => entries.length)).to.deep.equal([1, 1]);
  });

  it('uses no string bodies as entry ids: equal values go in one batch, each with its own answer (sqs-producer)', () => {
    const [request] = requestsFor({}, 'aaa', { a: 'not an id!' });
    expect(request?.entries.map(({ id }) => id)).to.deep.equal(['0', '1', '2']);
    messagingTest(({ broker, cold, expectPublished }) => {
      const words = { a: 'same words' };
      broker.provision(Letters);
      expectPublished(Letters).toBe('(aaa)', words);
      cold('(aaa|)', words).pipe(publishTo(broker, Letters)).subscribe();
    });
  });

  it('invents no group ids: a FIFO topic has those of its values, a standard one has none (Spring Cloud AWS)', () => {
    const ids = (options: FakeProducerOptions) =>
      requestsFor(options, 'abx', { a: 'a1', b: 'a2', x: 'x1' }).flatMap(({ entries }) =>
        entries.map(({ groupId }) => groupId),
      );
    expect(ids({ of: Groups })).to.deep.equal(['a', 'x', 'a']);
    expect(ids({})).to.deep.equal([undefined, undefined, undefined]);
  });

  it('takes no hash of the body for a deduplication id: equal jobs are two jobs (Shoryuken)', () => {
    const Job = t.type({ id: t.string, what: t.string });
    const jobs = { a: { id: '1', what: 'mail' }, b: { id: '2', what: 'mail' } };
    // The id of a job is not in its body.
    const OnWire = new t.Type<t.TypeOf<typeof Job>, string, unknown>(
      'OnWire',
      Job.is,
      (what, context) => (typeof what === 'string' ? t.success({ id: 'read', what }) : t.failure(what, context)),
      ({ what }) => what,
    );
    const Jobs = fifoTopic('jobs', OnWire, { groupId: () => 'all', deduplicationId: ({ id }) => id });
    messagingTest(({ broker, cold, expectObservable }) => {
      broker.provision(Jobs);
      cold('(aba|)', jobs).pipe(publishTo(broker, Jobs)).subscribe();
      const got$ = fromTopic(broker, Jobs).pipe(ackMap(({ what }) => [what]));
      expectObservable(got$).toBe('(mm)', { m: 'mail' });
    }, inOrder);
  });

  it('does more with `Failed` entries than log them: each is tried again, or the result of its value (JustSaying)', () => {
    marbles(({ cold, flush }) => {
      const { client } = fakeProducer({
        fare: (value, attempt) => (value === 'b' ? REFUSED : value === 'c' && attempt === 1 ? BUSY : 'accepted'),
      });
      const fates = record(cold('(abcd|)').pipe(publishTo(client, Words), map(fate)));
      flush();
      expect(fates).to.deep.equal(['4: a ok', '4: b! InvalidParameter', '4: d ok', '58: c ok', '58: complete']);
    });
  });

  it('makes no count of them that loses the successes: seven receipts with their ids (Pekko Connectors)', () => {
    messagingTest(({ broker, cold, flush }) => {
      broker.provision(Letters);
      broker.fail('publish', { entries: { 1: 'InvalidParameter', 4: 'InvalidParameter', 7: 'InvalidParameter' } });
      const ids: string[] = [];
      const failed: string[] = [];
      cold('(abcdefghij|)')
        .pipe(publishTo(broker, Letters))
        .subscribe((result) => {
          if (result._tag === 'Right') ids.push(result.right.messageId);
          else failed.push(result.left.value);
        });
      flush();
      expect(new Set(ids).size).to.equal(7);
      expect(failed).to.deep.equal(['b', 'e', 'h']);
    });
  });

  it('does not say that a value is published when it is merely queued (Spring Cloud AWS)', () => {
    messagingTest(({ broker, cold, expectObservable, expectPublished }) => {
      broker.provision(Letters);
      broker.latency({ publish: 100 });
      const tags$ = cold('a|').pipe(
        publishTo(broker, Letters),
        map(({ _tag }) => _tag.charAt(0)),
      );
      expectObservable(tags$).toBe('100ms (R|)');
      expectPublished(Letters).toBe('50ms a');
    });
  });

  it('shows payloads in no exception and no event, also not those that AWS quotes (JustSaying)', () => {
    marbles(({ cold, flush }) => {
      const quoting = Object.assign(answered('InvalidParameter', 400), { message: 'Invalid parameter: hunter2' });
      const { client, events } = fakeProducer({ failure: () => quoting });
      const told: unknown[] = [events];
      const values = { a: 'hunter2', x: ['hunter2'] as unknown as string };
      cold('(ax|)', values)
        .pipe(publishTo(client, Words))
        .subscribe((result) =>
          told.push(result, result._tag === 'Left' ? [result.left.error, result.left.error.cause] : []),
        );
      flush();
      const texts = told.map(
        (one) => `${String(one)} ${inspect(one, { depth: 9, showHidden: true })} ${JSON.stringify(one)}`,
      );
      expect(texts.join())
        .to.contain('InvalidParameter')
        .and.to.contain('expected string')
        .and.not.to.contain('hunter2');
    });
  });

  it('makes no ListTopics at start, nor any call but PublishBatch, and none before the first value (MassTransit)', () => {
    messagingTest(({ broker, cold, expectObservable, flush }) => {
      broker.provision(Letters);
      const calls: string[] = [];
      broker.events$.subscribe((event) => {
        if (event.type === 'called') calls.push(event.operation);
      });
      const client = watchCalls(broker);
      cold('---a---b').subscribe(toTopic(client, Letters));
      const requests$ = client.requests$('publishBatch').pipe(map(() => 'r'));
      expectObservable(requests$).toBe('---r---r');
      flush();
      expect(calls).to.deep.equal(['PublishBatch', 'PublishBatch']);
    });
  });
});
