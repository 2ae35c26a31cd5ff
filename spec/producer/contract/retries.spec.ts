import { expect } from 'chai';
import { answered, broken, fakeProducer, RECEIPTS, timesOf } from '../../helpers/fakeProducer.js';
import { BUSY, type Fare, REFUSED } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';

/** Fails the value as often. */
const failing =
  (unlucky: string, times: number, how: Fare = BUSY) =>
  (value: string, attempt: number): Fare =>
    value === unlucky && attempt <= times ? how : 'accepted';

describe('Producer: retries', () => {
  describe("Entries that fail in a batch that returned 200 are retried alone with backoff when the fault is the receiver's, and reported when it is the sender's.", () => {
    it("are retried alone with backoff when the fault is the receiver's", () => {
      marbles(({ cold, expectObservable, flush }) => {
        const fare = (value: string, attempt: number): Fare =>
          'bd'.includes(value) && attempt === 1 ? BUSY : 'accepted';
        const { results, sns } = fakeProducer({ fare });
        const source = cold('  (abcd|)              ');
        const expected = '     ----(AC)--------(BD|)';
        expectObservable(results(source, { backoff: () => 8 })).toBe(expected, RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b c d', '12: b', '12: d']);
      });
    });

    it("and reported when it is the sender's: at once, with its code", () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer({ fare: failing('b', Infinity, REFUSED) });
        expectObservable(results(cold('(ab|)'))).toBe('----(AB|)', { ...RECEIPTS, B: 'b! InvalidParameter' });
        flush();
        expect(sns.log).to.deep.equal(['0: a b']);
      });
    });

    it('a throttled entry is retried, whosever fault SNS says it is', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ fare: failing('a', 1, { code: 'Throttled', senderFault: true }) });
        expectObservable(results(cold('(ab|)'), { backoff: () => 996 })).toBe('----B 999ms (A|)', RECEIPTS);
      });
    });

    it('an entry that the answer does not mention is retried as well', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer({ fare: failing('a', 1, 'unmentioned') });
        expectObservable(results(cold('(ab|)'), { backoff: () => 3 })).toBe('----B------(A|)', RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b', '7: a']);
      });
    });

    for (const [share, delays] of [
      [0.5, [50, 100, 200, 400, 800, 1_600, 2_500, 2_500]],
      [0.999_999, [99, 199, 399, 799, 1_599, 3_199, 4_999, 4_999]],
      [0, [0, 0, 0, 0, 0, 0, 0, 0]],
    ] as const) {
      it(`with backoff: exponential with full jitter up to 5 s, here by ${share}`, () => {
        marbles(({ cold, flush }) => {
          const { client, sns, results } = fakeProducer({
            latencyMs: 0,
            fare: () => BUSY,
            settings: { retryAttempts: 8 },
          });
          Object.assign(client.port, { random: () => share });
          results(cold('a|')).subscribe();
          flush();
          const times = timesOf(sns.log);
          expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).to.deep.equal(delays);
        });
      });
    }

    for (const [retryAttempts, requests] of [
      [0, 1],
      [1, 2],
      [3, 4],
    ] as const) {
      it(`up to retryAttempts: ${retryAttempts} make ${requests} requests, and a failure with the last code`, () => {
        marbles(({ cold, expectObservable, flush }) => {
          const { results, sns, events } = fakeProducer({ fare: () => BUSY, settings: { retryAttempts } });
          const result$ = results(cold('a|'), { backoff: () => 6 });
          const times = Array.from({ length: requests }, (_, retry) => `${retry * 10}: a`);
          expectObservable(result$).toBe(`${(requests - 1) * 10 + 4}ms (A|)`, { A: 'a! InternalError' });
          flush();
          expect(sns.log).to.deep.equal(times);
          expect(events.at(-1)).to.deep.include({ type: 'publishFailed', attempts: requests });
        });
      });
    }
  });

  it('a request that failed on its way goes again as it was, up to retryAttempts', () => {
    for (const failure of [broken('ECONNREFUSED'), answered('ServiceUnavailable', 503), answered('Throttling', 400)]) {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer({ failure: (nth) => (nth <= 3 ? failure : undefined) });
        expectObservable(results(cold('(abc|)'), { backoff: () => 1_996 })).toBe('6004ms (ABC|)', RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a b c', '2000: a b c', '4000: a b c', '6000: a b c']);
      });
    }
  });

  it('a request that can not succeed is made once', () => {
    for (const failure of [
      answered('AuthorizationError', 403),
      answered('NotFound', 404),
      answered('KMSDisabled', 400),
    ]) {
      marbles(({ cold, flush }) => {
        const { results, sns } = fakeProducer({ failure: () => failure });
        results(cold('(abc|)')).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a b c']);
      });
    }
  });

  it('what is tried again goes, as it was, before everything new', () => {
    marbles(({ cold, flush }) => {
      const { results, sns } = fakeProducer({ failure: (nth) => (nth === 1 ? broken('ECONNREFUSED') : undefined) });
      // It is due at 7, while c is under way.
      results(cold('(ab)-cdef|'), { maxRequests: 1, backoff: () => 3 }).subscribe();
      flush();
      expect(sns.log).to.deep.equal(['0: a b', '5: c', '9: a b', '13: d e f']);
    });
  });

  it('what waits to be tried again holds no request slot', () => {
    marbles(({ cold, expectObservable }) => {
      const { results } = fakeProducer({ fare: failing('a', 1) });
      const source = cold('  ab---c|                     ');
      const expected = '     --------B---C------------(A|)';
      expectObservable(results(source, { maxRequests: 1, backoff: () => 17 })).toBe(expected, RECEIPTS);
    });
  });
});

describe('Producer: a request that SNS refuses for what may be the fault of one entry', () => {
  for (const code of ['InvalidParameter', 'BatchRequestTooLong']) {
    it(`is sent again one by one, at once, and only the guilty fails: ${code}`, () => {
      marbles(({ cold, expectObservable, flush }) => {
        const refusal = (values: readonly string[]) => (values.includes('x') ? answered(code, 400) : undefined);
        const { results, sns } = fakeProducer({ refusal });
        const source = cold('  (abxc|)               ');
        const expected = '     --------(ABXC|)       ';
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, X: `x! ${code}` });
        flush();
        expect(sns.log).to.deep.equal(['0: a b x c', '4: a', '4: b', '4: x', '4: c']);
      });
    });
  }

  it('for what they are together: none fails', () => {
    marbles(({ cold, expectObservable }) => {
      const refusal = ({ length }: readonly string[]) =>
        length > 1 ? answered('BatchRequestTooLong', 400) : undefined;
      const { results } = fakeProducer({ refusal });
      expectObservable(results(cold('(abc|)'))).toBe('--------(ABC|)', RECEIPTS);
    });
  });

  it('a code that is about the caller or the topic fails all of them at once', () => {
    marbles(({ cold, expectObservable }) => {
      const { results } = fakeProducer({ failure: () => answered('AccessDenied', 403) });
      const failures = { A: 'a! AccessDenied', B: 'b! AccessDenied' };
      expectObservable(results(cold('(ab|)'))).toBe('----(AB|)', failures);
    });
  });
});
