import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { map, range } from 'rxjs';
import { OverflowError } from '../../../src/errors.js';
import { topic } from '../../../src/topic.js';
import { fakeProducer, RECEIPTS } from '../../helpers/fakeProducer.js';
import { brief, BUSY } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

describe('Producer: overflow', () => {
  const unhandled = watchUnhandled();

  describe('`maxPending` bounds memory; an overflow is a typed failure result.', () => {
    it('`maxPending` bounds memory: values accepted and not yet answered', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer();
        // One is under way and one waits: the third finds no room, and after the first answer the fourth does.
        const source = cold('  abc--d|           ');
        const expected = '     --C-A---B---(D|)  ';
        const publishing = { maxPending: 2, maxRequests: 1 };
        expectObservable(results(source, publishing)).toBe(expected, { ...RECEIPTS, C: 'c! OverflowError' });
        flush();
        expect(sns.log).to.deep.equal(['0: a', '4: b', '8: d']);
      });
    });

    it('what waits to be tried again takes room', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({
          fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : 'accepted'),
        });
        // a is sent at 0 and at 9.
        const source = cold('  a----b----c----d|      ');
        const expected = '     -----B----C--A-----(D|)';
        const overflows = { B: 'b! OverflowError', C: 'c! OverflowError' };
        const publishing = { maxPending: 1, backoff: () => 5 };
        expectObservable(results(source, publishing)).toBe(expected, { ...RECEIPTS, ...overflows });
      });
    });

    it('10,000 by default', () => {
      marbles(({ flush }) => {
        const { results } = fakeProducer();
        const told = { accepted: 0, overflown: 0 };
        results(range(0, 10_003).pipe(map((nth) => String(nth)))).subscribe((result) => {
          told[result.endsWith('! OverflowError') ? 'overflown' : 'accepted'] += 1;
        });
        flush();
        expect(told).to.deep.equal({ accepted: 10_000, overflown: 3 });
      });
    });

    it('an overflow is a typed failure result: it says which bound was reached, and that trying later may help', () => {
      marbles(({ cold, flush }) => {
        const sink = fakeProducer().sink({ maxPending: 1 });
        const failures: unknown[] = [];
        sink.subscribe((result) => {
          if (E.isRight(result)) return;
          const { value, error, retryable, outcomeUnknown } = result.left;
          failures.push({
            value,
            error: String(error),
            isTyped: error instanceof OverflowError,
            retryable,
            outcomeUnknown,
          });
        });
        cold('(ab|)').subscribe(sink);
        flush();
        const error =
          'OverflowError: 1 values are waiting to be published (maxPending); publishFrom reads what can be iterated only as fast as SNS accepts';
        expect(failures).to.deep.equal([{ value: 'b', error, isTyped: true, retryable: true, outcomeUnknown: false }]);
      });
    });

    it('an overflow that nobody observes is reported', () => {
      marbles(({ cold, flush }) => {
        cold('(ab|)').subscribe(fakeProducer().sink({ maxPending: 1 }));
        flush();
        expect(unhandled().map((error) => (error as Error).name)).to.deep.equal(['OverflowError']);
      });
    });
  });

  describe('Bytes of them, as SNS counts them. Once they are reached the next value fails at once with an OverflowError, and is not sent.', () => {
    /** Each value has 16 bytes: its two quotes, four letters, and an attribute of ten. */
    const Tagged = topic('words', t.string, { attributes: () => ({ n: 'xxx' }) });

    for (const [maxPendingBytes, accepted, expected] of [
      [31, 2, '-(XX)(AA)----A'],
      [32, 2, '-(XX)(AA)----A'],
      [33, 3, '-(X)-(AAA)---A'],
    ] as const) {
      it(`once they are reached: with ${maxPendingBytes} bytes there is room for ${accepted} values of 16`, () => {
        marbles(({ cold, expectObservable, flush }) => {
          const { sink: toSink, sns } = fakeProducer({ of: Tagged });
          const sink = toSink({ maxPendingBytes });
          // At 9 all have their answer, and there is room again.
          cold('-(aaaa)--a', { a: 'long' }).subscribe(sink);
          const results = { X: 'long! OverflowError', A: 'long: id-long' };
          expectObservable(sink.pipe(map(brief))).toBe(expected, results);
          flush();
          expect(sns.accepted).to.have.lengthOf(accepted + 1);
        });
      });
    }

    it('its text says so', () => {
      marbles(({ cold, flush }) => {
        cold('(aa|)').subscribe(fakeProducer().sink({ maxPendingBytes: 3 }));
        flush();
        expect(unhandled().map((nth) => String(nth))).to.deep.equal([
          'OverflowError: 3 bytes are waiting to be published (maxPendingBytes); publishFrom reads what can be iterated only as fast as SNS accepts',
        ]);
      });
    });

    it('64 MiB by default', () => {
      marbles(({ flush }) => {
        const bytes = new Uint8Array(1_048_576 - 'nBinary""'.length);
        const Large = topic('words', t.string, { maxMessageBytes: 1_048_576, attributes: () => ({ n: bytes }) });
        const sink = fakeProducer({ of: Large }).sink();
        const overflown: number[] = [];
        sink.subscribe();
        for (let nth = 1; nth <= 66; nth += 1) if (sink.offer('') !== undefined) overflown.push(nth);
        flush();
        expect(overflown).to.deep.equal([65, 66]);
      });
    });
  });
});
