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

interface Rule {
  readonly form: RegExp;
  readonly expected: string;
}

/** [A: MessageGroupId, MessageDeduplicationId] */
const ID: Rule = {
  form: new RegExp(`^[\\x21-\\x7E]{1,${String(MAX_GROUP_ID_LENGTH)}}$`),
  expected: `expected 1 to ${String(MAX_GROUP_ID_LENGTH)} letters, digits and punctuation characters`,
};

const RULES: Readonly<Record<keyof Address, Rule>> = {
  groupId: ID,
  deduplicationId: ID,
  /** [A: Publish Subject; plain ASCII is what its older rule and its newer one both take] */
  subject: {
    form: new RegExp(`^[\\x21-\\x7E][\\x20-\\x7E]{0,${String(MAX_SUBJECT_LENGTH - 1)}}$`),
    expected: `expected 1 to ${String(MAX_SUBJECT_LENGTH)} ASCII characters, no line breaks and no blank at the start`,
  },
};

/** The ids and the subject of a value, or which of them SNS would refuse. Never its text. */
export function addressOf<A>(topic: Topic<A>, value: A, context: ErrorContext): E.Either<InvalidMessageError, Address> {
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

function checked(textOf: () => unknown, { form, expected }: Rule): E.Either<string, string> {
  try {
    const text = textOf();
    return typeof text === 'string' && form.test(text) ? E.right(text) : E.left(expected);
  } catch {
    // What it threw may quote the value.
    return E.left('the function of the topic threw');
  }
}
