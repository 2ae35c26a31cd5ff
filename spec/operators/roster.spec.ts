import { expect } from 'chai';
import fc from 'fast-check';
import { createRoster, type Listed } from '../../src/operators/roster.js';

interface Member extends Listed<Member> {
  readonly name: number;
}

const member = (name: number): Member => ({ name, before: undefined, after: undefined });

describe('roster', () => {
  it('keeps the order in which they came, whichever goes next', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (names) => {
        const roster = createRoster<Member>();
        const members = Array.from({ length: 10 }, (_, name) => member(name));
        const expected = new Set<number>();
        for (const name of names) {
          const one = members[name] ?? member(name);
          if (expected.delete(name)) roster.remove(one);
          else {
            expected.add(name);
            roster.add(one);
          }
          expect(roster.all().map((each) => each.name)).to.deep.equal([...expected]);
          expect(roster.size).to.equal(expected.size);
          expect(roster.first?.name).to.equal([...expected][0]);
        }
      }),
    );
  });

  it('leaves nothing to one that is out, and lets it be taken out twice', () => {
    const roster = createRoster<Member>();
    const [a, b, c] = [member(1), member(2), member(3)];
    for (const one of [a, b, c]) roster.add(one);
    roster.remove(b);
    roster.remove(b);
    expect(b).to.deep.equal(member(2));
    expect(roster.all()).to.deep.equal([a, c]);
    expect(roster.size).to.equal(2);
  });
});
