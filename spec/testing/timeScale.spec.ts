import { expect } from 'chai';
import { readScale, scaleText, scaleThatFits } from '../../src/testing/timeScale.js';

describe('timeScale', () => {
  it('is the finest that fits, or the coarsest of all', () => {
    expect(scaleThatFits(() => true)).to.equal(1);
    expect(scaleThatFits((ms) => ms >= 51)).to.equal(100);
    expect(scaleThatFits((ms) => ms > 600_000)).to.equal(1_200_000);
    expect(scaleThatFits(() => false)).to.equal(604_800_000);
  });

  it('is read as it is said', () => {
    for (const ms of [1, 50, 1_000, 20_000, 60_000, 1_800_000, 604_800_000]) {
      expect(readScale(`  ${scaleText(ms)}, from then`)).to.equal(ms);
    }
    expect(scaleText(50)).to.equal('1 column = 50ms');
    expect(readScale('no scale')).to.equal(undefined);
    expect(readScale('1 column = 5 apples')).to.equal(undefined);
  });
});
