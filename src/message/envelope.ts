import * as E from 'fp-ts/lib/Either.js';
import { type ErrorContext, InvalidMessageError } from '../errors.js';
import { readJson } from './json.js';
import { decodeAttributes } from './messageAttributes.js';
import type { RawMessage } from './rawMessage.js';
import { REJECTION_REASON } from './rejection.js';

/** What was published, out of whatever SNS wrapped around it. */
export interface Unwrapped {
  /** JSON text as it was published. */
  readonly body: string;
  /** The body, parsed. Looking for the envelope parses it anyway. */
  readonly json: unknown;
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Parses a body, and unwraps it where SNS has wrapped it. A message with SQS attributes was delivered raw, for in an
 * envelope they are inside; those that its way to a dead-letter queue has added do not count. Else an object is an envelope when it has every field that SNS always gives one, each in SNS's
 * own form: a payload that happens to say `Type` and `Message` is left as it is. The signature is not asked for: FIFO topics
 * and emulators leave it out.
 */
export function readEnvelope(raw: RawMessage, topic?: string): E.Either<InvalidMessageError, Unwrapped> {
  const context: ErrorContext = { topic, messageId: raw.messageId };
  try {
    const { body } = raw;
    const json = readJson(body);
    const attributes = decodeAttributes(raw.attributes);
    return isRaw(attributes) || !isEnvelope(json) ? E.right({ body, json, attributes }) : E.right(opened(json));
  } catch {
    // The engine's text quotes the body.
    return E.left(new InvalidMessageError('not-json', 'the body is not JSON', context));
  }
}

/** Whether there is an attribute of the message's own. */
function isRaw(attributes: Unwrapped['attributes']): boolean {
  for (const name in attributes) if (!ADDED_ON_THE_WAY.has(name)) return true;
  return false;
}

/** What `reject` adds to a copy, and SNS to what it could not deliver. [D: SNS dead-letter queues] */
const ADDED_ON_THE_WAY = new Set([REJECTION_REASON, 'RequestID', 'ErrorCode', 'ErrorMessage']);

/** The fields of a notification that SNS always gives. [D: SNS message formats] */
interface Envelope {
  readonly Type: 'Notification';
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly MessageAttributes?: unknown;
}

type Field = Exclude<keyof Envelope, 'MessageAttributes'>;

const FORMS = Object.entries({
  Type: /^Notification$/,
  MessageId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  TopicArn: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
  Timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  Message: /^/,
} satisfies Record<Field, RegExp>);

export function isEnvelope(json: unknown): json is Envelope {
  if (typeof json !== 'object' || json === null) return false;
  const fields = json as Readonly<Partial<Record<string, unknown>>>;
  return FORMS.every(([name, form]) => {
    const field = fields[name];
    return typeof field === 'string' && form.test(field);
  });
}

function opened({ Message: body, MessageAttributes }: Envelope): Unwrapped {
  return { body, json: readJson(body), attributes: envelopeAttributes(MessageAttributes) };
}

/** Within an envelope an attribute is `{ Type, Value }`, bytes in base64. */
function envelopeAttributes(attributes: unknown): Readonly<Record<string, string | Uint8Array>> {
  if (typeof attributes !== 'object' || attributes === null) return {};
  const read = Object.entries(attributes).flatMap(([name, attribute]: [string, unknown]) => {
    const { Type, Value } = (attribute ?? {}) as { readonly Type?: unknown; readonly Value?: unknown };
    if (typeof Value !== 'string') return [];
    return [[name, Type === 'Binary' ? new Uint8Array(Buffer.from(Value, 'base64')) : Value] as const];
  });
  return Object.fromEntries(read);
}
