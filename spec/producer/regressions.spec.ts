import { expect } from 'chai';
import * as t from 'io-ts';
import { asyncScheduler, map, type Observable, of, Subject, takeUntil } from 'rxjs';
import { ackMap, fromTopic, publishEvent, topic } from '../../src/index.js';
import { messagingTest } from '../../src/testing/index.js';
import { publishFrom } from '../../src/producer/publishFrom.js';
import { publishTo } from '../../src/producer/publishTo.js';
import { answered, broken, fakeProducer, fate, Groups, record, Words } from '../helpers/fakeProducer.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { fakeTopic } from '../helpers/fakeTopic.js';
import { at, marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

/** Sets the clock by so many milliseconds, until the end of the spec. */
function watchClock(): (byMs: number) => void {
  const { now } = asyncScheduler;
  afterEach(() => {
    asyncScheduler.now = now;
  });
  return (byMs) => {
    asyncScheduler.now = () => now() + byMs;
  };
}

describe('Producer: regressions', () => {
  const unhandled = watchUnhandled();
  const setClock = watchClock();

  it('A value is sent at once while a request slot is free: also when the clock was set back', () => {
    marbles((helpers) => {
      const { sink, sns } = fakeProducer();
      helpers.cold('a---------b').subscribe(sink());
      at(helpers, 5, () => setClock(-3_600_000));
      helpers.flush();
      // Nothing is throttled and there is no `rateLimit`, and yet `b` waited for an hour.
      expect(sns.log).to.deep.equal(['0: a', '-3599990: b']);
    });
  });

  it('a throttle takes the rate down from what was really sent in the last second, also when the clock was set back', () => {
    marbles((helpers) => {
      const { results, events } = fakeProducer({
        failure: (nth) => (nth === 60 ? answered('Throttling', 400) : undefined),
      });
      // Ten requests a second. What was sent before the clock was set back is older than a second by the end.
      results(helpers.cold('a 99ms '.repeat(60))).subscribe();
      at(helpers, 3_050, () => setClock(-3_600_000));
      helpers.flush();
      const rates = events.flatMap((event) => (event.type === 'slowed' ? [event.requestsPerSecond.toFixed(3)] : []));
      expect(rates).to.deep.equal(['7.000']);
    });
  });

  describe("nobody is to fail for a neighbour's fault: the request that SNS refused for it is no try of the others", () => {
    for (const retryAttempts of [1, 3]) {
      it(`with retryAttempts ${retryAttempts}, a value is tried as often as without the neighbour`, () => {
        marbles(({ cold, flush }) => {
          const { client, sns } = fakeProducer({
            settings: { retryAttempts },
            refusal: (values) =>
              values.includes('x') ? answered('InvalidParameter', 400) : answered('ServiceUnavailable', 503),
          });
          cold('(ax)').pipe(publishTo(client, Words)).subscribe();
          flush();
          const alone = sns.log.filter((line) => line.endsWith(': a'));
          expect(alone).to.have.lengthOf(1 + retryAttempts);
        });
      });
    }
  });

  it('a generator that ends its own subscription while it runs is returned, and nothing is reported', () => {
    marbles(({ flush }) => {
      const { client } = fakeProducer();
      const stop = new Subject<void>();
      const steps: string[] = [];
      function* values(): Generator<string> {
        try {
          yield 'a';
          stop.next();
          yield 'b';
        } finally {
          steps.push('left');
        }
      }
      publishFrom(client, Words, values()).pipe(takeUntil(stop)).subscribe();
      flush();
      expect([unhandled().map(String), steps]).to.deep.equal([[], ['left']]);
    });
  });

  it('outcomeUnknown stays so, also where the ARN of the topic is not known any more', () => {
    marbles(({ cold, flush }) => {
      const topicMap: Record<string, string> = { words: 'arn:aws:sns:eu-west-1:123456789012:elsewhere' };
      const { client } = fakeProducer({
        settings: { accountId: undefined, topicMap },
        failure: () => {
          delete topicMap.words;
          return broken('ECONNRESET');
        },
      });
      const fates = record(cold('a').pipe(publishTo(client, Words), map(fate)));
      flush();
      expect(fates.join()).to.match(/a\? ConfigurationError$/);
    });
  });

  it('a value that was given up holds up no other sink of its group, though its own is busy', () => {
    marbles((helpers) => {
      const sns = fakeTopic({ latencyMs: 1_000 });
      const { client } = fakeClient(sns.calls);
      const abort = new AbortController();
      // As many requests under way as there may be.
      for (const [ms, group] of Array.from('abcdefghijklmnopqrst').entries()) {
        at(helpers, ms, () => {
          void publishEvent(client, Groups, `${group}1`);
        });
      }
      at(helpers, 30, () => {
        publishEvent(client, Groups, 'z1', { signal: abort.signal }).catch(() => undefined);
      });
      at(helpers, 31, () => {
        abort.abort();
      });
      helpers.cold('32ms z', { z: 'z2' }).pipe(publishTo(client, Groups)).subscribe();
      helpers.flush();
      expect(sns.log.filter((line) => line.includes('z'))).to.deep.equal(['32: z2']);
    });
  });

  it('a handler that publishes while the client closes has its message redelivered, not dead-lettered', () => {
    messagingTest(({ broker, publish, flush }) => {
      const settled: string[] = [];
      broker.events$.subscribe((event) => {
        if (event.type === 'settled') settled.push(event.settlement);
      });
      const copy = (word: string): Observable<unknown> => {
        void broker.close();
        return of(word).pipe(publishTo(broker, topic('copies', t.string), { stopOnError: true }));
      };
      fromTopic(broker, Words).pipe(ackMap(copy)).subscribe();
      publish(Words, 'a');
      flush();
      expect(settled).to.deep.equal(['retryAfter']);
    });
  });
});
