import { expect } from 'chai';
import { createCongestion } from '../../src/producer/congestion.js';
import { at, marbles, type Marbles } from '../helpers/marbles.js';

/** A congestion control, and the steps it took down. */
function controlled() {
  const steps: number[] = [];
  const congestion = createCongestion((perSecond) => steps.push(perSecond));
  /** So many requests begin now; what each is to call when it is throttled. */
  const begin = (count: number): readonly (() => void)[] => Array.from({ length: count }, congestion.begin);
  return { steps, begin, perSecond: () => Math.round(congestion.perSecond()) };
}

/** The rate at each of these seconds. */
function ratesAt(m: Marbles, seconds: readonly number[], perSecond: () => number): readonly number[] {
  const rates: number[] = [];
  for (const second of seconds) {
    at(m, second * 1_000, () => {
      rates.push(perSecond());
    });
  }
  m.flush();
  return rates;
}

describe('createCongestion', () => {
  it('sets no limit while nothing is throttled', () => {
    marbles((m) => {
      const { begin, perSecond } = controlled();
      begin(1_000);
      expect(ratesAt(m, [0, 100], perSecond)).to.deep.equal([Infinity, Infinity]);
    });
  });

  it('takes 30 % off what was sent in the last second, comes back, and looks for more, until there is no limit', () => {
    marbles((m) => {
      const { begin, perSecond, steps } = controlled();
      begin(50);
      at(m, 500, () => {
        begin(50)[0]?.();
      });
      const rates = ratesAt(m, [0.5, 1.5, 2.5, 4.5, 4.7, 6.5, 10, 20, 30, 34], perSecond);
      //  the plateau is where (100 × 0.3 / 0.4)^(1/3) = 4.2 s have passed
      expect(rates).to.deep.equal([70, 87, 96, 100, 100, 102, 159, 1_528, 6_565, Infinity]);
      expect(steps).to.deep.equal([70]);
    });
  });

  it('counts one throttle of requests that were under way together', () => {
    marbles((m) => {
      const { begin, steps } = controlled();
      const [first, second, third] = begin(10);
      at(m, 1, () => first?.());
      at(m, 2, () => second?.());
      const later = (): void => begin(1)[0]?.();
      at(m, 3, later);
      at(m, 4, () => third?.());
      m.flush();
      expect(steps.map((step) => step.toFixed(2))).to.deep.equal(['7.00', '4.91']);
    });
  });

  it('goes by the least of what may begin and what did', () => {
    marbles((m) => {
      const { begin, steps } = controlled();
      begin(100)[0]?.();
      // At 70 a second next to nothing was asked for.
      at(m, 5_000, () => begin(10)[0]?.());
      m.flush();
      expect(steps.map(Math.round)).to.deep.equal([70, 7]);
    });
  });

  it('never goes below one request a second', () => {
    marbles((m) => {
      const { begin, perSecond, steps } = controlled();
      for (const second of [0, 1, 2, 3]) at(m, second * 1_000, () => begin(1)[0]?.());
      expect(ratesAt(m, [3.1, 10], perSecond)).to.deep.equal([1, 91]);
      expect(steps).to.deep.equal([1, 1, 1, 1]);
    });
  });

  it('forgets what was sent before the clock was set back', () => {
    const { begin, steps } = controlled();
    marbles((m) => {
      at(m, 10_000, () => begin(1_000));
    });
    marbles(() => {
      begin(10)[0]?.();
    });
    expect(steps.map(Math.round)).to.deep.equal([7]);
  });

  it('takes a clock that was set back for no time passed, and goes on from there', () => {
    const { begin, perSecond } = controlled();
    marbles((m) => {
      at(m, 10_000, () => begin(100)[0]?.());
    });
    // Each test's time begins at 0.
    marbles((m) => {
      expect(ratesAt(m, [0, 9], perSecond)).to.deep.equal([70, 144]);
    });
  });
});
