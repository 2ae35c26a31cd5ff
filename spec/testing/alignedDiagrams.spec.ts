import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { alignedDiagrams, type Glyph, timeOf } from '../../src/testing/alignedDiagrams.js';
import { lettersOf } from '../../src/testing/marbleDiagram.js';

/** Glyphs of a text such as `a1 b5`. */
const glyphs = (text: string): readonly Glyph[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ text: word.charAt(0), frame: Number(word.slice(1)) }));
const linesOf = (...rows: readonly string[]): readonly string[] => alignedDiagrams(rows.map(glyphs)).lines;

describe('alignedDiagrams', () => {
  it('puts equal frames in equal columns', () => {
    expect(linesOf('a1 b5', 'a1 c3')).to.deep.equal([
      '-a---b', //
      '-a-c--',
    ]);
  });

  it('makes a group of what is at one frame, and room for it in every diagram', () => {
    expect(linesOf('a0 b0 c9', 'a0 c9')).to.deep.equal([
      '(ab)-----c', //
      'a--------c',
    ]);
  });

  it('writes a long stretch of nothing as a time', () => {
    expect(linesOf('a0 b20', 'a0 b21 ')).to.deep.equal(['a-------------------b-', 'a--------------------b']);
    expect(linesOf('a0 b30000')).to.deep.equal(['a 29999ms b']);
    expect(linesOf('a0 b3001')).to.deep.equal(['a 3s b']);
    expect(linesOf('a0 b60001', 'b60001')).to.deep.equal(['a 1m b', '- 1m b']);
  });

  it('draws what follows within the width of a group right after it, and keeps the frames of the others', () => {
    expect(linesOf('a0 b0 c2')).to.deep.equal(['(ab)c']);
    expect(linesOf('a0 b1 c5', 'a0 b0 c5')).to.deep.equal([
      'a   b---c', //
      '(ab)-   c',
    ]);
  });

  it('counts characters as RxJS does, not halves of them', () => {
    expect(linesOf('a0 c3').map((line) => line.replace('a', '😀'))).to.deep.equal(['😀--c']);
    const smiling = [{ text: '😀', frame: 0 }];
    expect(alignedDiagrams([[...smiling, { text: 'b', frame: 2 }], smiling]).lines).to.deep.equal(['😀-b', '😀--']);
  });

  it('draws diagrams that TestScheduler reads as the same frames', () => {
    for (const text of ['a0', 'a1 b5', 'a3 b3 c30', 'a2000 b2000 c2004 d99999', 'a0 b61000', 'a0 b1002 c2502']) {
      const [line = ''] = linesOf(text);
      const read = new TestScheduler(() => undefined).run(() => lettersOf(line));
      expect(read.map(({ letter, frame }) => `${letter}${frame}`)).to.deep.equal(text.split(' '));
    }
  });

  it('tells the columns of a frame', () => {
    const { columns } = alignedDiagrams([glyphs('a0 b0 c90'), glyphs('c90')]);
    expect([...columns]).to.deep.equal([
      [0, [0, 4]],
      [90, [10, 11]],
    ]);
  });

  it('has times in the largest unit that keeps them whole, or in seconds', () => {
    expect([0, 999, 1_000, 1_500, 59_999, 60_000, 90_000, 3_600_000].map(timeOf)).to.deep.equal([
      '0ms',
      '999ms',
      '1s',
      '1500ms',
      '59999ms',
      '1m',
      '90s',
      '60m',
    ]);
  });
});
