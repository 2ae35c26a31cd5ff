import { NEVER } from 'rxjs';
import { batchBy, type BatchByOptions } from '../../src/operators/batchBy.js';
import { marbles } from '../helpers/marbles.js';

const byThree: BatchByOptions<string> = { maxSize: 3, lingerMs: 5, isUrgent: () => false, flush$: NEVER };

describe('batchBy', () => {
  it('sends a full batch at once', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  abc--def--|');
      const subs = '         ^---------!';
      const expected = '     --x----y--|';
      expectObservable(source.pipe(batchBy(byThree))).toBe(expected, { x: ['a', 'b', 'c'], y: ['d', 'e', 'f'] });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('sends what has gathered when the first value has waited long enough', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('  a-b---------c------|');
      const expected = '     -----x-----------y-|';
      expectObservable(source.pipe(batchBy(byThree))).toBe(expected, { x: ['a', 'b'], y: ['c'] });
    });
  });

  it('sends an urgent value at once, with those that waited', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('  a-u------|');
      const expected = '     --x------|';
      const options = { ...byThree, isUrgent: (value: string) => value === 'u' };
      expectObservable(source.pipe(batchBy(options))).toBe(expected, { x: ['a', 'u'] });
    });
  });

  it('sends what has gathered on flush$, and nothing when nothing has', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = cold('  ab-----|');
      const flush$ = hot('   ---f-f--');
      const expected = '     ---x---|';
      const subs = '         ^------!';
      expectObservable(source.pipe(batchBy({ ...byThree, flush$ }))).toBe(expected, { x: ['a', 'b'] });
      expectSubscriptions(flush$.subscriptions).toBe(subs);
    });
  });

  it('sends what has gathered before it completes', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('  ab|');
      const expected = '     --(x|)';
      expectObservable(source.pipe(batchBy(byThree))).toBe(expected, { x: ['a', 'b'] });
    });
  });

  it('passes an error on at once, without the batch', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('ab#').pipe(batchBy(byThree))).toBe('--#');
    });
  });

  it('never, empty', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-').pipe(batchBy(byThree))).toBe('-');
      expectObservable(cold('|').pipe(batchBy(byThree))).toBe('|');
    });
  });

  it('leaves no timer after an early unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a---------');
      const subs = '         ^-!       ';
      const expected = '     ----------';
      expectObservable(source.pipe(batchBy(byThree)), subs).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });
});
