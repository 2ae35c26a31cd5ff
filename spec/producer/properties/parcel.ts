import * as t from 'io-ts';
import type { PublishEntry } from '../../../src/client/client.js';
import type { RawAttributes } from '../../../src/message/rawMessage.js';
import type { Burst } from './scenario.js';

/** A value of the scenarios; a topic of several types has it as the data of an event. */
export const Parcel = t.type({ id: t.string, group: t.string, key: t.string, text: t.string, weight: t.number });
export type Parcel = t.TypeOf<typeof Parcel>;

/** What SNS counts of an entry, counted here without any help of the library. [A: Publish, message size] */
export function countBytes({ body, attributes }: Pick<PublishEntry, 'body' | 'attributes'>): number {
  const text = new TextEncoder();
  let bytes = text.encode(body).length;
  for (const [name, { dataType, stringValue = '', binaryValue }] of Object.entries(attributes)) {
    bytes += text.encode(name).length + text.encode(dataType).length + text.encode(stringValue).length;
    bytes += binaryValue?.length ?? 0;
  }
  return bytes;
}

/** JSON of characters that SNS takes. */
export const bodyOf = (parcel: Parcel): string => JSON.stringify(parcel).replaceAll('\uFFFE', '\\ufffe');

const ALL = {
  text: { dataType: 'String', stringValue: 'zwölf €' },
  number: { dataType: 'Number', stringValue: '-0.5' },
  'some.bytes': { dataType: 'Binary', binaryValue: Uint8Array.of(0, 255, 7) },
};

/** Attributes as they have to travel, the type of an event apart. */
export function wireAttributes({ attributes }: Pick<Burst, 'attributes'>): RawAttributes {
  if (attributes === 'none') return {};
  if (attributes === 'one') return { text: ALL.text };
  if (attributes === 'all') return ALL;
  const more = Array.from({ length: 6 }, (_, index) => [
    `n${index}`,
    { dataType: 'Number', stringValue: String(index) },
  ]);
  return { ...ALL, ...(Object.fromEntries(more) as RawAttributes) };
}

/** The same as a topic's function gives them; with the flaw of a value, if it has one there. */
export function attributeValues(burst: Burst): Readonly<Record<string, string | number | Uint8Array>> {
  const sound = Object.entries(wireAttributes(burst)).map(
    ([name, { dataType, stringValue = '', binaryValue = new Uint8Array() }]): [
      string,
      string | number | Uint8Array,
    ] => {
      if (dataType === 'Binary') return [name, binaryValue];
      return [name, dataType === 'Number' ? Number(stringValue) : stringValue];
    },
  );
  const values = Object.fromEntries(sound);
  if (burst.flaw === 'attributeName') return { ...values, 'AWS.name': 'x' };
  if (burst.flaw === 'attributeText') return { ...values, text: 'a\uFFFEb' };
  if (burst.flaw !== 'tooManyAttributes') return values;
  return { ...values, ...Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`m${index}`, 'x'])) };
}

/** A parcel as large as its burst says, in a topic that takes so many bytes. */
export function parcelOf(
  burst: Burst,
  name: Pick<Parcel, 'id' | 'group' | 'key'>,
  limit: number,
  type: string,
): Parcel {
  const { share, filler, flaw } = burst;
  const empty: Parcel = { ...name, text: '', weight: flaw === 'notJson' ? Infinity : 1 };
  const typed = type === '' ? {} : { type: { dataType: 'String', stringValue: type } };
  const sizeOf = (parcel: Parcel): number =>
    countBytes({ body: bodyOf(parcel), attributes: { ...wireAttributes(burst), ...typed } });
  const wanted = share > 1 ? limit + 1 : Math.floor(limit * share);
  const left = wanted - sizeOf(empty);
  if (left <= 0) return { ...empty, text: filler };
  const each = sizeOf({ ...empty, text: filler }) - sizeOf(empty);
  return { ...empty, text: filler.repeat(Math.floor(left / each)) + 'x'.repeat(left % each) };
}
