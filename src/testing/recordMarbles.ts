import type { Observable, Unsubscribable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { MessagingEvent } from '../events.js';
import type { AnyTopic } from '../topic.js';
import { drawRecording, LETTERS, type Recorded } from './drawRecording.js';
import { laneMarkOf } from './laneMarks.js';
import { type Publication, unreceived } from './unreceived.js';

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
   * Most messages kept, 1 to 52, one for each letter.
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

/** Marks of a message that are kept; the oldest make way. */
const MAX_MARKS = 100;

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
 * whoever published it, and its ids are those of SQS, as `message.id` and the events have them; retried is when it was given
 * back. Moves of SQS's own to the dead-letter queue are told to nobody.
 *
 * What is kept is bounded, so it can run in production all the time: messages that are done make way first, and so many are
 * drawn, the latest, as fit a line on a scale that still shows their times. How many were left out is told.
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

  /** Those that are done make way first. */
  const makeRoom = (): void => {
    if (messages.size < maxMessages) return;
    const [oldest = ''] = messages.keys();
    const [done = oldest] = [...messages].flatMap(([key, { marks }]) => (isDone(marks.at(-1)?.lane) ? [key] : []));
    messages.delete(done);
    leftOut += 1;
  };

  const subscription = events$.subscribe((event) => {
    const mark = laneMarkOf(event);
    if (mark === undefined || (topic !== undefined && mark.topic !== topic.name)) return;
    if (event.type === 'published') {
      publications.push({ topic: mark.topic, id: mark.id, at: mark.at, startedAt: mark.at - event.durationMs });
      if (publications.length > maxMessages) publications.shift();
      return;
    }
    const key = `${mark.queue ?? ''} ${mark.id}`;
    if (event.type === 'received' && !messages.has(key)) {
      makeRoom();
      // The clock of SQS may be ahead of ours.
      const sentAt = event.at - Math.max(0, event.ageMs);
      messages.set(key, { topic: mark.topic, id: mark.id, sentAt, order: event.sequenceNumber ?? '', marks: [] });
    }
    // Of a message that was received before the recording, or has made way, nothing is drawn.
    const marks = messages.get(key)?.marks;
    marks?.push({ lane: mark.lane, at: mark.at });
    if ((marks?.length ?? 0) > MAX_MARKS) marks?.shift();
  });

  return {
    unsubscribe: () => subscription.unsubscribe(),
    diagram: () => {
      const received = [...messages.values()];
      const room = maxMessages - received.length;
      const others = unreceived(received, publications);
      const drawn = room === 0 ? [] : others.slice(-room);
      return drawRecording([...received, ...drawn], width, leftOut + others.length - drawn.length);
    },
  };
}

const isDone = (lane: string | undefined): boolean => lane === 'settled' || lane === 'dead-lettered';

function checkOptions(width: number, maxMessages: number): void {
  const isCount = Number.isInteger(maxMessages) && maxMessages >= 1 && maxMessages <= LETTERS.length;
  const faults = [
    ...(width >= 40 ? [] : [{ path: 'width', message: 'expected a number of at least 40' }]),
    ...(isCount ? [] : [{ path: 'maxMessages', message: `expected a whole number from 1 to ${LETTERS.length}` }]),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
}
