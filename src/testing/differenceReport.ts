import { inspect, isDeepStrictEqual } from 'node:util';
import { alignedDiagrams, type Glyph, timeOf } from './alignedDiagrams.js';
import { isSame, type Mark } from './mark.js';

/** What was to be, and what was. */
export interface Comparison {
  /** Such as `expectSettled(user-events)`. */
  readonly title: string;
  readonly expected: readonly Mark[];
  readonly actual: readonly Mark[];
  /** Values by the letters that the expectation gives them. */
  readonly letters: ReadonlyMap<string, unknown>;
}

/** Most differences that are told one by one. */
const MAX_TOLD = 12;

/** Letters for values that the expectation has none for. */
const SPARE = Array.from('zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA');
const NO_LETTER_LEFT = '?';

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
  const { title, expected, actual } = comparison;
  const frames = differingFrames(expected, actual);
  if (frames.length === 0) return undefined;
  const nameOf = createNames(comparison);
  const glyphs = (marks: readonly Mark[]): readonly Glyph[] =>
    marks.map((mark) => ({ frame: mark.frame, text: nameOf(mark) }));
  const { lines, columns } = alignedDiagrams([glyphs(expected), glyphs(actual)]);
  const [expectedLine = '', actualLine = ''] = lines;
  const told = frames.slice(0, MAX_TOLD).map((frame) => {
    const at = (marks: readonly Mark[]): string =>
      marks
        .filter((mark) => mark.frame === frame)
        .map(nameOf)
        .join('') || 'nothing';
    return `  at ${timeOf(frame)}: expected ${at(expected)}, got ${at(actual)}`;
  });
  const left = frames.length - told.length;
  return [
    `${title} is not as expected`,
    `  expected  ${expectedLine}`,
    `  actual    ${actualLine}`,
    `            ${pointers(frames, columns)}`,
    ...told,
    ...(left > 0 ? [`  and at ${left} more times`] : []),
    ...legend([...expected, ...actual], nameOf),
  ].join('\n');
}

/** Frames at which the two do not say the same, in the same order. */
function differingFrames(expected: readonly Mark[], actual: readonly Mark[]): readonly number[] {
  const frames = [...new Set([...expected, ...actual].map(({ frame }) => frame))].sort((one, other) => one - other);
  return frames.filter((frame) => {
    const [wanted, had] = [expected, actual].map((marks) => marks.filter((mark) => mark.frame === frame));
    return !(wanted?.length === had?.length && wanted?.every((mark, index) => isSameAs(mark, had?.[index])));
  });
}

const isSameAs = (mark: Mark, other: Mark | undefined): boolean => other !== undefined && isSame(mark, other);

function pointers(frames: readonly number[], columns: ReadonlyMap<number, readonly [number, number]>): string {
  let line = '';
  for (const frame of frames) {
    const [from, to] = columns.get(frame) ?? [0, 0];
    line = line.padEnd(from) + '^'.repeat(to - from);
  }
  return line;
}

/** Names marks: the letter of a value, the value where it is a letter, or a spare one; `#`, `|`, `^` and `!` are RxJS's. */
function createNames({ letters, expected }: Comparison): (mark: Mark) => string {
  const known = [...letters];
  const errors = expected.filter(({ kind }) => kind === 'error').map(({ value }) => value);
  return ({ kind, value }) => {
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
}

/** What the letters stand for, where they are not the values themselves. */
function legend(marks: readonly Mark[], nameOf: (mark: Mark) => string): readonly string[] {
  const lines = marks
    .filter(({ kind }) => kind === 'next' || kind === 'error')
    .filter((mark) => mark.value !== nameOf(mark))
    .map(
      (mark) => `  ${nameOf(mark)} = ${inspect(mark.value, { depth: 6, breakLength: Infinity, maxStringLength: 200 })}`,
    );
  return [...new Set(lines)];
}
