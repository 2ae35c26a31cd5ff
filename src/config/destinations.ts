import { placeOf } from '../topology/arn.js';
import { isQueueName, isTopicName } from '../topology/names.js';
import { type Check, entriesOf, expecting, type GivenOptions } from './checks.js';
import { hasUser, urlOf } from './endpoint.js';

const ARN = /^arn:aws[a-z-]*:(sns|sqs):([a-z0-9-]+):\d{12}:[^:]+$/;

/** Both forms that SQS gives its queue URLs. [D: SQS queue URLs] */
const AWS_HOST = /^(?:sqs\.)?([a-z]{2,}(?:-[a-z]+)+-\d+)(?:\.queue)?\.amazonaws\.com(?:\.cn)?$/;

const isTopic = (value: unknown, options: GivenOptions): boolean =>
  typeof value === 'string' && isTopicName(placeOf(value).name) && isHere(value, 'sns', options);

const isQueue = (value: unknown, options: GivenOptions): boolean => {
  if (typeof value !== 'string') return false;
  const url = urlOf(value);
  const isUsable = url === undefined ? isHere(value, 'sqs', options) : isUrlHere(url, options);
  return isUsable && isQueueName(placeOf(value).name);
};

/** A name; or an ARN of this service in the region of the client, because it makes its calls there. */
function isHere(text: string, service: string, { region }: GivenOptions): boolean {
  if (!text.startsWith('arn:')) return !text.includes(':');
  const [, named, place] = ARN.exec(text) ?? [];
  return named === service && (place === region || typeof region !== 'string');
}

/** The path is what names the queue; of AWS's own hosts the region has to be that of the client. */
function isUrlHere(url: URL, { region }: GivenOptions): boolean {
  const [, place = region] = AWS_HOST.exec(url.hostname) ?? [];
  return !hasUser(url) && url.search === '' && url.hash === '' && (place === region || typeof region !== 'string');
}

/** Topics by logical name. */
export const topicMap: Check = entriesOf(
  'topic names or ARNs by logical name',
  expecting('a topic name, or an ARN in the region of the client', isTopic),
);

/** Queues by logical name of their topics. */
export const queueMap: Check = entriesOf(
  'queue names, ARNs or URLs by logical name',
  expecting('a queue name, or a queue URL or an ARN in the region of the client', isQueue),
);
