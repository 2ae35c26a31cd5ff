import { expect } from 'chai';
import * as fc from 'fast-check';
import { createLatencies } from '../../../examples/start/latencies.js';

describe('npm start: latencies', () => {
  it('gives the quantiles of the sorted list', () => {
    const times = fc.array(fc.nat(5_000), { minLength: 1 });
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.99, 1), (all, share) => {
        const latencies = createLatencies();
        for (const ms of all) latencies.add(ms);
        const sorted = [...all].sort((a, b) => a - b);
        expect(latencies.quantile(share)).to.equal(sorted[Math.ceil(sorted.length * share) - 1]);
      }),
    );
  });

  it('has none of nothing', () => {
    expect(createLatencies().quantile(0.5)).to.equal(undefined);
  });
});
