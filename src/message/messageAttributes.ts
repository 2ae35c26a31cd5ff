import * as E from 'fp-ts/lib/Either.js';
import {
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTE_NUMBER,
  MAX_ATTRIBUTES,
  MIN_ATTRIBUTE_NUMBER,
} from '../client/limits.js';
import type { AttributeValues } from '../topic.js';
import { isCarried } from './characters.js';
import type { RawAttribute, RawAttributes } from './rawMessage.js';
import { REJECTION_REASON } from './rejection.js';

/** The message attribute that carries the type of an event. */
export const TYPE_ATTRIBUTE = 'type';

/** [A: SQS MessageAttributeValue] */
const NAME = /^(?!aws\.|amazon\.)(?!.*\.\.)(?!\.)[A-Za-z0-9_.-]+(?<!\.)$/i;

/** Attributes as they travel, or what SNS or SQS would refuse or silently drop, without its value. */
export function encodeAttributes(values: AttributeValues, type: string | undefined): E.Either<string, RawAttributes> {
  if (type !== undefined && Object.hasOwn(values, TYPE_ATTRIBUTE)) {
    return E.left(`\`${TYPE_ATTRIBUTE}\`: the event type takes this name`);
  }
  const entries = Object.entries(type === undefined ? values : { ...values, [TYPE_ATTRIBUTE]: type });
  if (entries.length > MAX_ATTRIBUTES) {
    const which = type === undefined ? '' : `, \`${TYPE_ATTRIBUTE}\` included`;
    return E.left(`expected at most ${String(MAX_ATTRIBUTES)}${which}, got ${String(entries.length)}`);
  }
  const encoded: Record<string, RawAttribute> = {};
  for (const [index, [name, value]] of entries.entries()) {
    // A name that is no name could be anything, so it is told by its position.
    if (!isAttributeName(name)) return E.left(`name ${String(index + 1)}: ${EXPECTED_NAME}`);
    if (name === REJECTION_REASON) return E.left(`\`${name}\`: the dead-letter queue takes this name`);
    const attribute = encodeAttribute(value);
    if (attribute === undefined) return E.left(`\`${name}\`: ${EXPECTED_VALUE}`);
    encoded[name] = attribute;
  }
  return E.right(encoded);
}

const EXPECTED_NAME =
  `expected up to ${String(MAX_ATTRIBUTE_NAME_LENGTH)} letters, digits, \`_\`, \`-\` and single inner dots, not beginning ` +
  'with `AWS.` or `Amazon.`';

const EXPECTED_VALUE =
  'expected text that is not empty, of characters that SQS takes, a number between 1e-128 and 1e126, or bytes';

/** Whether an attribute can have this name. `__proto__` has valid characters, and is none: assigning it makes no attribute. */
export const isAttributeName = (name: string): boolean =>
  NAME.test(name) && name.length <= MAX_ATTRIBUTE_NAME_LENGTH && name !== '__proto__';

/** Whatever the topic's function gave: its type holds for those who compile. */
function encodeAttribute(value: unknown): RawAttribute | undefined {
  if (typeof value === 'string') {
    return value !== '' && isCarried(value) ? { dataType: 'String', stringValue: value } : undefined;
  }
  if (typeof value === 'number')
    return isNumber(value) ? { dataType: 'Number', stringValue: String(value) } : undefined;
  return isBytes(value) && value.byteLength > 0
    ? { dataType: 'Binary', binaryValue: Uint8Array.from(value) }
    : undefined;
}

function isNumber(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= MIN_ATTRIBUTE_NUMBER && size <= MAX_ATTRIBUTE_NUMBER);
}

/** Not `instanceof`: test runners have a second Uint8Array. */
const isBytes = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';

/** Bytes the attributes count for: UTF-8 of name and type, and the value. [A: message size] */
export function attributeBytes(attributes: RawAttributes): number {
  let bytes = 0;
  for (const [name, { dataType, stringValue = '', binaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name + dataType + stringValue) + (binaryValue?.byteLength ?? 0);
  }
  return bytes;
}

/** Attributes as users see them. */
export function decodeAttributes(attributes: RawAttributes): Readonly<Record<string, string | Uint8Array>> {
  const entries = Object.entries(attributes);
  // Most have none.
  if (entries.length === 0) return {};
  return Object.fromEntries(
    entries.map(([name, { stringValue, binaryValue }]) => [name, stringValue ?? binaryValue ?? '']),
  );
}
