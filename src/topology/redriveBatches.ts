import { MAX_BATCH_ENTRIES, MAX_SQS_MESSAGE_BYTES } from '../client/limits.js';
import type { SendEntry } from '../client/client.js';
import { attributeBytes } from '../message/messageAttributes.js';
import type { RawMessage } from '../message/rawMessage.js';
import { REJECTION_REASON } from '../message/rejection.js';

/** A dead letter, and what is sent of it. */
export interface Copy {
  readonly original: RawMessage;
  readonly entry: SendEntry;
  readonly bytes: number;
}

/**
 * Copies of dead letters in batches that SQS takes, by count and by bytes. Their order is kept; of a FIFO group a batch has
 * one message, because of a batch any entry may fail, and what comes after it in its group must not be sent then.
 */
export function redriveBatches(messages: readonly RawMessage[], isFifo: boolean): readonly (readonly Copy[])[] {
  const batches: Copy[][] = [];
  for (const [index, original] of messages.entries()) {
    const copy = copyOf(original, String(index), isFifo);
    const last = batches.at(-1);
    if (last === undefined || !hasRoom(last, copy, isFifo)) batches.push([copy]);
    else last.push(copy);
  }
  return batches;
}

function hasRoom(batch: readonly Copy[], { original, bytes }: Copy, isFifo: boolean): boolean {
  const total = batch.reduce((sum, copy) => sum + copy.bytes, bytes);
  const hasGroup = isFifo && batch.some((copy) => copy.original.groupId === original.groupId);
  return batch.length < MAX_BATCH_ENTRIES && total <= MAX_SQS_MESSAGE_BYTES && !hasGroup;
}

/** Body, attributes and group as they were, without the reason that `reject` added. */
function copyOf(original: RawMessage, id: string, isFifo: boolean): Copy {
  const { body, groupId, messageId } = original;
  const { [REJECTION_REASON]: _reason, ...attributes } = original.attributes;
  // The same id however often this dead letter is sent: a copy whose confirmation was lost is not doubled. Not the id it
  // was first published with: within 5 minutes of that SQS would take the copy for a duplicate, and drop it.
  const deduplicationId = isFifo ? messageId : undefined;
  const bytes = Buffer.byteLength(body) + attributeBytes(attributes);
  return { original, entry: { id, body, attributes, groupId, deduplicationId }, bytes };
}
