import { expect } from 'chai';
import * as t from 'io-ts';
import { interval, map, takeUntil, timer } from 'rxjs';
import type { MessagingEvent } from '../../../src/events.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { toTopic } from '../../../src/producer/toTopic.js';
import { topic, type Topic } from '../../../src/topic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { answered, fakeProducer, record, RECEIPTS, Words } from '../../helpers/fakeProducer.js';
import { fakeTopic } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';
import { tokenBucket, type TokenBucketOptions } from '../../helpers/tokenBucket.js';

const Others = topic('others', t.string);

/** A hundred values a second, each as a request of its own while nothing is throttled. */
function flood(options: TokenBucketOptions, seconds: number) {
  const sns = tokenBucket(options);
  const { client, events } = fakeClient(sns.calls, { retryAttempts: 100 });
  const told = { accepted: 0, failed: 0 };
  const publish = (of: Topic<string> = Words) =>
    interval(10)
      .pipe(
        takeUntil(timer(seconds * 1_000 + 1)),
        map((nth) => String(nth)),
        publishTo(client, of),
      )
      .subscribe(({ _tag }) => (told[_tag === 'Right' ? 'accepted' : 'failed'] += 1));
  return { sns, client, events, told, publish };
}

const slowed = (events: readonly MessagingEvent[]) =>
  events.flatMap((event) => (event.type === 'slowed' ? [event.requestsPerSecond] : []));

