import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../client/limits.js';
import { type ErrorContext, InvalidMessageError, ValidationFailedError } from '../errors.js';
import type { Topic } from '../topic.js';
import { type Address, addressOf } from './address.js';
import { isEnvelope } from './envelope.js';
import { hasLostKey, hasLostValue, readJson, writeJson } from './json.js';
import { attributeBytes, encodeAttributes } from './messageAttributes.js';
import { misfitsOf } from './misfits.js';
import type { RawAttributes } from './rawMessage.js';
import { codecThrew } from './validation.js';

/** A value as it travels. */
export interface EncodedMessage extends Address {
  /** JSON text. */
  readonly body: string;
  readonly attributes: RawAttributes;
  /** UTF-8 bytes of body and attributes, as SNS counts them. */
  readonly bytes: number;
}

/** Why a value can't be sent. */
export type Refusal = ValidationFailedError | InvalidMessageError;

/** Validates and encodes a value, with every check that SNS and SQS would make, before anything is sent. */
export function encode<A>(topic: Topic<A>, value: A): E.Either<Refusal, EncodedMessage> {
  const context = { topic: topic.name };
  // Step by step: by `bind` every value would pay for a copy of all that is known, with each step.
  const form = wireForm(topic, value, context);
  if (E.isLeft(form)) return form;
  const { payload, type } = form.right;
  const body = bodyOf(payload, context);
  if (E.isLeft(body)) return body;
  const address = addressOf(topic, value, context);
  if (E.isLeft(address)) return address;
  const own = attributesOf(topic, value, type, context);
  if (E.isLeft(own)) return own;
  const attributes = marked(own.right, body.right);
  const bytes = Buffer.byteLength(body.right) + attributeBytes(attributes);
  const message = addressed({ body: body.right, attributes, bytes }, address.right, contentId(topic, type, body.right));
  return fitting(message, topic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES, context);
}

/** What is not said has no key. Key by key: copies by `...` cost a FIFO topic's value as much as all else here. */
function addressed(
  message: { -readonly [K in keyof EncodedMessage]: EncodedMessage[K] },
  { groupId, deduplicationId, subject }: Address,
  content: string | undefined,
): EncodedMessage {
  if (groupId !== undefined) message.groupId = groupId;
  const id = content ?? deduplicationId;
  if (id !== undefined) message.deduplicationId = id;
  if (subject !== undefined) message.subject = subject;
  return message;
}

/**
 * The content of an event of several types is its type and its data; SNS would hash the body alone, and take two events of
 * the same data for one. [A: Publish MessageDeduplicationId, which overrides the content's]
 */
function contentId<A>(
  { contentBasedDeduplication }: Topic<A>,
  type: string | undefined,
  body: string,
): string | undefined {
  if (!contentBasedDeduplication || type === undefined) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([type, body]))
    .digest('hex');
}

interface WireForm {
  readonly payload: unknown;
  readonly type?: string;
}

/** The codec's output. On a topic of several types `data` is the body, and `type` travels as an attribute. */
function wireForm<A>(
  { codec, types }: Topic<A>,
  value: A,
  context: ErrorContext,
): E.Either<ValidationFailedError, WireForm> {
  try {
    if (!codec.is(value)) return E.left(new ValidationFailedError(misfitsOf(codec, value), context));
    const payload = codec.encode(value);
    if (types === undefined) return E.right({ payload });
    // The codec of such a topic is the union of `{ type, data }`, and so is what it encodes to.
    const { type, data } = payload as { readonly type: string; readonly data: unknown };
    return E.right({ payload: data, type });
  } catch {
    // What it threw may quote the value.
    return E.left(codecThrew(codec, context));
  }
}

function bodyOf(payload: unknown, context: ErrorContext): E.Either<InvalidMessageError, string> {
  try {
    const body = writeJson(payload);
    if (body === undefined) return E.left(notJson('there is no JSON for undefined, a function or a symbol', context));
    if (hasLostKey(body)) return E.left(notJson('a key `__proto__` would be lost', context));
    if (hasLostValue(payload, body)) {
      return E.left(notJson('NaN, Infinity, an invalid Date or undefined in an array would become null', context));
    }
    return E.right(body);
  } catch {
    // The engine's text names fields, and what a toJSON throws may quote anything.
    return E.left(notJson('it has a cycle or a BigInt in it, or its toJSON threw', context));
  }
}

const notJson = (why: string, context: ErrorContext): InvalidMessageError =>
  new InvalidMessageError('not-json', `the encoded value can't travel as JSON: ${why}`, context);

const NO_ATTRIBUTES: E.Either<never, RawAttributes> = E.right({});

function attributesOf<A>(
  topic: Topic<A>,
  value: A,
  type: string | undefined,
  context: ErrorContext,
): E.Either<InvalidMessageError, RawAttributes> {
  try {
    if (topic.attributes === undefined && type === undefined) return NO_ATTRIBUTES;
    const encoded = encodeAttributes(topic.attributes?.(value) ?? {}, type);
    return E.isRight(encoded) ? encoded : E.left(badAttributes(encoded.left, context));
  } catch {
    return E.left(badAttributes('the function of the topic threw', context));
  }
}

/** A value that is itself a notification of SNS would be opened on arrival; with an attribute it is known to be raw. */
function marked(attributes: RawAttributes, body: string): RawAttributes {
  // Only a body that may be one is parsed.
  const isOne = body.includes('TopicArn') && Object.keys(attributes).length === 0 && isEnvelope(readJson(body));
  return isOne ? NOT_AN_ENVELOPE : attributes;
}

const NOT_AN_ENVELOPE: RawAttributes = { 'not-an-envelope': { dataType: 'String', stringValue: 'true' } };

const badAttributes = (fault: string, context: ErrorContext): InvalidMessageError =>
  new InvalidMessageError('attributes', `attributes: ${fault}`, context);

function fitting(
  message: EncodedMessage,
  limit: number,
  context: ErrorContext,
): E.Either<InvalidMessageError, EncodedMessage> {
  if (message.bytes <= limit) return E.right(message);
  const text = `the message has ${String(message.bytes)} bytes with its attributes, the topic takes ${String(limit)}`;
  return E.left(new InvalidMessageError('too-large', `${text} (maxMessageBytes)`, context));
}
