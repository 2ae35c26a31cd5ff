import { drawLane, type LaneLetter, readLane } from './drawnLane.js';
import { type Lane, LANES } from './laneMarks.js';
import { pointers } from './pointers.js';
import { readScale } from './timeScale.js';

/** A recording that was pasted: its lanes, and how long a column is. */
export interface ReadRecording {
  readonly columnMs: number;
  readonly columns: number;
  readonly lanes: ReadonlyMap<Lane, readonly LaneLetter[]>;
}

/**
 * Reads what `recordMarbles` drew. Its first line and its legend may be there or not; a lane that is left out is not expected.
 *
 * @throws Error that says what is missing, or which line is no lane.
 */
export function readRecording(text: string): ReadRecording {
  const columnMs = readScale(text);
  if (columnMs === undefined) throw new Error('a recording says its scale, such as `1 column = 50ms`');
  const lanes = new Map<Lane, readonly LaneLetter[]>();
  let columns = 0;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [name = '', drawn = '', ...more] = line.split(/ +/);
    const lane = LANES.find((known) => known === name);
    if (lane === undefined) {
      if (isLegend(line)) continue;
      throw new Error(`\`${name}\` is no lane of a recording; there are ${LANES.join(', ')}`);
    }
    const letters = more.length === 0 ? readLane(drawn) : undefined;
    if (letters === undefined) throw new Error(`lane ${lane}: expected dashes, letters and groups such as \`(ab)\``);
    if (lanes.has(lane)) throw new Error(`lane ${lane} is there twice`);
    lanes.set(lane, letters);
    columns = Math.max(columns, drawn.length);
  }
  if (!lanes.has('published')) throw new Error('a recording has a lane `published`, of what is to be published');
  if (lanes.size === 1) throw new Error('a recording has a lane beside `published`, of what is expected');
  return { columnMs, columns, lanes };
}

/** The first line, what letters stand for, and how many were left out. */
const isLegend = (line: string): boolean =>
  line === '' || line.startsWith('1 column = ') || /^\p{L} = /u.test(line) || /^and \d+ /.test(line);

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
  // What comes after the end may be what was expected just before it; else nobody knows.
  const within = replayed.filter(({ column }) => column < columns + tolerance);
  const reports = [...lanes].flatMap(([lane, expected]) => {
    if (lane === 'published') return [];
    const actual = within.filter((mark) => mark.lane === lane);
    const differences = differencesOf(expected, actual, tolerance, columns);
    if (differences.length === 0) return [];
    return [
      `  ${lane}`,
      `    expected  ${drawLane(expected, columns)}`,
      `    actual    ${drawLane(actual, columns)}`,
      `              ${pointers(differences.flatMap((difference) => difference.columns.map(spanOf)))}`,
      ...differences.map(({ text }) => `    ${text}`),
    ];
  });
  return reports.length === 0 ? undefined : [`${title} is not as recorded`, ...reports].join('\n');
}

interface Difference {
  readonly text: string;
  readonly isUnexpected?: boolean;
  readonly columns: readonly number[];
}

/** Each letter has to come as often as it was recorded, each time in its column, or in one next to it. */
function differencesOf(
  expected: readonly LaneLetter[],
  actual: readonly ReplayedMark[],
  tolerance: number,
  columns: number,
): readonly Difference[] {
  const letters = [...new Set([...expected, ...actual].map(({ letter }) => letter))];
  return letters.flatMap((letter) => {
    const wanted = expected.filter((mark) => mark.letter === letter);
    const had = actual.filter((mark) => mark.letter === letter);
    return Array.from({ length: Math.max(wanted.length, had.length) }, (_, index) =>
      differenceOf(letter, wanted[index], had[index], tolerance),
    )
      .flat()
      .filter(({ isUnexpected, columns: [column = 0] }) => !(isUnexpected === true && column >= columns));
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
    return [
      { text: `${letter} came in column ${column}, and was not expected`, columns: [column], isUnexpected: true },
    ];
  }
  if (had === undefined) {
    return [{ text: `${letter} was expected in column ${wanted.column}, and did not come`, columns: [wanted.column] }];
  }
  const isNear = had.column >= wanted.column - tolerance && had.column <= wanted.column + wanted.slack + tolerance;
  if (isNear) return [];
  const text = `${letter} was expected in column ${wanted.column}, and came in column ${had.column}`;
  return [{ text, columns: [wanted.column, had.column] }];
}

const spanOf = (column: number): readonly [number, number] => [column, column + 1];
