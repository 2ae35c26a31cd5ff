import * as E from 'fp-ts/lib/Either.js';
import {
  type ErrorContext,
  InvalidMessageError,
  SubscriptionNotFoundError,
  type ValidationFailedError,
} from '../errors.js';
import type { Topic } from '../topic.js';
import { readEnvelope, type Unwrapped } from './envelope.js';
import { TYPE_ATTRIBUTE } from './messageAttributes.js';
import type { RawMessage } from './rawMessage.js';
import { decodeBy } from './validation.js';

/** A message as it was published. */
export interface Decoded<A> {
  readonly value: A;
  /** Event type, on a topic of several. */
  readonly type?: string;
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
}

/** Why a message can't be read. */
export type Unreadable = InvalidMessageError | ValidationFailedError | SubscriptionNotFoundError;

/** Reads a received message: JSON, the envelope where there is one, the event type, the codec. */
export function decode<A>(topic: Topic<A>, raw: RawMessage): E.Either<Unreadable, Decoded<A>> {
  const context = { topic: topic.name, messageId: raw.messageId };
  // Step by step, as in encode: by `chain` each message would pay for a closure and a list with each step.
  const unwrapped = readEnvelope(raw, topic.name);
  if (E.isLeft(unwrapped)) return unwrapped;
  const typedInput = typed(topic, unwrapped.right, context);
  if (E.isLeft(typedInput)) return typedInput;
  const { input, type } = typedInput.right;
  const value = decodeBy(topic.codec, input, context);
  return E.isLeft(value) ? value : E.right(decoded(value.right, type, unwrapped.right));
}

function decoded<A>(value: A, type: string | undefined, { attributes }: Unwrapped): Decoded<A> {
  return type === undefined ? { value, attributes } : { value, type, attributes };
}

/** What the codec is to read, and the type it is said to be. */
interface Typed {
  readonly input: unknown;
  readonly type?: string;
}

/** On a topic of several types the attribute says the type and the body is the data; without it the body says both. */
function typed<A>(
  { types }: Topic<A>,
  { json, attributes }: Unwrapped,
  context: ErrorContext,
): E.Either<SubscriptionNotFoundError | InvalidMessageError, Typed> {
  if (types === undefined) return E.right({ input: json });
  const input = attributes[TYPE_ATTRIBUTE] === undefined ? json : { type: attributes[TYPE_ATTRIBUTE], data: json };
  const type = typeOf(input);
  if (type === undefined) {
    return E.left(
      new InvalidMessageError('no-type', 'neither an attribute nor a field `type` names the event', context),
    );
  }
  return types.includes(type)
    ? E.right({ input, type })
    : E.left(new SubscriptionNotFoundError('the topic has no event of this type', context));
}

function typeOf(input: unknown): string | undefined {
  const { type } = (input ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' ? type : undefined;
}
