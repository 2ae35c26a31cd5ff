import { expect } from 'chai';
import { readRecording, type ReplayedMark, replayReport } from '../../src/testing/replay.js';

const RECORDING = `
    1 column = 50ms, from 2026-11-25T12:00:00.000Z
    published      a-b-----------
    received       a-b---------a-
    settled        --b---------a-
    retried        a-------------
    a = orders 0f0c7a4e
    b = orders 4be0b6c2`;

const mark = (lane: ReplayedMark['lane'], letter: string, column: number): ReplayedMark => ({ lane, letter, column });
const asRecorded: readonly ReplayedMark[] = [
  mark('received', 'a', 0),
  mark('retried', 'a', 0),
  mark('received', 'b', 2),
  mark('settled', 'b', 2),
  mark('received', 'a', 12),
  mark('settled', 'a', 12),
];
const report = (replayed: readonly ReplayedMark[], tolerance = 1): readonly string[] =>
  replayReport('replay(orders)', readRecording(RECORDING), replayed, tolerance)?.split('\n') ?? [];

describe('readRecording', () => {
  it('reads scale and lanes, and nothing else', () => {
    const { columnMs, columns, lanes } = readRecording(RECORDING);
    expect({ columnMs, columns }).to.deep.equal({ columnMs: 50, columns: 14 });
    expect([...lanes.keys()]).to.deep.equal(['published', 'received', 'settled', 'retried']);
    expect(lanes.get('received')?.map(({ letter, column }) => `${letter}${column}`)).to.deep.equal(['a0', 'b2', 'a12']);
  });

  it('says what is missing or wrong', () => {
    const read = (text: string) => (): unknown => readRecording(text);
    expect(read('published a-b')).to.throw('a recording says its scale, such as `1 column = 50ms`');
    expect(read('1 column = 50ms\nsettled a')).to.throw('a recording has a lane `published`');
    expect(read('1 column = 50ms\npublished a-|')).to.throw('lane published: expected dashes, letters and groups');
    expect(read('1 column = 50ms\npublished a---\nsettled --- a')).to.throw('lane settled: expected dashes');
    expect(read('1 column = 50ms\npublished a---\nsettle  --a-')).to.throw('`settle` is no lane of a recording');
    expect(read('1 column = 50ms\npublished a---\nsettled --a-\nsettled -a--')).to.throw('lane settled is there twice');
    expect(read('1 column = 50ms\npublished a---')).to.throw('a recording has a lane beside `published`');
  });
});

describe('replayReport', () => {
  it('says nothing of what is as recorded, or a column off', () => {
    expect(report(asRecorded)).to.deep.equal([]);
    expect(report(asRecorded.map((one) => ({ ...one, column: one.column + 1 })))).to.deep.equal([]);
    expect(report(asRecorded, 0)).to.deep.equal([]);
  });

  it('shows the lanes that differ, aligned, marked and told', () => {
    const replayed = [
      mark('received', 'a', 0),
      mark('received', 'b', 2),
      mark('received', 'a', 9),
      mark('settled', 'a', 9),
      mark('settled', 'b', 2),
      mark('dead-lettered', 'b', 3),
    ];
    expect(report(replayed)).to.deep.equal([
      'replay(orders) is not as recorded',
      '  received',
      '    expected  a-b---------a-',
      '    actual    a-b------a----',
      '                       ^  ^',
      '    a was expected in column 12, and came in column 9',
      '  settled',
      '    expected  --b---------a-',
      '    actual    --b------a----',
      '                       ^  ^',
      '    a was expected in column 12, and came in column 9',
      '  retried',
      '    expected  a-------------',
      '    actual    --------------',
      '              ^',
      '    a was expected in column 0, and did not come',
    ]);
  });

  it('tells what came without being expected, and of what was not published by it', () => {
    const lines = report([...asRecorded, mark('received', '?', 5)]);
    expect(lines).to.include('    ? came in column 5, and was not expected');
  });

  it('does not look beyond the end of the recording', () => {
    expect(report([...asRecorded, mark('settled', 'b', 15)])).to.deep.equal([]);
    expect(report([...asRecorded, mark('settled', 'b', 14)])).to.deep.equal([]);
    expect(report([...asRecorded, mark('settled', 'b', 13)])).to.have.length.above(0);
    // It may have been expected just before the end.
    const late = asRecorded.map((one) => (one.column === 12 ? { ...one, column: 14 } : one));
    expect(report(late, 2)).to.deep.equal([]);
  });

  it('lets a letter of a group be anywhere in its width', () => {
    const read = readRecording('1 column = 1s\npublished (ab)-----\nsettled   -(ab)----');
    const settledAt = (column: number): string | undefined =>
      replayReport('it', read, [mark('settled', 'a', 1), mark('settled', 'b', column)], 0);
    expect([1, 2, 3, 4].map(settledAt)).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(settledAt(5)).to.include('b was expected in column 1, and came in column 5');
  });
});
