import { expect } from 'chai';
import { readScale, scales, scaleText } from '../../src/testing/timeScale.js';

describe('timeScale', () => {
  it('is one on which a time fits the columns, the finest first, as long as it takes its share of them', () => {
    expect(scales(0, 85, 1 / 6)).to.deep.equal([1]);
    expect(scales(84, 85, 1 / 6)).to.deep.equal([1, 2, 5]);
    expect(scales(85, 85, 1 / 6)).to.deep.equal([2, 5]);
    expect(scales(3_600_000, 85, 1 / 6)).to.deep.equal([60_000, 120_000]);
    expect(scales(Number.MAX_SAFE_INTEGER, 85, 1 / 6)).to.deep.equal([604_800_000]);
  });

  it('is read as it is said', () => {
    for (const ms of [1, 50, 1_000, 20_000, 60_000, 1_800_000, 604_800_000]) {
      expect(readScale(`  ${scaleText(ms)}, from then`)).to.equal(ms);
    }
    expect(scaleText(50)).to.equal('1 column = 50ms');
    expect(readScale('1 column = 20 ms')).to.equal(20);
    expect(readScale('no scale')).to.equal(undefined);
    expect(readScale('1 column = 5 apples')).to.equal(undefined);
  });
});
