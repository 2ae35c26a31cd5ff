import { timeOf } from './alignedDiagrams.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds of a column that are easily counted. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 6, 12, 24, 168].map((count) => count * HOUR),
];

/**
 * Scales on which so long a time fits so many columns, the finest first, as long as it takes this share of them; what takes
 * no time has one.
 */
export function scales(lastsMs: number, columns: number, leastShare: number): readonly number[] {
  const columnsAt = (ms: number): number => Math.floor(lastsMs / ms) + 1;
  const fitting = STEPS.filter((ms) => columnsAt(ms) <= columns);
  const [finest, ...coarser] = fitting;
  if (finest === undefined) return STEPS.slice(-1);
  return [finest, ...coarser.filter((ms) => columnsAt(ms) >= columns * leastShare)];
}

/** How a diagram says its scale. */
export const scaleText = (columnMs: number): string => `1 column = ${timeOf(columnMs)}`;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE };

/** Milliseconds of a column, as a diagram says it; undefined where it doesn't. */
export function readScale(text: string): number | undefined {
  const [, count, unit = ''] = /1 column = (\d+) ?(ms|s|m)\b/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1);
}
