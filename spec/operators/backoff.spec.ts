import { expect } from 'chai';
import fc from 'fast-check';
import { exponentialBackoff } from '../../src/operators/backoff.js';

describe('exponentialBackoff', () => {
  it('doubles from 1 s up to 15 min', () => {
    const backoff = exponentialBackoff({ jitter: 'none' });
    expect([1, 2, 3, 10, 11, 12].map(backoff)).to.deep.equal([1_000, 2_000, 4_000, 512_000, 900_000, 900_000]);
  });

  it('grows by the factor from the first delay', () => {
    const backoff = exponentialBackoff({ initialMs: 100, factor: 3, maxMs: 1_000, jitter: 'none' });
    expect([1, 2, 3, 4].map(backoff)).to.deep.equal([100, 300, 900, 1_000]);
  });

  it('takes what comes before the first attempt for the first', () => {
    const backoff = exponentialBackoff({ initialMs: 100, jitter: 'none' });
    expect([-1, 0, 1].map(backoff)).to.deep.equal([100, 100, 100]);
  });

  it('is a random part of the bound, in whole milliseconds', () => {
    const drawn = [0, 0.333, 0.999];
    const backoff = exponentialBackoff({ initialMs: 100, random: () => drawn.shift() ?? 0 });
    expect([2, 2, 2].map(backoff)).to.deep.equal([0, 66, 199]);
  });

  it('draws by Math.random', () => {
    const backoff = exponentialBackoff({ initialMs: 100 });
    expect(backoff(1)).to.be.within(0, 99);
  });

  it('is never NaN, never beyond the bound or what a timer can wait', () => {
    fc.assert(
      fc.property(
        fc.record({
          initialMs: fc.oneof(fc.constant(0), fc.double({ min: 0, noNaN: true })),
          maxMs: fc.double({ min: 0, noNaN: true }),
          factor: fc.double({ min: 1, noNaN: true }),
          jitter: fc.constantFrom('full', 'none'),
          random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        fc.oneof(fc.nat(), fc.constantFrom(1_025, 1e9, Infinity)),
        ({ random, ...options }, attempt) => {
          const delayMs = exponentialBackoff({ ...options, random: () => random })(attempt);
          expect(delayMs).to.be.within(0, Math.min(options.maxMs, 2 ** 31 - 1));
        },
      ),
    );
  });

  it('stays 0 when it begins with 0, however often it failed', () => {
    const backoff = exponentialBackoff({ initialMs: 0 });
    expect([1, 2_000, Infinity].map(backoff)).to.deep.equal([0, 0, 0]);
  });

  it('stays what it is with a factor of 1, however often it failed', () => {
    const backoff = exponentialBackoff({ initialMs: 5, factor: 1, jitter: 'none' });
    expect([1, 2_000, Infinity].map(backoff)).to.deep.equal([5, 5, 5]);
  });

  it('names the option that is out of its range', () => {
    expect(() => exponentialBackoff({ initialMs: -1 })).to.throw(
      RangeError,
      'initialMs: expected a number of at least 0',
    );
    expect(() => exponentialBackoff({ maxMs: NaN })).to.throw(RangeError, 'maxMs: expected a number of at least 0');
    expect(() => exponentialBackoff({ factor: 0.5 })).to.throw(RangeError, 'factor: expected a number of at least 1');
  });
});