describe('Producer: throttling', () => {
  describe('When SNS throttles, the requests of the topic slow down, and come back to their rate within seconds (`slowed` in the events)', () => {
    for (const refuses of ['requests', 'entries'] as const) {
      it(`slow down, where SNS throttles ${refuses}: near the rate that it takes, with few throttles`, () => {
        marbles(({ flush }) => {
          const { sns, told, publish, events } = flood({ perSecond: 20, refuses }, 18);
          publish();
          flush();
          // The first second has the bucket's own tokens; then 20 a second are taken, of 100 that come.
          expect(sns.count(0, 1_000).made).to.be.lessThan(75);
          for (let second = 3; second < 18; second += 5) {
            const { made, throttled } = sns.count(second * 1_000, (second + 5) * 1_000);
            expect(made).to.be.within(60, 125);
            expect(throttled / made).to.be.lessThan(0.2);
          }
          expect(told).to.deep.equal({ accepted: 1_800, failed: 0 });
          expect(slowed(events).length).to.be.greaterThan(2);
          expect(Math.max(...slowed(events).slice(3))).to.be.lessThan(30);
        });
      });
    }

    it('come back to their rate within seconds, once nothing is throttled any more', () => {
      marbles((helpers) => {
        const { sns, told, publish } = flood({ perSecond: 20 }, 25);
        publish();
        at(helpers, 6_000, () => {
          sns.options.perSecond = Infinity;
        });
        helpers.flush();
        expect(sns.count(4_000, 6_000).made).to.be.lessThan(50);
        expect(sns.count(7_000, 20_000).throttled).to.equal(0);
        expect(sns.count(15_000, 16_000).made).to.equal(100);
        expect(sns.count(24_000, 25_000).made).to.equal(100);
        expect(told).to.deep.equal({ accepted: 2_500, failed: 0 });
      });
    });

    it('a throttle takes the rate down by 30 %, from what was really sent in the last second', () => {
      marbles(({ cold, flush }) => {
        const { results, events } = fakeProducer({
          failure: (nth) => (nth === 20 ? answered('Throttling', 400) : undefined),
        });
        results(cold('a 49ms '.repeat(20))).subscribe();
        flush();
        expect(slowed(events).map((rate) => rate.toFixed(6))).to.deep.equal(['14.000000']);
      });
    });

    it('requests under way together count once', () => {
      marbles(({ cold, flush }) => {
        const { results, events } = fakeProducer({
          latencyMs: 10,
          failure: (nth) => (nth >= 3 && nth <= 9 ? answered('Throttling', 400) : undefined),
        });
        results(cold('abcdefghi')).subscribe();
        flush();
        expect(slowed(events)).to.have.lengthOf(1);
      });
    });

    it('the event has the topic and the new rate, and no payload', () => {
      marbles(({ cold, flush }) => {
        const { results, events } = fakeProducer({
          failure: (nth) => (nth === 1 ? answered('Throttling', 400) : undefined),
        });
        results(cold('a')).subscribe();
        flush();
        expect(events.filter(({ type }) => type === 'slowed')).to.deep.equal([
          { type: 'slowed', at: 4, topic: 'words', requestsPerSecond: 1 },
        ]);
      });
    });

    it('a failure of another kind slows nothing', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, events } = fakeProducer({
          failure: (nth) => (nth < 3 ? answered('ServiceUnavailable', 503) : undefined),
        });
        const source = cold('  a-b-c-d|               ');
        const expected = '     --------C-D---A-(B|)   ';
        expectObservable(results(source, { backoff: () => 6 })).toBe(expected, RECEIPTS);
        flush();
        expect(slowed(events)).to.deep.equal([]);
      });
    });
  });

  it('one throttled topic slows no other', () => {
    marbles(({ cold, flush }) => {
      const sns = fakeTopic();
      const { client } = fakeClient({
        publishBatch: (request) =>
          request.topicArn.endsWith('words')
            ? cold('----#', {}, answered('Throttling', 400))
            : sns.calls.publishBatch(request),
      });
      cold('abcdef').pipe(publishTo(client, Words)).subscribe();
      cold('----------g-h-i-j').pipe(publishTo(client, Others)).subscribe();
      flush();
      expect(sns.log).to.deep.equal(['10: g', '12: h', '14: i', '16: j']);
    });
  });

  it('two sinks of one topic share what they know', () => {
    marbles(({ cold, flush }) => {
      const { client, sns } = fakeProducer({ failure: (nth) => (nth === 1 ? answered('Throttling', 400) : undefined) });
      const backoff = () => 60_000;
      cold('a').subscribe(toTopic(client, Words, { backoff }));
      cold('-----b-c-d').subscribe(toTopic(client, Words, { backoff }));
      cold('------e').pipe(publishTo(client, Words)).subscribe();
      flush();
      // One request at once; from then on they take turns by the rate of one a second and rising.
      const [first, second, third, fourth] = sns.log;
      expect([first, second]).to.deep.equal(['0: a', '5: b']);
      expect([third, fourth].map((line) => line?.replace(/^[\d.]+: /, ''))).to.have.members(['c d', 'e']);
      expect(Number.parseFloat(third ?? '')).to.be.within(500, 1_010);
    });
  });

  it('values gather while their request waits for its turn', () => {
    marbles(({ cold, flush }) => {
      const { client, sns } = fakeProducer({ failure: (nth) => (nth === 1 ? answered('Throttling', 400) : undefined) });
      cold('a----b-c-d-(efg)')
        .pipe(publishTo(client, Words, { backoff: () => 60_000 }))
        .subscribe();
      flush();
      expect(sns.log.map((line) => line.replace(/^[\d.]+: /, ''))).to.deep.equal(['a', 'b', 'c d e f g', 'a']);
    });
  });

  describe('`rateLimit` of the configuration caps those of the client.', () => {
    it('evenly, for all its topics and sinks', () => {
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer({ settings: { rateLimit: 100 } });
        cold('(abc)').subscribe(toTopic(client, Words));
        cold('d---e').pipe(publishTo(client, Words)).subscribe();
        cold('f').pipe(publishTo(client, Others)).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a b c', '10: d e', '20: f']);
      });
    });

    it('retries too, and every second no more than it says', () => {
      marbles(({ flush }) => {
        const sns = tokenBucket({ perSecond: Infinity });
        const { client } = fakeClient(sns.calls, { rateLimit: 25 });
        const lines = record(
          interval(5).pipe(
            takeUntil(timer(4_001)),
            map((nth) => String(nth)),
            publishTo(client, Words),
            map(({ _tag }) => _tag),
          ),
        );
        flush();
        for (let from = 0; from < 3_000; from += 250) expect(sns.count(from, from + 1_000).made).to.equal(25);
        expect(lines).to.have.lengthOf(801);
      });
    });
  });
});
