import { expect } from 'chai';
import fc from 'fast-check';
import { createChance } from '../../src/testing/chance.js';

const take = (seed: number, count: number): readonly number[] => {
  const chance = createChance(seed);
  return Array.from({ length: count }, () => chance());
};

describe('chance', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(take(7, 20)).to.deep.equal(take(7, 20));
    expect(take(7, 20)).not.to.deep.equal(take(8, 20));
    expect(take(-1, 5)).not.to.deep.equal(take(1, 5));
  });

  it('lies in [0, 1), for any seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(take(seed, 50).every((number) => number >= 0 && number < 1)).to.equal(true);
      }),
    );
  });

  it('is even: each tenth gets its share', () => {
    const shares = Array.from({ length: 10 }, () => 0);
    for (const number of take(1, 10_000)) shares[Math.floor(number * 10)] = (shares[Math.floor(number * 10)] ?? 0) + 1;
    expect(shares.filter((share) => share < 900 || share > 1_100)).to.deep.equal([]);
  });
});
