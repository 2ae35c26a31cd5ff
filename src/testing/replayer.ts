import { filter } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import type { BrokerParts } from './brokerParts.js';
import { laneMarkOf } from './laneMarks.js';
import type { MessagingTestHelpers } from './messagingTestHelpers.js';
import { publicationOf } from './publishers.js';
import { readRecording, type ReplayedMark, replayReport } from './replay.js';
import type { Timeline } from './timeline.js';

const NO_TOLERANCE = { path: 'toleranceColumns', message: 'expected a whole number of at least 0' };

/** The helper that replays a recording. */
export function replayer(
  parts: BrokerParts,
  timeline: Timeline,
  checkOpen: () => void,
): Pick<MessagingTestHelpers, 'replay'> {
  const { broker, ensure, queueOf } = parts;
  const replayed = new Set<string>();

  return {
    replay: (topic, recording, values, { toleranceColumns = 1 } = {}) => {
      checkOpen();
      const name = `replay(${topic.name})`;
      const isCount = Number.isInteger(toleranceColumns) && toleranceColumns >= 0;
      if (!isCount) throw new ConfigurationError([NO_TOLERANCE]);
      if (replayed.has(topic.name)) throw new Error(`${name}: one recording of a topic can be replayed in a test`);
      replayed.add(topic.name);
      ensure(topic, broker);
      const read = readRecording(recording);
      timeline.lastsTo(read.columns * read.columnMs);
      const { letterOf, publishAs } = watchLetters(parts, topic);
      for (const { letter, column } of read.lanes.get('published') ?? []) {
        const publication = publicationOf(parts, name, topic, values, letter);
        timeline.at(column * read.columnMs, () => publishAs(letter, publication));
      }
      const seen: ReplayedMark[] = [];
      const { url } = queueOf(topic);
      broker.events$.subscribe((event) => {
        const mark = laneMarkOf(event);
        if (mark?.queue !== url) return;
        seen.push({ lane: mark.lane, letter: letterOf(mark.id), column: Math.floor(mark.at / read.columnMs) });
      });
      timeline.verify(() => replayReport(name, read, seen, toleranceColumns));
    },
  };
}

/** Tells which message of the queue came of which letter. */
function watchLetters({ account, queueOf }: BrokerParts, topic: AnyTopic) {
  const letters = new Map<string, string>();
  return {
    letterOf: (id: string): string => letters.get(id) ?? '?',
    publishAs: (letter: string, publication: () => string): void => {
      const arrivals = account.arrivals$
        .pipe(filter(({ queue }) => queue === queueOf(topic)))
        .subscribe(({ message }) => letters.set(message.messageId, letter));
      publication();
      arrivals.unsubscribe();
    },
  };
}
