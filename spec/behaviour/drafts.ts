import type { PublishEntry } from '../../src/client/client.js';
import type { RawAttribute, RawAttributes, RawMessage } from '../../src/message/rawMessage.js';

/** A message to be sent: a body, or more of it. */
export type Draft = string | (Partial<PublishEntry> & Pick<PublishEntry, 'body'>);

/** Entries of a batch, whose ids are their positions unless the draft says otherwise. */
export const entriesOf = (drafts: readonly Draft[]): readonly PublishEntry[] =>
  drafts.map((draft, position) => ({
    id: String(position),
    attributes: {},
    ...(typeof draft === 'string' ? { body: draft } : draft),
  }));

export const text = (stringValue: string): RawAttribute => ({ dataType: 'String', stringValue });
export const number = (value: number): RawAttribute => ({ dataType: 'Number', stringValue: String(value) });
export const bytes = (...values: readonly number[]): RawAttribute => ({
  dataType: 'Binary',
  binaryValue: Uint8Array.from(values),
});

/** So many attributes. */
export const manyAttributes = (count: number): RawAttributes =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`name-${index}`, text('value')]));

/** Attributes without what does not matter: fields of undefined, and the kind of array that the bytes came in. */
export const plain = (attributes: RawAttributes): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      [dataType, stringValue ?? [...(binaryValue ?? [])]],
    ]),
  );

/** Bodies in the order of coming, which says something of FIFO queues only. */
export const bodiesOf = (messages: readonly RawMessage[]): readonly string[] => messages.map(({ body }) => body);

/** Bodies by alphabet, for queues that keep no order. */
export const sortedBodies = (messages: readonly RawMessage[]): readonly string[] => [...bodiesOf(messages)].sort();
