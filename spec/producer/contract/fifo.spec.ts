import { expect } from 'chai';
import * as t from 'io-ts';
import { defer, map, range, tap } from 'rxjs';
import { publishTo } from '../../../src/producer/publishTo.js';
import { fifoTopic, topic } from '../../../src/topic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { answered, broken, fakeProducer, type FakeProducerOptions, Groups } from '../../helpers/fakeProducer.js';
import { BUSY, type Fare, fakeTopic } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';

/** Of the groups `a` and `x`. */
const values = { a: 'a1', b: 'a2', c: 'a3', x: 'x1', y: 'x2' };
const RECEIPTS = { A: 'a1: id-a1', B: 'a2: id-a2', C: 'a3: id-a3', X: 'x1: id-x1', Y: 'x2: id-x2' };

/** The values of each request. */
const valuesOf = (log: readonly string[]) => log.map((line) => line.replace(/^[\d.]+: /, ''));

const once = (failure: unknown): FakeProducerOptions => ({ failure: (nth) => (nth === 1 ? failure : undefined) });
const entryOnce = (how: Fare): FakeProducerOptions => ({
  fare: (value, attempt) => (value === 'a1' && attempt === 1 ? how : 'accepted'),
});

describe('Producer: FIFO', () => {
  describe('FIFO: per group, order is kept through retries (a group never has two batches under way); deduplication ids stay the same.', () => {
    for (const [what, how] of [
      ["an entry that failed by the receiver's fault", entryOnce(BUSY)],
      ['an entry that the answer does not mention', entryOnce('unmentioned')],
    ] as const) {
      it(`order is kept through the retry of ${what}, while other groups go on`, () => {
        marbles(({ cold, expectObservable, flush }) => {
          const { results, sns } = fakeProducer({ of: Groups, ...how });
          const source = cold('  (abcxy|)                     ', values);
          const expected = '     ----X---Y--A---B---(C|)      ';
          expectObservable(results(source, { backoff: () => 3 })).toBe(expected, RECEIPTS);
          flush();
          expect(sns.log).to.deep.equal(['0: a1 x1', '4: x2', '7: a1', '11: a2', '15: a3']);
        });
      });
    }

    it('order is kept through the retry of an entry that was throttled', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = fakeProducer({ of: Groups, ...entryOnce({ code: 'Throttled', senderFault: false }) });
        results(cold('(abcxy|)', values), { backoff: () => 3 }).subscribe();
        flush();
        expect(valuesOf(sns.log)).to.deep.equal(['a1 x1', 'x2', 'a1', 'a2', 'a3']);
      });
    });

    for (const [what, failure] of [
      ['a request that was throttled', answered('Throttling', 400)],
      ['a request whose answer was lost', broken('ECONNRESET')],
      ['a request that never was', broken('ECONNREFUSED')],
    ] as const) {
      it(`order is kept through the retry of ${what}`, () => {
        marbles(({ cold, flush }) => {
          const { results, sns } = fakeProducer({ of: Groups, ...once(failure) });
          results(cold('(abcxy|)', values), { backoff: () => 2_996 }).subscribe();
          flush();
          expect(valuesOf(sns.log)).to.deep.equal(['a1 x1', 'a1 x1', 'a2 x2', 'a3']);
          expect(sns.accepted.filter((value) => value.startsWith('a'))).to.deep.equal(['a1', 'a2', 'a3']);
        });
      });
    }

    it('deduplication ids stay the same', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = fakeProducer({
          of: Groups,
          ...once(broken('ECONNRESET')),
          fare: (value, attempt) => (value === 'a1' && attempt === 2 ? BUSY : 'accepted'),
        });
        results(cold('(abx|)', values)).subscribe();
        flush();
        const ids = sns.requests.flatMap(({ entries }) => entries.map(({ deduplicationId }) => deduplicationId));
        expect(ids).to.deep.equal(['a1', 'x1', 'a1', 'x1', 'a1', 'a2']);
      });
    });

    it('groups go in parallel, in common requests', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer({ of: Groups });
        const source = cold('  (abcxy|)          ', values);
        const expected = '     ----(AX)(BY)(C|)  ';
        expectObservable(results(source)).toBe(expected, RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a1 x1', '4: a2 x2', '8: a3']);
      });
    });

    it('a group that came to rest goes on', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ of: Groups });
        const source = cold('  a-----b--c|       ', values);
        const expected = '     ----A-----B---(C|)';
        expectObservable(results(source)).toBe(expected, RECEIPTS);
      });
    });

    it('a value that failed for good does not stop those behind it', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ of: Groups, ...entryOnce({ code: 'InvalidParameter', senderFault: true }) });
        const source = cold('  (ab|)           ', values);
        const expected = '     ----A---(B|)    ';
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, A: 'a1! InvalidParameter' });
      });
    });

    it('a group never has two batches under way, whatever fails', () => {
      marbles(({ flush }) => {
        const chance = (seed: number, share: number) => (Math.imul(seed, 2_654_435_761) >>> 0) / 2 ** 32 < share;
        const sns = fakeTopic({
          latencyMs: 7,
          failure: (nth) => (chance(nth, 0.3) ? broken('ECONNRESET') : undefined),
          fare: (value, attempt) => (chance(Number(value.slice(2)) * 31 + attempt, 0.3) ? BUSY : 'accepted'),
        });
        const underWay: string[] = [];
        const most = { together: 0, requests: 0 };
        let requests = 0;
        const { client } = fakeClient(
          {
            publishBatch: (request) =>
              defer(() => {
                const groups = request.entries.map(({ groupId = '' }) => groupId);
                underWay.push(...groups);
                most.together = Math.max(
                  most.together,
                  ...groups.map((group) => underWay.filter((one) => one === group).length),
                );
                most.requests = Math.max(most.requests, (requests += 1));
                const answered = () => {
                  requests -= 1;
                  for (const group of groups) underWay.splice(underWay.indexOf(group), 1);
                };
                return sns.calls.publishBatch(request).pipe(tap({ next: answered, error: answered }));
              }),
          },
          { retryAttempts: 50 },
        );
        range(0, 200)
          .pipe(
            map((nth) => `${'abcdefghijklm'.charAt(nth % 13)}:${nth}`),
            publishTo(client, Groups, { backoff: (attempt) => attempt % 5 }),
          )
          .subscribe();
        flush();
        expect(most.together).to.equal(1);
        expect(most.requests).to.be.greaterThan(1);
        expect(sns.requests.length).to.be.greaterThan(50);
        for (const group of 'abcdefghijklm') {
          const order = sns.accepted.filter((value) => value.startsWith(group)).map((value) => Number(value.slice(2)));
          expect(order).to.deep.equal([...order].sort((a, b) => a - b));
        }
        expect(sns.accepted).to.have.lengthOf(200);
      });
    });
  });

  describe('no ids are invented', () => {
    const idsOf = (of: ReturnType<typeof topic<string, string>>, marble: string) => {
      let ids: readonly unknown[] = [];
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer();
        cold(marble, values).pipe(publishTo(client, of)).subscribe();
        flush();
        ids = sns.requests.flatMap(({ entries }) => entries.map((entry) => [entry.groupId, entry.deduplicationId]));
      });
      return ids;
    };

    it('a standard topic has none', () => {
      expect(idsOf(topic('words', t.string), '(ab|)')).to.deep.equal([
        [undefined, undefined],
        [undefined, undefined],
      ]);
    });

    it('content-based deduplication is left to SNS', () => {
      const Content = fifoTopic('words', t.string, {
        groupId: ([group = '']) => group,
        contentBasedDeduplication: true,
      });
      expect(idsOf(Content, '(ax|)')).to.deep.equal([
        ['a', undefined],
        ['x', undefined],
      ]);
    });

    it('two values of one deduplication id are sent with it, both', () => {
      expect(idsOf(Groups, '(aa|)')).to.deep.equal([
        ['a', 'a1'],
        ['a', 'a1'],
      ]);
    });
  });
});
