import { expect } from 'chai';
import { GROUPS } from '../../bench/groups/all.js';
import { orderOf } from '../../bench/groups/runGroup.js';

describe('groups of the benchmarks', () => {
  it('have each case once a round, in another order each', () => {
    const orders = [0, 1, 2, 3].map((round) => orderOf(round, 4));
    for (const order of orders) expect([...order].sort()).to.deep.equal([0, 1, 2, 3]);
    expect(new Set(orders.map(String)).size).to.equal(4);
  });

  it('have at least five rounds, an odd number of them', () => {
    for (const { id, rounds } of GROUPS) expect(rounds >= 5 && rounds % 2 === 1, id).to.equal(true);
  });

  it('name each case once', () => {
    for (const { id, cases } of GROUPS) {
      expect(new Set(cases.map((each) => each.id)).size, id).to.equal(cases.length);
      for (const latencyMs of [0, 20]) {
        const names = cases.filter((each) => each.latencyMs === latencyMs).map(({ name }) => name);
        expect(new Set(names).size, id).to.equal(names.length);
      }
    }
  });
});
