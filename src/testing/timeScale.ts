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

/** The finest scale with which everything fits; the coarsest where nothing does. */
export const scaleThatFits = (fits: (columnMs: number) => boolean): number => STEPS.find(fits) ?? STEPS.at(-1) ?? HOUR;

/** How a diagram says its scale. */
export const scaleText = (columnMs: number): string => `1 column = ${timeOf(columnMs)}`;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE };

/** Milliseconds of a column, as a diagram says it; undefined where it doesn't. */
export function readScale(text: string): number | undefined {
  const [, count, unit = ''] = /1 column = (\d+)(ms|s|m)\b/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1);
}
