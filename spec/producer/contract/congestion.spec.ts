import { expect } from 'chai';
import { createCongestion } from '../../../src/producer/congestion.js';
import { toTopic } from '../../../src/producer/toTopic.js';
import { fakeProducer, timesOf, Words } from '../../helpers/fakeProducer.js';
import { at, type Marbles, marbles } from '../../helpers/marbles.js';

/** The rate at each of these times, rounded, after a throttle at 0 of so many requests that began then. */
function ratesAfter(requests: number, times: readonly number[], also: (helpers: Marbles) => void = () => undefined) {
  const rates: number[] = [];
  marbles((helpers) => {
    const { begin, perSecond } = createCongestion(() => undefined);
    at(helpers, 0, () => {
      const throttled = Array.from({ length: requests }, () => begin());
      for (const tell of throttled) tell();
    });
    for (const ms of times) at(helpers, ms, () => rates.push(Math.round(perSecond() * 10) / 10));
    also(helpers);
    helpers.flush();
  });
  return rates;
}

describe('Producer: congestion', () => {
  it('Requests a second that may begin now; Infinity as long as nothing was throttled.', () => {
    marbles(() => {
      const { begin, perSecond } = createCongestion(() => undefined);
      for (let nth = 0; nth < 100; nth += 1) begin();
      expect(perSecond()).to.equal(Infinity);
    });
  });

  it('a throttle takes the rate down by 30 %, from what was really sent in the last second', () => {
    expect(ratesAfter(100, [0])).to.deep.equal([70]);
    expect(ratesAfter(10, [0])).to.deep.equal([7]);
  });

  it('It comes back to the old rate in seconds, is careful around it, and then looks for more, faster and faster.', () => {
    // The cube root of 30 / 0.4 is 4.217 s.
    const rates = ratesAfter(100, [1_000, 2_000, 3_000, 4_217, 5_000, 6_000, 8_000, 10_000, 20_000]);
    expect(rates).to.deep.equal([86.7, 95.6, 99.3, 100, 100.2, 102.3, 121.7, 177.4, 1_672.6]);
  });

  it('Half a minute after the last throttle there is no limit any more.', () => {
    expect(ratesAfter(1, [29_000, 31_000])).to.deep.equal([8_868.1, Infinity]);
  });

  it('Of requests under way together only the first to be throttled counts: they all went by the same rate.', () => {
    const steps: number[] = [];
    marbles(() => {
      const { begin } = createCongestion((perSecond) => steps.push(Math.round(perSecond * 10) / 10));
      const [first, second] = [Array.from({ length: 10 }, begin), begin];
      for (const throttled of first) throttled();
      second()();
    });
    // Eleven were sent in that second, but no more than seven were allowed.
    expect(steps).to.deep.equal([7, 4.9]);
  });

  it('However much is throttled, so many requests a second try: one', () => {
    marbles((helpers) => {
      const { begin, perSecond } = createCongestion(() => undefined);
      const rates: number[] = [];
      for (let ms = 0; ms < 20_000; ms += 1_000) {
        at(helpers, ms, () => {
          begin()();
          rates.push(perSecond());
        });
      }
      helpers.flush();
      expect(new Set(rates)).to.deep.equal(new Set([1]));
    });
  });
});

describe('Producer: pace', () => {
  const timesAt = (rateLimit: number, letters: number): readonly number[] => {
    const { client, sns } = fakeProducer({ latencyMs: 0, settings: { rateLimit } });
    marbles(({ cold, flush }) => {
      // Each sink asks for a turn of its own.
      for (let nth = 0; nth < letters; nth += 1) cold('a').subscribe(toTopic(client, Words));
      flush();
    });
    return timesOf(sns.log);
  };

  it('Turns evenly spaced, one at a time up to 100 a second', () => {
    expect(timesAt(4, 5)).to.deep.equal([0, 250, 500, 750, 1_000]);
    expect(timesAt(100, 5)).to.deep.equal([0, 10, 20, 30, 40]);
  });

  it('above that those of 10 ms may come together', () => {
    expect(timesAt(500, 8)).to.deep.equal([0, 0, 0, 0, 0, 2, 4, 6]);
  });
});
