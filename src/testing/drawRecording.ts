import { drawLane } from './drawnLane.js';
import { type Lane, LANES } from './laneMarks.js';
import { scales, scaleText } from './timeScale.js';

/** A message, or a publication that nobody here has received. */
export interface Recorded {
  readonly topic: string;
  readonly id: string;
  /** When the queue took it in. */
  readonly sentAt: number;
  /** Sequence number, on FIFO queues: what was sent in one millisecond has an order by it. */
  readonly order: string;
  readonly marks: { readonly lane: Lane; readonly at: number }[];
}

/** One for each message of a diagram. */
export const LETTERS: readonly string[] = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

const LABEL_WIDTH = Math.max(...LANES.map(({ length }) => length)) + 2;

/** A scale so coarse that less of the line is used shows no times any more. */
const LEAST_SHARE_OF_LINE = 1 / 6;

/** Draws the latest of these messages, as many as fit the line. @param leftOut - how many were left out before. */
export function drawRecording(all: readonly Recorded[], width: number, leftOut: number): string {
  const recorded = [...all].sort((one, other) => one.sentAt - other.sentAt || compare(one.order, other.order));
  for (let first = 0; first < recorded.length; first += 1) {
    const lines = linesThatFit(recorded.slice(first), width);
    if (lines !== undefined) return [...lines, ...note(leftOut + first)].join('\n');
  }
  const [last] = recorded.slice(-1);
  const lines = last === undefined ? [] : latestOf(last, width);
  return [...lines, ...note(leftOut + Math.max(0, recorded.length - 1))].join('\n');
}

/** A message that was received too often for one line: the latest half of what became of it, or half of that. */
function latestOf(message: Recorded, width: number): readonly string[] {
  const shorter = { ...message, marks: message.marks.slice(Math.ceil(message.marks.length / 2)) };
  return (
    linesThatFit([{ ...shorter, sentAt: shorter.marks[0]?.at ?? message.sentAt }], width) ?? latestOf(shorter, width)
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const note = (leftOut: number): readonly string[] =>
  leftOut > 0 ? [`and ${leftOut} messages that are not drawn`] : [];

interface LetterMark {
  readonly lane: Lane;
  readonly letter: string;
  readonly at: number;
}

/** The diagram of all these messages; undefined where their marks are too many for one line. */
function linesThatFit(recorded: readonly Recorded[], width: number): readonly string[] | undefined {
  const marks = recorded.flatMap(({ sentAt, marks: own }, index): readonly LetterMark[] =>
    [{ lane: LANES[0], at: sentAt }, ...own].map(({ lane, at }) => ({ lane, at, letter: LETTERS[index] ?? '' })),
  );
  const times = marks.map(({ at }) => at);
  const from = times.reduce((least, at) => Math.min(least, at));
  const lasts = times.reduce((most, at) => Math.max(most, at)) - from;
  const columns = width - LABEL_WIDTH;
  const columnMs = scales(lasts, columns, LEAST_SHARE_OF_LINE).find((ms) =>
    lanesOf(marks, from, lasts, ms).every(({ length }) => length <= columns),
  );
  if (columnMs === undefined) return undefined;
  return [
    `${scaleText(columnMs)}, from ${new Date(from).toISOString()}`,
    ...lanesOf(marks, from, lasts, columnMs).map((line, index) => `${(LANES[index] ?? '').padEnd(LABEL_WIDTH)}${line}`),
    ...recorded.map(({ topic, id, marks: own }, index) => {
      const published = own.length === 0 ? ' (published, not received here)' : '';
      return `${LETTERS[index] ?? ''} = ${topic} ${id}${published}`;
    }),
  ];
}

/** All lanes as long as the longest, whose last group may go beyond the last column. */
function lanesOf(marks: readonly LetterMark[], from: number, lasts: number, columnMs: number): readonly string[] {
  const columnOf = (at: number): number => Math.floor((at - from) / columnMs);
  const lines = LANES.map((lane) =>
    drawLane(
      marks.filter((mark) => mark.lane === lane).map(({ letter, at }) => ({ letter, column: columnOf(at) })),
      columnOf(from + lasts) + 1,
    ),
  );
  const longest = Math.max(...lines.map(({ length }) => length));
  return lines.map((line) => line.padEnd(longest, '-'));
}
