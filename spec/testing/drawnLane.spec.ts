import { expect } from 'chai';
import fc from 'fast-check';
import { drawLane, readLane } from '../../src/testing/drawnLane.js';

const letters = (text: string) =>
  text.split(' ').map((word) => ({ letter: word.charAt(0), column: Number(word.slice(1)) }));

describe('drawLane and readLane', () => {
  it('draw one character a column, groups, and dashes to the end', () => {
    expect(drawLane(letters('a1 b5'), 8)).to.equal('-a---b--');
    expect(drawLane(letters('b3 a3 c9'), 10)).to.equal('---(ba)--c');
    expect(drawLane([], 4)).to.equal('----');
  });

  it('draw into a group what happens within its width', () => {
    expect(drawLane(letters('a0 b0 c3 d4 e9'), 10)).to.equal('(abcd)---e');
    expect(drawLane(letters('a0 b0 c4'), 10)).to.equal('(ab)c-----');
  });

  it('read letters and columns back, with the width of their group', () => {
    expect(readLane('-a--(bc)')).to.deep.equal([
      { letter: 'a', column: 1, slack: 0 },
      { letter: 'b', column: 4, slack: 3 },
      { letter: 'c', column: 4, slack: 3 },
    ]);
    expect(readLane('----')).to.deep.equal([]);
  });

  it('refuse what is no lane', () => {
    for (const line of ['-a|', '#', '(a', 'a)', '1', '()', 'a 1s b']) expect(readLane(line)).to.equal(undefined);
  });

  it('keep every letter, in its column or in a group over it', () => {
    const marks = fc.array(fc.record({ letter: fc.constantFrom('a', 'b', 'c'), column: fc.nat(20) }));
    fc.assert(
      fc.property(marks, (drawn) => {
        const read = readLane(drawLane(drawn, 21)) ?? [];
        const sorted = [...drawn].sort((one, other) => one.column - other.column);
        expect(read.map(({ letter }) => letter)).to.deep.equal(sorted.map(({ letter }) => letter));
        // What a group pushed on is drawn later than it was, never earlier.
        for (const [index, { column, slack }] of read.entries()) {
          expect(column + slack).to.be.at.least(sorted[index]?.column ?? 0);
        }
      }),
    );
  });
});
