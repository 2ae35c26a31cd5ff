import { MessagingError } from '../errors.js';
import type { Topic } from '../topic.js';
import type { BrokerParts } from './brokerParts.js';
import { endOf, publications } from './marbleDiagram.js';
import type { MessagingTestHelpers } from './messagingTestHelpers.js';
import type { Timeline } from './timeline.js';

/** The helpers that publish on a timeline. Every value is checked when the script names it. */
export function publishers(
  parts: BrokerParts,
  timeline: Timeline,
  checkOpen: () => void,
): Pick<MessagingTestHelpers, 'publish' | 'publishRaw'> {
  const { broker, ensure } = parts;

  const schedule = (name: string, marbles: string, action: (letter: string) => () => void): void => {
    checkOpen();
    const letters = publications(name, marbles);
    timeline.lastsTo(endOf(marbles));
    for (const { letter, frame } of letters) timeline.at(frame, action(letter));
  };

  return {
    publish: (topic, marbles, values) => {
      const name = `publish(${topic.name})`;
      ensure(topic, broker);
      schedule(name, marbles, (letter) => publicationOf(parts, name, topic, values, letter));
    },
    publishRaw: (topic, marbles, bodies, message) => {
      const name = `publishRaw(${topic.name})`;
      ensure(topic, broker);
      schedule(name, marbles, (letter) => {
        const body = given(name, bodies, letter);
        return () => broker.publishRaw(topic, body, message);
      });
    },
  };
}

/** The publication of a letter's value. @throws Error that names the letter, for what could not be published. */
export function publicationOf<A>(
  { publication }: BrokerParts,
  name: string,
  topic: Topic<A>,
  values: Readonly<Record<string, A>> | undefined,
  letter: string,
): () => string {
  // Without values a letter is its own; the codec of a topic of anything but texts refuses it.
  const value = values === undefined ? (letter as A) : given(name, values, letter);
  try {
    return publication(topic, value);
  } catch (error) {
    if (!(error instanceof MessagingError)) throw error;
    const what = values === undefined ? `\`${letter}\`, for which there is no value` : `\`${letter}\``;
    throw new Error(`${name}: ${what}: ${error.message}`, { cause: error });
  }
}

function given<T>(name: string, values: Readonly<Record<string, T>>, letter: string): T {
  // A record has a value for each of its own keys.
  if (Object.hasOwn(values, letter)) return values[letter] as T;
  throw new Error(`${name}: there is no value for \`${letter}\``);
}
