import { drawLane, type LaneLetter, readLane } from './drawnLane.js';
import { type Lane, LANES } from './laneMarks.js';
import { readScale } from './timeScale.js';

/** A recording that was pasted: its lanes, and how long a column is. */
export interface ReadRecording {
  readonly columnMs: number;
  readonly columns: number;
  readonly lanes: ReadonlyMap<Lane, readonly LaneLetter[]>;
}

/**
 * Reads what `recordMarbles` drew. Whatever stands around its lanes is not looked at; a lane that is left out is not expected.
 *
 * @throws Error that says what is missing.
 */
export function readRecording(text: string): ReadRecording {
  const columnMs = readScale(text);
  if (columnMs === undefined) throw new Error('a recording says its scale, such as `1 column = 50ms`');
  const lanes = new Map<Lane, readonly LaneLetter[]>();
  let columns = 0;
  for (const [, name, line = ''] of text.matchAll(/^[^\S\n]*([a-z-]+)[^\S\n]+(\S+)[^\S\n]*$/gm)) {
    const lane = LANES.find((known) => known === name);
    if (lane === undefined) continue;
    const letters = readLane(line);
    if (letters === undefined) throw new Error(`lane ${lane}: expected dashes, letters and groups such as \`(ab)\``);
    lanes.set(lane, letters);
    columns = Math.max(columns, line.length);
  }
  if (!lanes.has('published')) throw new Error('a recording has a lane `published`, of what is to be published');
  return { columnMs, columns, lanes };
}

/** What happened in a replay. */
export interface ReplayedMark {
  readonly lane: Lane;
  /** `?` for a message that was not published by the replay. */
  readonly letter: string;
  readonly column: number;
}

/** Lanes that are not as they were recorded, both aligned, and what differs; undefined where all are. */
export function replayReport(
  title: string,
  { columns, lanes }: ReadRecording,
  replayed: readonly ReplayedMark[],
  tolerance: number,
): string | undefined {
  const within = replayed.filter(({ column }) => column < columns + tolerance);
  const reports = [...lanes].flatMap(([lane, expected]) => {
    if (lane === 'published') return [];
    const actual = within.filter((mark) => mark.lane === lane);
    const differences = differencesOf(expected, actual, tolerance);
    if (differences.length === 0) return [];
    return [
      `  ${lane}`,
      `    expected  ${drawLane(expected, columns)}`,
      `    actual    ${drawLane(actual, columns)}`,
      `              ${pointers(differences)}`,
      ...differences.map(({ text }) => `    ${text}`),
    ];
  });
  return reports.length === 0 ? undefined : [`${title} is not as recorded`, ...reports].join('\n');
}

interface Difference {
  readonly text: string;
  readonly columns: readonly number[];
}

/** Each letter has to come as often as it was recorded, each time in its column, or in one next to it. */
function differencesOf(
  expected: readonly LaneLetter[],
  actual: readonly ReplayedMark[],
  tolerance: number,
): readonly Difference[] {
  const letters = [...new Set([...expected, ...actual].map(({ letter }) => letter))];
  return letters.flatMap((letter) => {
    const wanted = expected.filter((mark) => mark.letter === letter);
    const had = actual.filter((mark) => mark.letter === letter);
    return Array.from({ length: Math.max(wanted.length, had.length) }, (_, index) =>
      differenceOf(letter, wanted[index], had[index], tolerance),
    ).flat();
  });
}

function differenceOf(
  letter: string,
  wanted: LaneLetter | undefined,
  had: ReplayedMark | undefined,
  tolerance: number,
): readonly Difference[] {
  if (wanted === undefined) {
    const column = had?.column ?? 0;
    return [{ text: `${letter} came in column ${column}, and was not expected`, columns: [column] }];
  }
  if (had === undefined) {
    return [{ text: `${letter} was expected in column ${wanted.column}, and did not come`, columns: [wanted.column] }];
  }
  const isNear = had.column >= wanted.column - tolerance && had.column <= wanted.column + wanted.slack + tolerance;
  if (isNear) return [];
  const text = `${letter} was expected in column ${wanted.column}, and came in column ${had.column}`;
  return [{ text, columns: [wanted.column, had.column] }];
}

function pointers(differences: readonly Difference[]): string {
  const columns = differences.flatMap((difference) => difference.columns);
  return Array.from({ length: Math.max(...columns) + 1 }, (_, column) => (columns.includes(column) ? '^' : ' ')).join(
    '',
  );
}
