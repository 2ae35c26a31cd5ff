import { expect } from 'chai';
import { AWSConnectionError } from '../../../src/errors.js';
import { fakeProducer, RECEIPTS, record } from '../../helpers/fakeProducer.js';
import { BUSY, REFUSED } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

const values = { a: 'a', b: 'b', c: 'c', d: 'd', x: 7 as unknown as string };
const REFUSAL = new AWSConnectionError({ operation: 'PublishBatch', code: 'InvalidParameter', retryable: false });

describe('Producer: stopOnError', () => {
  const unhandled = watchUnhandled();

  describe('`publishTo` errors only where `stopOnError` is set.', () => {
    it('without it, failures of every kind are results', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ fare: (value) => (value === 'b' ? REFUSED : 'accepted') });
        const source = cold('  x(ab)c|         ', values);
        const expected = '     X----(AB)(C|)   ';
        const failures = { X: '7! ValidationFailedError', B: 'b! InvalidParameter' };
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, ...failures });
      });
    });

    it('with it, the first that fails for good is the error; one that is tried again is none', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const fare = (value: string, attempt: number) =>
          value === 'a' && attempt === 1 ? BUSY : value === 'c' ? REFUSED : 'accepted';
        const { results } = fakeProducer({ fare });
        const source = cold('  ab------c---d     ', values);
        const subscription = ' ^-----------!     ';
        const expected = '     -----B---A--#     ';
        expectObservable(results(source, { stopOnError: true, backoff: () => 1 })).toBe(expected, RECEIPTS, REFUSAL);
        expectSubscriptions(source.subscriptions).toBe(subscription);
      });
    });

    it('a refusal is an error at once', () => {
      marbles(({ cold, flush }) => {
        const { results } = fakeProducer();
        const lines = record(results(cold('--x', values), { stopOnError: true }));
        flush();
        expect(lines).to.deep.equal(['2: errored by ValidationFailedError: validation failed at /: expected string']);
      });
    });
  });

  it('What was accepted before is published all the same; its failures are then in `client.events$` only.', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const fare = (value: string) => (value === 'c' ? 'accepted' : REFUSED);
      const { results, sns, events } = fakeProducer({ fare });
      // The source is left at 4.
      const source = cold('  abc--d', values);
      const expected = '     ----#';
      expectObservable(results(source, { stopOnError: true, maxRequests: 1 })).toBe(expected, RECEIPTS, REFUSAL);
      flush();
      expect(sns.log).to.deep.equal(['0: a', '4: b c']);
      const told = events.filter(({ type }) => type.startsWith('publish')).map(({ type, at }) => `${at}: ${type}`);
      expect(told).to.deep.equal(['4: publishFailed', '8: publishFailed', '8: published']);
      expect(unhandled()).to.deep.equal([]);
    });
  });

  it('Completes when the source has and every value has its result; an error of the source comes after the results of what was accepted.', () => {
    marbles(({ cold, expectObservable }) => {
      const { results } = fakeProducer();
      const completing = cold('a---b|       ');
      const erring = cold('    a---b#       ');
      expectObservable(results(completing)).toBe(' ----A---(B|)', RECEIPTS);
      expectObservable(results(erring)).toBe('     ----A---(B#)', RECEIPTS);
    });
  });

  it('Unsubscribing ends the source, and does not cancel what was accepted: a failure of it is then reported as RxJS reports unhandled errors.', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const { results, sns } = fakeProducer({ fare: (value) => (value === 'b' ? REFUSED : 'accepted') });
      const source = cold('     abc---d ');
      expectObservable(results(source, { maxRequests: 1 }), '---!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      flush();
      expect(sns.log).to.deep.equal(['0: a', '4: b c']);
      expect(unhandled().map(String)).to.deep.equal(['AWSConnectionError: PublishBatch failed: InvalidParameter']);
    });
  });
});
