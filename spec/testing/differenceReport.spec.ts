import { expect } from 'chai';
import { differenceReport } from '../../src/testing/differenceReport.js';
import { type Mark, subscriptionMarks } from '../../src/testing/mark.js';

const next = (frame: number, value: unknown): Mark => ({ frame, kind: 'next', value });
const report = (expected: readonly Mark[], actual: readonly Mark[], values: object = {}): readonly string[] =>
  differenceReport({ title: 'it', expected, actual, values: new Map(Object.entries(values)) })?.split('\n') ?? [];

const ADA = { name: 'Ada' };
const BOB = { name: 'Bob' };

describe('differenceReport', () => {
  it('says nothing where both are the same', () => {
    expect(report([], [])).to.deep.equal([]);
    expect(report([next(1, { ...ADA })], [next(1, ADA)], { a: ADA })).to.deep.equal([]);
  });

  it('shows both, aligned, with what differs marked, told and explained', () => {
    const expected = [next(1, ADA), next(5, BOB), { frame: 9, kind: 'complete' } as const];
    const actual = [next(1, ADA), next(2_005, BOB)];
    expect(report(expected, actual, { a: ADA, b: BOB })).to.deep.equal([
      'it is not as expected',
      '  expected  -a---b---| 1995ms -',
      '  actual    -a-------- 1995ms b',
      '                 ^   ^        ^',
      '  at 5ms: expected b, got nothing',
      '  at 9ms: expected |, got nothing',
      '  at 2005ms: expected nothing, got b',
      "  a = { name: 'Ada' }",
      "  b = { name: 'Bob' }",
    ]);
  });

  it('gives a value that is not in the expectation a letter of its own', () => {
    expect(report([next(0, ADA)], [next(0, BOB)], { a: ADA, z: 1 })).to.deep.equal([
      'it is not as expected',
      '  expected  a',
      '  actual    y',
      '            ^',
      '  at 0ms: expected a, got y',
      "  a = { name: 'Ada' }",
      "  y = { name: 'Bob' }",
    ]);
  });

  it('needs no legend for letters that are their own values', () => {
    expect(report([next(0, 'a')], [], { a: 'a' }).at(-1)).to.equal('  at 0ms: expected a, got nothing');
  });

  it('tells the order at one frame', () => {
    const [ab, ba] = ['ab', 'ba'].map((text) => Array.from(text, (letter) => next(0, letter)));
    const lines = report(ab ?? [], ba ?? [], { a: 'a', b: 'b' });
    expect(lines).to.include('  at 0ms: expected ab, got ba');
    expect(lines.at(-1)).to.match(/the same, in another order: a standard queue keeps none.*unordered: false/);
    expect(report(ab ?? [], [], { a: 'a', b: 'b' }).join()).not.to.include('another order');
  });

  it('tells errors apart', () => {
    const [one, other] = [new Error('one'), new Error('other')];
    const failed = (error: unknown): Mark => ({ frame: 2, kind: 'error', value: error });
    expect(report([failed(one)], [failed(one)])).to.deep.equal([]);
    const lines = report([failed(one)], [failed(other)]);
    expect(lines.slice(0, 3)).to.deep.equal(['it is not as expected', '  expected  --#', '  actual    --E']);
    expect(report([], [failed(other)])[2]).to.equal('  actual    --#');
    // Without their stacks, which would hide the diagrams.
    expect(lines.slice(-2)).to.deep.equal(['  # = Error: one', '  E = Error: other']);
  });

  it('tells a dozen differences, and how many more there are', () => {
    const many = Array.from({ length: 20 }, (_, frame) => next(frame, 'a'));
    const lines = report(many, [], { a: 'a' });
    expect(lines.filter((line) => line.startsWith('  at '))).to.have.lengthOf(12);
    expect(lines).to.include('  and at 8 more times');
  });

  it('runs out of letters without an error', () => {
    const many = Array.from({ length: 60 }, (_, frame) => next(frame, frame));
    expect(report([], many)[2]).to.match(/\?{8}$/);
  });

  it('has the letters of the diagram, also where two have one value', () => {
    const values = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const expected = [next(0, 1), next(3, 1)];
    const actual = [next(0, 1), next(4, 1)];
    const lines = differenceReport({
      title: 'it',
      expected,
      actual,
      letters: ['a', 'b'],
      values,
    });
    expect(lines?.split('\n').slice(1, 3)).to.deep.equal(['  expected  a--b-', '  actual    a---a']);
  });

  it('adds what else helps to see why', () => {
    const notes = ['left in the queue: 1'];
    expect(differenceReport({ title: 'it', expected: [next(0, 1)], actual: [], notes })).to.match(
      /\n {2}left in the queue: 1$/,
    );
  });

  it('draws subscriptions', () => {
    const [expected, actual] = [50, Infinity].map((unsubscribedFrame) =>
      subscriptionMarks({ subscribedFrame: 0, unsubscribedFrame }),
    );
    expect(report(expected ?? [], actual ?? []).slice(1, 3)).to.deep.equal([
      '  expected  ^ 49ms !',
      '  actual    ^ 49ms -',
    ]);
  });
});
