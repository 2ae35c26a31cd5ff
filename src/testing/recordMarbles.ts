import type { Observable, Unsubscribable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { MessagingEvent } from '../events.js';
import type { AnyTopic } from '../topic.js';
import { drawLane } from './drawnLane.js';
import { type Lane, LANES, laneMarkOf } from './laneMarks.js';
import { scaleText, scaleThatFits } from './timeScale.js';

/** Options of `recordMarbles`. */
export interface RecordMarblesOptions {
  /**
   * Record the messages of this topic only, as a replay needs it.
   *
   * @defaultValue all topics
   */
  readonly topic?: AnyTopic;
  /**
   * Characters of a line, 40 or more.
   *
   * @defaultValue 100
   */
  readonly width?: number;
  /**
   * Most messages kept, 1 to 52, one for each letter; the oldest make way.
   *
   * @defaultValue 52
   */
  readonly maxMessages?: number;
}

/** What happened, as far as it was recorded. */
export interface MarbleRecording extends Unsubscribable {
  /** The diagram of everything up to now; an empty text while nothing has happened. */
  diagram(): string;
  /** Ends the recording. What was recorded stays. */
  unsubscribe(): void;
}

/** A message, or a publication that nobody here has received. */
interface Recorded {
  readonly topic: string;
  readonly id: string;
  /** When the queue took it in, if that is known. */
  sentAt: number | undefined;
  readonly marks: { readonly lane: Lane; readonly at: number }[];
}

interface Publication {
  readonly topic: string;
  readonly id: string;
  readonly at: number;
  readonly startedAt: number;
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** Marks of a message that are kept; the oldest make way. */
const MAX_MARKS = 100;

/** By how much the clocks of SQS and of this process may differ. */
const CLOCK_SKEW_MS = 1_000;

const LABEL_WIDTH = Math.max(...LANES.map(({ length }) => length)) + 2;

/**
 * Records what really happens to messages as a marble diagram: a lane each for published, received, settled, retried and
 * dead-lettered, on a time scale that fits a line, with a legend of ids. Payloads are in no event, and so in no diagram.
 *
 * ```text
 * 1 column = 50ms, from 2026-11-25T09:30:00.000Z
 * published      a-b-------------------
 * received       a-b-----------------a-
 * settled        --b-----------------a-
 * retried        a---------------------
 * dead-lettered  ----------------------
 * a = orders 0f0c7a4e-1b5e-4b7e-9d43-0d3f7f1b2c55
 * b = orders 4be0b6c2-7b1f-4a52-8f0e-2f6ad3b2a9f1
 * ```
 *
 * The lanes are those that `messagingTest` takes: paste them into its `replay`. Published is when the queue took a message in,
 * whoever published it; retried is when it was given back. Moves of SQS's own to the dead-letter queue are told to nobody. What
 * is kept is bounded, so it can run in production all the time.
 *
 * @example
 * ```ts
 * import { recordMarbles } from 'rxjs-aws-messaging/testing';
 *
 * const recording = recordMarbles(client.events$, { topic: Orders });
 * // ...
 * console.log(recording.diagram());
 * recording.unsubscribe();
 * ```
 *
 * @throws ConfigurationError when an option is out of its range.
 */
export function recordMarbles(
  events$: Observable<MessagingEvent>,
  options: RecordMarblesOptions = {},
): MarbleRecording {
  const { topic, width = 100, maxMessages = LETTERS.length } = options;
  checkOptions(width, maxMessages);
  const messages = new Map<string, Recorded>();
  const publications: Publication[] = [];
  let leftOut = 0;

  const recordOf = (key: string, of: { readonly topic: string; readonly id: string }): Recorded => {
    const known = messages.get(key);
    if (known !== undefined) return known;
    const made: Recorded = { topic: of.topic, id: of.id, sentAt: undefined, marks: [] };
    messages.set(key, made);
    const [oldest] = messages.keys();
    if (messages.size > maxMessages && oldest !== undefined) {
      messages.delete(oldest);
      leftOut += 1;
    }
    return made;
  };

  const subscription = events$.subscribe((event) => {
    const mark = laneMarkOf(event);
    if (mark === undefined || (topic !== undefined && mark.topic !== topic.name)) return;
    if (event.type === 'published') {
      publications.push({ topic: mark.topic, id: mark.id, at: mark.at, startedAt: mark.at - event.durationMs });
      if (publications.length > maxMessages) publications.shift();
      return;
    }
    const recorded = recordOf(`${mark.queue ?? ''} ${mark.id}`, mark);
    if (event.type === 'received') recorded.sentAt ??= event.at - event.ageMs;
    recorded.marks.push({ lane: mark.lane, at: mark.at });
    if (recorded.marks.length > MAX_MARKS) recorded.marks.shift();
  });

  return {
    unsubscribe: () => subscription.unsubscribe(),
    diagram: () => drawn(withUnreceived([...messages.values()], publications), width, leftOut),
  };
}

/**
 * Messages, and those publications that none of them can be of. SNS and SQS give different ids to one message, so they are
 * matched by time, in order.
 */
function withUnreceived(messages: readonly Recorded[], publications: readonly Publication[]): readonly Recorded[] {
  const left = [...publications];
  const bySentAt = [...messages].sort((one, other) => (one.sentAt ?? 0) - (other.sentAt ?? 0));
  for (const { topic, sentAt } of bySentAt) {
    const index = left.findIndex(
      (publication) =>
        publication.topic === topic && sentAt !== undefined && publication.startedAt <= sentAt + CLOCK_SKEW_MS,
    );
    if (index >= 0) left.splice(index, 1);
  }
  return [...messages, ...left.map(({ topic, id, at }) => ({ topic, id, sentAt: at, marks: [] }))];
}

function drawn(all: readonly Recorded[], width: number, leftOut: number): string {
  const beginOf = ({ sentAt, marks }: Recorded): number => Math.min(sentAt ?? Infinity, ...marks.map(({ at }) => at));
  const recorded = [...all].sort((one, other) => beginOf(one) - beginOf(other)).slice(-LETTERS.length);
  const from = Math.min(...recorded.map(beginOf));
  if (from === Infinity) return '';
  const marks = recorded.flatMap(({ sentAt, marks: own }, index) => {
    const published = sentAt === undefined ? [] : [{ lane: LANES[0], at: sentAt }];
    return [...published, ...own].map(({ lane, at }) => ({ lane, at, letter: LETTERS[index] ?? '' }));
  });
  const lanesAt = (columnMs: number): readonly string[] => {
    const columnOf = (at: number): number => Math.floor((at - from) / columnMs);
    const lines = (columns: number): readonly string[] =>
      LANES.map((lane) => {
        const letters = marks.filter((mark) => mark.lane === lane);
        return drawLane(
          letters.map(({ letter, at }) => ({ letter, column: columnOf(at) })),
          columns,
        );
      });
    // All lanes are as long as the longest, whose last group may go beyond the last column.
    const last = Math.max(...marks.map(({ at }) => columnOf(at))) + 1;
    return lines(Math.max(last, ...lines(last).map(({ length }) => length)));
  };
  const columnMs = scaleThatFits((ms) => lanesAt(ms).every(({ length }) => length + LABEL_WIDTH <= width));
  return [
    `${scaleText(columnMs)}, from ${new Date(from).toISOString()}`,
    ...lanesAt(columnMs).map((line, index) => `${(LANES[index] ?? '').padEnd(LABEL_WIDTH)}${line}`),
    ...recorded.map(({ topic, id, marks: own }, index) => {
      const note = own.length === 0 ? ' (published, not received here)' : '';
      return `${LETTERS[index] ?? ''} = ${topic} ${id}${note}`;
    }),
    ...(leftOut > 0 ? [`and ${leftOut} earlier messages`] : []),
  ].join('\n');
}

function checkOptions(width: number, maxMessages: number): void {
  const isCount = Number.isInteger(maxMessages) && maxMessages >= 1 && maxMessages <= LETTERS.length;
  const faults = [
    ...(width >= 40 ? [] : [{ path: 'width', message: 'expected a number of at least 40' }]),
    ...(isCount ? [] : [{ path: 'maxMessages', message: `expected a whole number from 1 to ${LETTERS.length}` }]),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
}
