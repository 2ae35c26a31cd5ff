import { expect } from 'chai';
import * as t from 'io-ts';
import { map, Observable, take } from 'rxjs';
import { AWSConnectionError } from '../../src/errors.js';
import { publishTo, type PublishToOptions } from '../../src/producer/publishTo.js';
import { fifoTopic, topic } from '../../src/topic.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { brief, BUSY, type Fare, fakeTopic, type FakeTopicOptions, REFUSED } from '../helpers/fakeTopic.js';
import { at, marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const Words = topic('words', t.string);
/** `b1` is the first value of the group `b`. */
const Lanes = fifoTopic('lanes', t.string, { groupId: ([group = '']) => group, deduplicationId: (word) => word });

const transient = (code: string): AWSConnectionError =>
  new AWSConnectionError({ operation: 'PublishBatch', code, retryable: true });
const fatal = new AWSConnectionError({ operation: 'PublishBatch', code: 'AccessDenied', retryable: false });

/** What the results of each letter are, accepted and failed. */
const RESULTS = {
  A: 'a: id-a',
  B: 'b: id-b',
  C: 'c: id-c',
  D: 'd: id-d',
  E: 'e: id-e',
};

/** Publishes a source to a fake topic. */
function publishing(fakes: FakeTopicOptions = {}, options: PublishToOptions = {}, of = Words) {
  const sns = fakeTopic(fakes);
  const fake = fakeClient(sns.calls);
  const results = (source: Observable<string>) => source.pipe(publishTo(fake.client, of, options), map(brief));
  return { ...fake, sns, results };
}

describe('publishTo', () => {
  const unhandled = watchUnhandled();

  describe('batches', () => {
    it('sends what comes in one tick together, at once while a request is free', () => {
      marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
        const { results, sns } = publishing({ latencyMs: 4 });
        const source = cold('  --a-(bc)-------d--|   ');
        const subscription = ' ^-----------------!   ';
        const expected = '     ------A-(BC)-------(D|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
        expectSubscriptions(source.subscriptions).toBe(subscription);
        flush();
        expect(sns.log).to.deep.equal(['2: a', '4: b c', '15: d']);
      });
    });

    it('gathers what comes while all requests are under way into the next one', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({ latencyMs: 4 }, { maxRequests: 1 });
        const source = cold('abcd-----e----|');
        const expected = '   ----A---(BCD)E|';
        expectObservable(results(source)).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '4: b c d', '9: e']);
      });
    });

    it('makes no more requests at once than maxRequests, 20 by default', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = publishing({ latencyMs: 30 });
        const source = cold('abcdefghijklmnopqrstuvw|');
        results(source).subscribe();
        flush();
        expect(sns.log.slice(18)).to.deep.equal(['18: s', '19: t', '30: u v w']);
      });
    });

    it('puts ten values in a request, their positions as ids', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = publishing();
        results(cold('(abcdefghijkl|)')).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a b c d e f g h i j', '0: k l']);
        expect(sns.requests[0]?.entries.map(({ id }) => id).join('')).to.equal('0123456789');
      });
    });

    it('keeps a whole request within the bytes a message may have', () => {
      marbles(({ cold, flush }) => {
        // Each body has its two quotes: 12 bytes for aaaaaaaaaa, 14 for the four smilies of 4 bytes each minus one.
        const Small = topic('words', t.string, { maxMessageBytes: 30 });
        const { results, sns } = publishing({}, {}, Small);
        results(cold('(abc|)', { a: 'aaaaaaaaaa', b: '\u{1F600}\u{1F600}\u{1F600}\u{1F600}', c: 'c' })).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: aaaaaaaaaa \u{1F600}\u{1F600}\u{1F600}\u{1F600}', '0: c']);
      });
    });

    it('sends to the ARN of the topic, with everything that belongs to a value', () => {
      marbles(({ cold, flush }) => {
        const Rich = fifoTopic('words', t.string, {
          groupId: () => 'group',
          deduplicationId: () => 'dedup',
          subject: () => 'about',
          attributes: () => ({ kind: 'x' }),
        });
        const { results, sns } = publishing({}, {}, Rich);
        results(cold('a')).subscribe();
        flush();
        expect(sns.requests).to.deep.equal([
          {
            topicArn: 'arn:aws:sns:eu-west-1:123456789012:dev-words.fifo',
            entries: [
              {
                id: '0',
                body: '"a"',
                attributes: { kind: { dataType: 'String', stringValue: 'x' } },
                groupId: 'group',
                deduplicationId: 'dedup',
                subject: 'about',
              },
            ],
          },
        ]);
      });
    });
  });

  describe('results', () => {
    it('come as they are known, each with its value', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = publishing({
          fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : 'accepted'),
        });
        const source = cold('                  (ab|)             ');
        const expected = '                     ----B 49ms ----(A|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
      });
    });

    it('of a batch of which three fail are seven receipts and three failures', () => {
      marbles(({ cold, flush }) => {
        const { results } = publishing({ fare: (value) => ('beh'.includes(value) ? REFUSED : 'accepted') });
        const seen: string[] = [];
        results(cold('(abcdefghij|)')).subscribe((result) => seen.push(result));
        flush();
        expect(seen).to.deep.equal([
          'a: id-a',
          'b! InvalidParameter',
          'c: id-c',
          'd: id-d',
          'e! InvalidParameter',
          'f: id-f',
          'g: id-g',
          'h! InvalidParameter',
          'i: id-i',
          'j: id-j',
        ]);
      });
    });

    it('carry the sequence number where SNS gives one', () => {
      marbles(({ cold, expectObservable }) => {
        const { client } = fakeClient({
          publishBatch: () =>
            cold('-(a|)', { a: { successful: [{ id: '0', messageId: 'm', sequenceNumber: '7' }], failed: [] } }),
        });
        expectObservable(cold('a|').pipe(publishTo(client, Words))).toBe('-(r|)', {
          r: { _tag: 'Right', right: { value: 'a', messageId: 'm', sequenceNumber: '7' } },
        });
      });
    });

    it('are none for a source that is empty or never emits', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, requests } = publishing();
        expectObservable(results(cold('---|'))).toBe('---|');
        expectObservable(results(cold('----'))).toBe('----');
        flush();
        expect(requests).to.deep.equal([]);
      });
    });
  });

  describe('refusals', () => {
    it('are known at once, in the order of the values, without a call', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({}, {}, topic('words', t.string, { maxMessageBytes: 6 }));
        const source = cold('   (axby|)      ', { a: 'a', b: 'b', x: 7 as unknown as string, y: 'yyyyy' });
        const expected = '      (XY)(AB|)    ';
        expectObservable(results(source)).toBe(expected, {
          ...RESULTS,
          X: '7! ValidationFailedError',
          Y: 'yyyyy! InvalidMessageError',
        });
        flush();
        expect(sns.log).to.deep.equal(['0: a b']);
      });
    });

    it('are an OverflowError above maxPending; room comes with each answer', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({}, { maxPending: 2 });
        const source = cold('   (abc)d|      ');
        const expected = '      C---(AB)-(D|)';
        expectObservable(results(source)).toBe(expected, { ...RESULTS, C: 'c! OverflowError' });
        flush();
        expect(sns.log).to.deep.equal(['0: a b', '5: d']);
      });
    });

    it('are a ConfigurationError while nobody knows the ARN of the topic; it is asked for again with each request', () => {
      marbles((helpers) => {
        const { cold, expectObservable } = helpers;
        const sns = fakeTopic();
        const topicMap: Record<string, string> = {};
        const { client } = fakeClient(sns.calls, { accountId: undefined, topicMap });
        at(helpers, 2, () => {
          topicMap.words = 'arn:aws:sns:eu-west-1:123456789012:elsewhere';
        });
        const source = cold('  a--b|    ');
        const expected = '     A------(B|)';
        const result = source.pipe(publishTo(client, Words), map(brief));
        expectObservable(result).toBe(expected, { ...RESULTS, A: 'a! ConfigurationError' });
        helpers.flush();
        expect(sns.requests.map(({ topicArn }) => topicArn)).to.deep.equal([topicMap.words]);
      });
    });
  });

  describe('failures', () => {
    it('of the sender are reported at once', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({ fare: (value) => (value === 'a' ? REFUSED : 'accepted') });
        const source = cold('  (ab|)      ');
        const expected = '     ----(AB|)  ';
        expectObservable(results(source)).toBe(expected, { ...RESULTS, A: 'a! InvalidParameter' });
        flush();
        expect(sns.log).to.deep.equal(['0: a b']);
      });
    });

    it('of the receiver are tried again, each entry alone, after a backoff', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing(
          { fare: (value, attempt) => (value !== 'b' && attempt === 1 ? BUSY : 'accepted') },
          { backoff: () => 3 },
        );
        const source = cold('  (abc|)          ');
        const expected = '     ----B------(AC|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b c', '7: a', '7: c']);
      });
    });

    it('of entries that the answer does not mention are tried again', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing(
          { fare: (value, attempt) => (value === 'a' && attempt === 1 ? 'unmentioned' : 'accepted') },
          { backoff: () => 3 },
        );
        const source = cold('  (ab|)          ');
        const expected = '     ----B------(A|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b', '7: a']);
      });
    });

    it('of a whole request are tried again as it was', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing(
          { failure: (request) => (request === 1 ? transient('ECONNRESET') : undefined) },
          { backoff: () => 3 },
        );
        const source = cold('  (abc|)           ');
        const expected = '     -----------(ABC|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b c', '7: a b c']);
      });
    });

    it('of a whole request that can not succeed are the failure of each of its values', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({ failure: () => fatal });
        const source = cold('  (ab|)      ');
        const expected = '     ----(AB|)  ';
        expectObservable(results(source)).toBe(expected, { A: 'a! AccessDenied', B: 'b! AccessDenied' });
        flush();
        expect(sns.log).to.have.length(1);
      });
    });

    it('of a request that throws what is no error of ours are classified', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = publishing({ failure: () => new TypeError('SECRET') });
        expectObservable(results(cold('a|'))).toBe('----(A|)', { A: 'a! Unknown' });
      });
    });

    it('are tried retryAttempts times, with exponential backoff and full jitter up to 5 s', () => {
      marbles(({ cold, flush }) => {
        const sns = fakeTopic({ latencyMs: 0, fare: () => BUSY });
        // The helper's random number is 0.5.
        const { client } = fakeClient(sns.calls, { retryAttempts: 8 });
        const seen: string[] = [];
        cold('a|')
          .pipe(publishTo(client, Words), map(brief))
          .subscribe((result) => seen.push(result));
        flush();
        const times = sns.log.map((line) => parseInt(line, 10));
        const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        expect(delays).to.deep.equal([50, 100, 200, 400, 800, 1_600, 2_500, 2_500]);
        expect(seen).to.deep.equal(['a! InternalError']);
      });
    });

    it('that wait to be tried again hold no request, and go before new values', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing(
          { latencyMs: 4, fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : 'accepted') },
          { backoff: () => 3, maxRequests: 1 },
        );
        // a fails at 4 and waits until 7; b is under way until 8; a goes before c.
        const source = cold('  a---bc|         ');
        const expected = '     --------B---A---(C|)';
        expectObservable(results(source)).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '4: b', '8: a', '12: c']);
      });
    });

    it('of a backoff that throws are reported, and the default takes its place', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const bug = new Error('bug');
        const { results, sns } = publishing(
          { fare: (_, attempt) => (attempt === 1 ? BUSY : 'accepted') },
          {
            backoff: () => {
              throw bug;
            },
          },
        );
        expectObservable(results(cold('a|'))).toBe('54ms ----(A|)', RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '54: a']);
        expect(unhandled()).to.deep.equal([bug]);
      });
    });

    it('of a backoff that gives no number of milliseconds are as well', () => {
      for (const delayMs of [NaN, -1, Infinity, 2 ** 31]) {
        marbles(({ cold, expectObservable, flush }) => {
          const fare = (_: unknown, attempt: number): Fare => (attempt === 1 ? BUSY : 'accepted');
          const { results } = publishing({ fare }, { backoff: () => delayMs });
          expectObservable(results(cold('a|'))).toBe('54ms ----(A|)', RESULTS);
          flush();
        });
      }
      const text = 'RangeError: backoff: expected a number of milliseconds from 0 to 2147483647';
      expect(unhandled().map(String)).to.deep.equal([text, text, text, text]);
    });
  });

  describe('FIFO', () => {
    const lanes = { a: 'a1', b: 'b1', c: 'a2', d: 'a3', e: 'b2' };
    const shown = { A: 'a1: id-a1', B: 'b1: id-b1', C: 'a2: id-a2', D: 'a3: id-a3', E: 'b2: id-b2' };

    it('puts one value of a group into a request, and has no two requests of a group under way', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing({}, {}, Lanes);
        const source = cold('  (abcde|)                ', lanes);
        const expected = '     ----(AB)(CE)(D|)        ';
        expectObservable(results(source)).toBe(expected, shown);
        flush();
        expect(sns.log).to.deep.equal(['0: a1 b1', '4: a2 b2', '8: a3']);
      });
    });

    it('keeps the order of a group through the retry of an entry, with the same deduplication id; other groups go on', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing(
          { fare: (value, attempt) => (value === 'a1' && attempt === 1 ? BUSY : 'accepted') },
          { backoff: () => 6 },
          Lanes,
        );
        const source = cold('  (abcde|)                     ', lanes);
        const expected = '     ----B---E-----A---C---(D|)   ';
        expectObservable(results(source)).toBe(expected, shown);
        flush();
        expect(sns.log).to.deep.equal(['0: a1 b1', '4: b2', '10: a1', '14: a2', '18: a3']);
        const ids = sns.requests.flatMap(({ entries }) => entries.map(({ deduplicationId }) => deduplicationId));
        expect(ids).to.deep.equal(['a1', 'b1', 'b2', 'a1', 'a2', 'a3']);
      });
    });

    it('keeps the order of each group through the retry of a request', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = publishing(
          { failure: (request) => (request === 1 ? transient('Timeout') : undefined) },
          { backoff: () => 6 },
          Lanes,
        );
        results(cold('(abcde|)', lanes)).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a1 b1', '10: a1 b1', '14: a2 b2', '18: a3']);
        expect(sns.accepted).to.deep.equal(['a1', 'b1', 'a2', 'b2', 'a3']);
      });
    });

    it('keeps the order of a group whichever sinks its values come from', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = publishing(
          { fare: (value, attempt) => (value === 'a1' && attempt === 1 ? BUSY : 'accepted') },
          { backoff: () => 6 },
          Lanes,
        );
        results(cold('a|', lanes)).subscribe();
        results(cold('-(cb|)', lanes)).subscribe();
        results(cold('--d|', lanes)).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a1', '1: b1', '10: a1', '14: a2', '18: a3']);
      });
    });

    it('goes on with a group after a value of it failed for good', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = publishing({ fare: (value) => (value === 'a1' ? REFUSED : 'accepted') }, {}, Lanes);
        const source = cold('  (ac|)        ', lanes);
        const expected = '     ----A---(C|) ';
        expectObservable(results(source)).toBe(expected, { ...shown, A: 'a1! InvalidParameter' });
      });
    });

    it('lets the group ids of a standard topic be: they are tenants, not lanes', () => {
      marbles(({ cold, flush }) => {
        const Fair = topic('words', t.string, { groupId: () => 'tenant' });
        const { results, sns } = publishing({}, {}, Fair);
        results(cold('(abc|)')).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a b c']);
        expect(sns.requests[0]?.entries[0]?.groupId).to.equal('tenant');
      });
    });
  });

  describe('ends', () => {
    it('passes an error of the source on after the results of what was accepted', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const { results } = publishing();
        const source = cold('  a-#       ');
        const subscription = ' ^-!       ';
        const expected = '     ----(A#)  ';
        expectObservable(results(source)).toBe(expected, RESULTS);
        expectSubscriptions(source.subscriptions).toBe(subscription);
      });
    });

    it('is cold: each subscription publishes on its own', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = publishing();
        const published = results(cold('a|'));
        expectObservable(published).toBe('       ----(A|)  ', RESULTS);
        expectObservable(published, '--^').toBe('------(A|)', RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '2: a']);
      });
    });

    it('does not cancel what was accepted when it is unsubscribed; what went well needs no report', () => {
      marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
        const { results, sns } = publishing({}, { maxRequests: 1 });
        const source = cold('  ab-c-- ');
        const unsubscribe = '  --!    ';
        const expected = '     ---    ';
        expectObservable(results(source), unsubscribe).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^-!');
        flush();
        expect(sns.accepted).to.deep.equal(['a', 'b']);
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('reports failures that come after it was unsubscribed as RxJS reports unhandled errors', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results } = publishing({ failure: () => fatal });
        expectObservable(results(cold('a')), '-!').toBe('-');
        flush();
        expect(unhandled()).to.deep.equal([fatal]);
      });
    });
  });

  it('says nothing of an error of its source to one who has left, as no operator does', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const { results, sns } = publishing();
      expectObservable(results(cold('(ab#)')).pipe(take(1))).toBe('----(A|)', RESULTS);
      flush();
      expect(sns.accepted).to.deep.equal(['a', 'b']);
      expect(unhandled()).to.deep.equal([]);
    });
  });

  describe('stopOnError', () => {
    it('errors with the error of the first failure, and ends the source', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const { results } = publishing(
          { failure: (request) => (request === 2 ? fatal : undefined) },
          { stopOnError: true },
        );
        const source = cold('  a-b----c ');
        const subscription = ' ^-----!  ';
        const expected = '     ----A-#  ';
        expectObservable(results(source)).toBe(expected, RESULTS, fatal);
        expectSubscriptions(source.subscriptions).toBe(subscription);
      });
    });

    it('publishes what was accepted before all the same; who was told of the first failure is not told of the next', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns, events } = publishing(
          { fare: (value) => (value === 'c' ? 'accepted' : REFUSED) },
          { stopOnError: true },
        );
        const error = new AWSConnectionError({ operation: 'PublishBatch', code: 'InvalidParameter', retryable: false });
        expectObservable(results(cold('ab-c'))).toBe('----#', {}, error);
        flush();
        expect(sns.accepted).to.deep.equal(['c']);
        expect(unhandled()).to.deep.equal([]);
        expect(events.filter(({ type }) => type === 'publishFailed')).to.have.length(2);
      });
    });

    it('says nothing of an error of the source once it has told of the first failure', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results } = publishing({ fare: () => REFUSED }, { stopOnError: true });
        const error = new AWSConnectionError({ operation: 'PublishBatch', code: 'InvalidParameter', retryable: false });
        expectObservable(results(cold('a-#'))).toBe('----#', {}, error);
        flush();
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('takes no further value of a source that emits without pause', () => {
      marbles(({ flush }) => {
        const { results, sns } = publishing({}, { stopOnError: true });
        let taken = 0;
        const source = new Observable<string>((subscriber) => {
          while (!subscriber.closed && taken < 1_000) {
            taken += 1;
            subscriber.next(taken === 3 ? (3 as unknown as string) : 'a');
          }
        });
        const seen: string[] = [];
        results(source).subscribe({
          error: (error: unknown) => {
            seen.push((error as Error).name);
          },
        });
        flush();
        expect(seen).to.deep.equal(['ValidationFailedError']);
        expect(taken).to.equal(3);
        expect(sns.accepted).to.deep.equal(['a', 'a']);
      });
    });
  });

  describe('the client', () => {
    it('waits at its close for what was accepted; what comes after fails with ClientClosed', () => {
      marbles((helpers) => {
        const { cold, expectObservable, flush } = helpers;
        const { client, results, sns } = publishing({}, { maxRequests: 1 });
        const closed: string[] = [];
        at(helpers, 2, () => {
          client.port.closed$.subscribe(() => closed.push(String(sns.accepted)));
          void client.close();
        });
        const source = cold('  ab-c|        ');
        const expected = '     ---CA---(B|) ';
        expectObservable(results(source)).toBe(expected, { ...RESULTS, C: 'c! ClientClosed' });
        flush();
        expect(closed).to.deep.equal(['a,b']);
      });
    });

    it('ends requests and waits when it has no time left; each value is told whether SNS may have it', () => {
      marbles((helpers) => {
        const { cold, flush } = helpers;
        const sns = fakeTopic({ latencyMs: 28, fare: () => BUSY });
        const { client } = fakeClient(sns.calls, { timeoutMs: 30 });
        const seen: string[] = [];
        // One value a request. At 47 a has failed and waits to be tried again, b is under way, c waits for a request.
        cold('(abc)')
          .pipe(
            publishTo(client, topic('words', t.string, { maxMessageBytes: 3 }), {
              maxRequests: 1,
              backoff: () => 1_000,
            }),
          )
          .subscribe((result) => {
            if (result._tag === 'Left') seen.push(`${result.left.value} ${result.left.error.message}`);
          });
        at(helpers, 20, () => {
          void client.close();
        });
        flush();
        expect(seen).to.deep.equal([
          'a PublishBatch failed: CloseTimeout (the client was closed; SNS does not have it)',
          'b PublishBatch failed: CloseTimeout (the client was closed; SNS may or may not have it)',
          'c PublishBatch failed: CloseTimeout (the client was closed; it was not sent)',
        ]);
        expect(sns.log).to.deep.equal(['0: a', '28: b']);
        expect(helpers.scheduler.now()).to.be.lessThan(100);
      });
    });
  });

  it('counts from the moment a value was handed in, and says how often it was sent', () => {
    marbles(({ cold, flush }) => {
      const { results, events } = publishing(
        { fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : value === 'c' ? REFUSED : 'accepted') },
        { backoff: () => 3 },
      );
      results(cold('-(abcd|)', { a: 'a', b: 'b', c: 'c', d: 4 as unknown as string })).subscribe();
      flush();
      expect(events.filter(({ type }) => type.startsWith('publish'))).to.deep.equal([
        {
          type: 'publishFailed',
          at: 1,
          topic: 'words',
          error: { name: 'ValidationFailedError', paths: ['/: expected string'], retryable: false },
          attempts: 0,
          outcomeUnknown: false,
        },
        { type: 'published', at: 5, topic: 'words', id: 'id-b', durationMs: 4, attempts: 1 },
        {
          type: 'publishFailed',
          at: 5,
          topic: 'words',
          error: { name: 'AWSConnectionError', code: 'InvalidParameter', retryable: false },
          attempts: 1,
          outcomeUnknown: false,
        },
        { type: 'published', at: 12, topic: 'words', id: 'id-a', durationMs: 11, attempts: 2 },
      ]);
    });
  });

  it('refuses options out of their range at once', () => {
    const { client } = fakeClient({});
    const options = { maxRequests: 0, maxPending: 1.5 };
    expect(faultsThrownBy(() => publishTo(client, Words, options))).to.deep.equal([
      'maxRequests: expected a whole number of at least 1',
      'maxPending: expected a whole number of at least 1',
    ]);
  });
});
