import type { PortSettings } from '../client/client.js';
import { MAX_QUEUE_NAME_LENGTH, MAX_TOPIC_NAME_LENGTH } from '../client/limits.js';
import { ConfigurationError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import { type Place, placeOf } from './arn.js';

/** What names are made of. */
export type NameSettings = Pick<PortSettings, 'environment' | 'service' | 'topicMap' | 'queueMap'>;

const FIFO = '.fifo';

/** `<environment>-<topic>`, `.fifo` last, or what `topicMap` says. @throws ConfigurationError for an impossible name. */
export function topicPlace({ environment, topicMap }: NameSettings, topic: AnyTopic): Place {
  const place = mapped(topicMap, topic) ?? { name: `${environment}-${topic.name}${suffixOf(topic)}` };
  check(`topic name of ${topic.name}`, topic, place.name, MAX_TOPIC_NAME_LENGTH);
  return place;
}

/** `<environment>-<topic>[-<service>]-queue`, `.fifo` last, or what `queueMap` says. @throws as `topicPlace` does. */
export function queuePlace({ environment, service, queueMap }: NameSettings, topic: AnyTopic): Place {
  const parts = [environment, topic.name, ...(service === undefined ? [] : [service]), 'queue'];
  const place = mapped(queueMap, topic) ?? { name: `${parts.join('-')}${suffixOf(topic)}` };
  check(`queue name of ${topic.name}`, topic, place.name, MAX_QUEUE_NAME_LENGTH);
  return place;
}

/** Physical name of a topic. @throws ConfigurationError for an impossible name. */
export const topicName = (settings: NameSettings, topic: AnyTopic): string => topicPlace(settings, topic).name;

/** Physical name of the queue that belongs to a topic. @throws ConfigurationError for an impossible name. */
export const queueName = (settings: NameSettings, topic: AnyTopic): string => queuePlace(settings, topic).name;

/** `<queue>-dlq`, `.fifo` last. @throws ConfigurationError when that is too long for a queue. */
export function deadLetterQueueName(queue: string): string {
  const name = queue.replace(/(\.fifo)?$/, '-dlq$1');
  const faults = lengthFaults(name, MAX_QUEUE_NAME_LENGTH);
  if (faults.length > 0) refuse(`dead-letter queue of ${queue}`, name, faults, { queue });
  return name;
}

/** Whether SNS takes this name. [A: CreateTopic] */
export const isTopicName = (name: string): boolean => rules(name, MAX_TOPIC_NAME_LENGTH).length === 0;

/** Whether SQS takes this name. [A: CreateQueue] */
export const isQueueName = (name: string): boolean => rules(name, MAX_QUEUE_NAME_LENGTH).length === 0;

const suffixOf = ({ kind }: AnyTopic): string => (kind === 'fifo' ? FIFO : '');

/** `Object.hasOwn`, because `constructor` is a possible name of a topic. */
function mapped(map: Readonly<Record<string, string>>, { name }: AnyTopic): Place | undefined {
  const entry = Object.hasOwn(map, name) ? map[name] : undefined;
  return entry === undefined ? undefined : placeOf(entry);
}

function check(path: string, topic: AnyTopic, name: string, maxLength: number): void {
  const faults = [...rules(name, maxLength), ...kindFaults(name, topic)];
  if (faults.length > 0) refuse(path, name, faults, { topic: topic.name });
}

const rules = (name: string, maxLength: number): readonly string[] => [
  ...lengthFaults(name, maxLength),
  ...(/^[A-Za-z0-9_-]+(\.fifo)?$/.test(name) ? [] : ['expected letters, digits, `-` and `_` only']),
];

function lengthFaults({ length }: string, maxLength: number): readonly string[] {
  return length <= maxLength ? [] : [`expected at most ${String(maxLength)} characters, it has ${String(length)}`];
}

function kindFaults(name: string, { kind }: AnyTopic): readonly string[] {
  if (name.endsWith(FIFO) === (kind === 'fifo')) return [];
  return [
    kind === 'fifo' ? 'expected `.fifo` at its end, the topic is FIFO' : 'expected no `.fifo`, the topic is not FIFO',
  ];
}

function refuse(
  path: string,
  name: string,
  faults: readonly string[],
  context: { readonly topic?: string; readonly queue?: string },
): never {
  throw new ConfigurationError(
    faults.map((fault) => ({ path, message: `${name}: ${fault}` })),
    context,
  );
}
