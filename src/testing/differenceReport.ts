import { inspect, isDeepStrictEqual } from 'node:util';
import { alignedDiagrams, type Glyph, timeOf } from './alignedDiagrams.js';
import { isSame, type Mark } from './mark.js';
import { pointers } from './pointers.js';

/** What was to be, and what was. */
export interface Comparison {
  /** Such as `expectSettled(user-events)`. */
  readonly title: string;
  readonly expected: readonly Mark[];
  readonly actual: readonly Mark[];
  /** Letters of the expected values, in their order, as its diagram has them. */
  readonly letters?: readonly string[];
  /** Values by letter. */
  readonly values?: ReadonlyMap<string, unknown>;
  /** More that helps to see why, a line each. */
  readonly notes?: readonly string[];
}

/** Most differences that are told one by one, and most letters that are explained. */
const MAX_TOLD = 12;

/** Letters for values that the expectation has none for. */
const SPARE = Array.from('zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA');
const NO_LETTER_LEFT = '?';

const REORDERED =
  'the same, in another order: a standard queue keeps none, and neither does the broker without `unordered: false`';

/**
 * Both diagrams, aligned, with what differs marked and told; undefined where they are the same.
 *
 * ```text
 * expectSettled(orders) is not as expected
 *   expected  --a-----b
 *   actual    --a 1s  b
 * ```
 */
export function differenceReport(comparison: Comparison): string | undefined {
  const { title, expected, actual, notes = [] } = comparison;
  const frames = differingFrames(expected, actual);
  if (frames.length === 0) return undefined;
  const names = createNames(comparison);
  const [wanted, had] = [expected.map(names.ofExpected), actual.map(names.ofActual)];
  const { lines, columns } = alignedDiagrams([glyphs(expected, wanted), glyphs(actual, had)]);
  const [expectedLine = '', actualLine = ''] = lines;
  const at = (marks: readonly Mark[], named: readonly string[], frame: number): string =>
    named.filter((_name, index) => marks[index]?.frame === frame).join('') || 'nothing';
  const told = frames
    .slice(0, MAX_TOLD)
    .map((frame) => `at ${timeOf(frame)}: expected ${at(expected, wanted, frame)}, got ${at(actual, had, frame)}`);
  const left = frames.length - told.length;
  const isReordered = frames.every((frame) => sorted(expected, wanted, frame) === sorted(actual, had, frame));
  return [
    `${title} is not as expected`,
    `  expected  ${expectedLine}`,
    `  actual    ${actualLine}`,
    `            ${pointers(frames.map((frame) => columns.get(frame) ?? [0, 0]))}`,
    ...[
      ...told,
      ...(left > 0 ? [`and at ${left} more times`] : []),
      ...(isReordered ? [REORDERED] : []),
      ...legend([...expected, ...actual], [...wanted, ...had]),
      ...notes,
    ].map((line) => `  ${line}`),
  ].join('\n');
}

const glyphs = (marks: readonly Mark[], names: readonly string[]): readonly Glyph[] =>
  marks.map(({ frame }, index) => ({ frame, text: names[index] ?? '' }));

const sorted = (marks: readonly Mark[], names: readonly string[], frame: number): string =>
  names
    .filter((_name, index) => marks[index]?.frame === frame)
    .sort()
    .join(' ');

/** Frames at which the two do not say the same, in the same order. */
function differingFrames(expected: readonly Mark[], actual: readonly Mark[]): readonly number[] {
  const frames = [...new Set([...expected, ...actual].map(({ frame }) => frame))].sort((one, other) => one - other);
  return frames.filter((frame) => {
    const wanted = expected.filter((mark) => mark.frame === frame);
    const had = actual.filter((mark) => mark.frame === frame);
    return wanted.length !== had.length || !wanted.every((mark, index) => isSameAs(mark, had[index]));
  });
}

const isSameAs = (mark: Mark, other: Mark | undefined): boolean => other !== undefined && isSame(mark, other);

interface Names {
  readonly ofExpected: (mark: Mark) => string;
  readonly ofActual: (mark: Mark) => string;
}

/** Names marks: the letters of the diagram, for other values a letter of their own; `#`, `|`, `^` and `!` are RxJS's. */
function createNames({ expected, letters = [], values = new Map<string, unknown>() }: Comparison): Names {
  const ownLetters = new Map(
    expected.filter(({ kind }) => kind === 'next').map((mark, index) => [mark, letters[index]]),
  );
  const known: (readonly [string, unknown])[] = [...values];
  for (const [mark, letter] of ownLetters) if (letter !== undefined) known.push([letter, mark.value]);
  const errors = expected.filter(({ kind }) => kind === 'error').map(({ value }) => value);

  const nameOf = (mark: Mark): string => {
    const { kind, value } = mark;
    if (kind === 'complete') return '|';
    if (kind === 'subscribed') return '^';
    if (kind === 'unsubscribed') return '!';
    if (kind === 'error')
      return errors.length === 0 || errors.some((error) => isDeepStrictEqual(error, value)) ? '#' : 'E';
    const found = known.find(([, other]) => isDeepStrictEqual(other, value));
    if (found !== undefined) return found[0];
    const isFree = (letter: string): boolean => !known.some(([taken]) => taken === letter);
    const own = typeof value === 'string' && /^\p{L}$/u.test(value) && isFree(value) ? value : undefined;
    const name = own ?? SPARE.find(isFree) ?? NO_LETTER_LEFT;
    known.push([name, value]);
    return name;
  };

  return {
    ofExpected: (mark) => ownLetters.get(mark) ?? nameOf(mark),
    ofActual: (mark) => {
      // Of two letters with one value it is the one that is expected here.
      const here = expected.find((other) => other.frame === mark.frame && isSame(other, mark));
      return (here === undefined ? undefined : ownLetters.get(here)) ?? nameOf(mark);
    },
  };
}

/** What the letters stand for, where they are not the values themselves. */
function legend(marks: readonly Mark[], names: readonly string[]): readonly string[] {
  const lines = marks.flatMap(({ kind, value }, index) => {
    const name = names[index];
    const isExplained = (kind === 'next' || kind === 'error') && value !== name && name !== NO_LETTER_LEFT;
    return isExplained ? [`${name ?? ''} = ${textOf(value)}`] : [];
  });
  return [...new Set(lines)].slice(0, MAX_TOLD);
}

/** An error without its stack, which would hide the diagrams. */
function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 200 });
}
