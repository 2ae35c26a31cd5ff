import * as E from 'fp-ts/lib/Either.js';
import { MAX_GROUP_ID_LENGTH, MAX_SUBJECT_LENGTH } from '../client/limits.js';
import { type ErrorContext, InvalidMessageError } from '../errors.js';
import type { Topic } from '../topic.js';

/** What a value says of itself beside its body, by the functions of its topic. */
export interface Address {
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly subject?: string | undefined;
}

/** Length and characters apart: an expression that counts takes many times as long as one that looks for what is wrong. */
interface Rule {
  readonly maxLength: number;
  readonly refused: RegExp;
  readonly expected: string;
}

/** [A: MessageGroupId, MessageDeduplicationId] */
const ID: Rule = {
  maxLength: MAX_GROUP_ID_LENGTH,
  refused: /[^\x21-\x7E]/,
  expected: `expected 1 to ${String(MAX_GROUP_ID_LENGTH)} letters, digits and punctuation characters`,
};

const RULES: Readonly<Record<keyof Address, Rule>> = {
  groupId: ID,
  deduplicationId: ID,
  /** [A: Publish Subject; plain ASCII is what its older rule and its newer one both take] */
  subject: {
    maxLength: MAX_SUBJECT_LENGTH,
    refused: /^ |[^\x20-\x7E]/,
    expected: `expected 1 to ${String(MAX_SUBJECT_LENGTH)} ASCII characters, no line breaks and no blank at the start`,
  },
};

/** Most topics say none of them. */
const NO_ADDRESS: E.Either<never, Address> = E.right({});

/** The ids and the subject of a value, or which of them SNS would refuse. Never its text. */
export function addressOf<A>(topic: Topic<A>, value: A, context: ErrorContext): E.Either<InvalidMessageError, Address> {
  const { groupId, deduplicationId, subject } = topic;
  if (groupId === undefined && deduplicationId === undefined && subject === undefined) return NO_ADDRESS;
  const address: Partial<Record<keyof Address, string>> = {};
  for (const name of ['groupId', 'deduplicationId', 'subject'] as const) {
    const textOf = topic[name];
    if (textOf === undefined) continue;
    const text = checked(() => textOf(value), RULES[name]);
    if (E.isLeft(text)) return E.left(new InvalidMessageError(name, `${name}: ${text.left}`, context));
    address[name] = text.right;
  }
  return E.right(address);
}

function checked(textOf: () => unknown, { maxLength, refused, expected }: Rule): E.Either<string, string> {
  try {
    const text = textOf();
    const isTaken = typeof text === 'string' && text !== '' && text.length <= maxLength && !refused.test(text);
    return isTaken ? E.right(text) : E.left(expected);
  } catch {
    // What it threw may quote the value.
    return E.left('the function of the topic threw');
  }
}
