import type { PublishEntry, SendEntry } from '../client/client.js';
import { MAX_ATTRIBUTES, MAX_GROUP_ID_LENGTH } from '../client/limits.js';
import { isCarried } from '../message/characters.js';
import { attributeBytes, isAttributeName } from '../message/messageAttributes.js';
import type { RawAttribute, RawAttributes } from '../message/rawMessage.js';

/** What an entry is sent to. */
export interface Destination {
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly maxBytes: number;
}

/** Bytes that a message counts for: body and attributes. [A: SendMessage, Publish] */
export const messageBytes = ({ body, attributes }: Pick<SendEntry, 'body' | 'attributes'>): number =>
  Buffer.byteLength(body) + attributeBytes(attributes);

/** Why SQS refuses this entry; undefined where it takes it. [A: SendMessageBatch] */
export function sendFault(entry: SendEntry, destination: Destination): string | undefined {
  if (entry.body === '') return 'MissingParameter';
  if (!isCarried(entry.body)) return 'InvalidMessageContents';
  if (messageBytes(entry) > destination.maxBytes) return 'InvalidParameterValue';
  if (Object.keys(entry.attributes).length > MAX_ATTRIBUTES) return 'InvalidParameterValue';
  if (!areAttributes(entry.attributes)) return 'InvalidParameterValue';
  return idFault(entry, destination, 'MissingParameter', 'InvalidParameterValue');
}

/** Why SNS refuses this entry; undefined where it takes it. [A: PublishBatch] */
export function publishFault(entry: PublishEntry, destination: Destination): string | undefined {
  const isSubject = entry.subject === undefined || /^[\x21-\x7E][\x20-\x7E]{0,98}$/.test(entry.subject);
  const isMessage =
    entry.body !== '' &&
    isCarried(entry.body) &&
    messageBytes(entry) <= destination.maxBytes &&
    areAttributes(entry.attributes) &&
    isSubject;
  return isMessage ? idFault(entry, destination, 'InvalidParameter', 'InvalidParameter') : 'InvalidParameter';
}

const ID = new RegExp(`^[\\x21-\\x7E]{1,${String(MAX_GROUP_ID_LENGTH)}}$`);

/** A group id on a standard queue is a fair-queue tenant; a deduplication id needs FIFO. [A: MessageGroupId] */
function idFault(
  { groupId, deduplicationId }: SendEntry,
  { isFifo, contentBasedDeduplication }: Destination,
  missing: string,
  invalid: string,
): string | undefined {
  if ([groupId, deduplicationId].some((id) => id !== undefined && !ID.test(id))) return invalid;
  if (!isFifo) return deduplicationId === undefined ? undefined : invalid;
  if (groupId === undefined) return missing;
  return deduplicationId === undefined && !contentBasedDeduplication ? invalid : undefined;
}

const areAttributes = (attributes: RawAttributes): boolean =>
  Object.entries(attributes).every(([name, attribute]) => isAttributeName(name) && isAttribute(attribute));

/** A type with a value of its kind, which is not empty. [A: MessageAttributeValue] */
function isAttribute({ dataType, stringValue, binaryValue }: RawAttribute): boolean {
  const [, kind] = /^(String|Number|Binary)(\.[^.].{0,240})?$/.exec(dataType) ?? [];
  if (kind === undefined) return false;
  if (kind === 'Binary') return (binaryValue?.byteLength ?? 0) > 0;
  if (stringValue === undefined || stringValue === '' || !isCarried(stringValue)) return false;
  return kind === 'String' || Number.isFinite(Number(stringValue));
}
