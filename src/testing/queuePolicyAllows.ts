/** What is read of a statement of a queue's policy. */
interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The ways to compare a source ARN that queue policies use. */
const ARN_CONDITIONS: readonly string[] = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'];

/**
 * Whether a queue's policy lets a topic send to it. Without that SNS delivers nothing, and tells nobody. Only what allows is
 * read: the broker has no calls without TLS to deny. [D: SNS access policy for queues]
 */
export function queuePolicyAllows(policy: string | undefined, topicArn: string): boolean {
  if (policy === undefined) return false;
  // The text was parsed when it was set.
  const { Statement } = JSON.parse(policy) as { readonly Statement?: Statement | readonly Statement[] };
  return [Statement ?? []].flat().some((statement) => allows(statement, topicArn));
}

function allows({ Effect, Principal, Action, Condition = {} }: Statement, topicArn: string): boolean {
  if (Effect !== 'Allow' || !isSns(Principal) || !list(Action).some(isSend)) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(
      ([key, values]) =>
        ARN_CONDITIONS.includes(operator) &&
        key.toLowerCase() === 'aws:sourcearn' &&
        list(values).some((value) => (operator === 'StringEquals' ? value === topicArn : matches(value, topicArn))),
    ),
  );
}

function isSns(principal: unknown): boolean {
  const { Service, AWS } = Object(principal) as { readonly Service?: unknown; readonly AWS?: unknown };
  return principal === '*' || list(AWS).includes('*') || list(Service).includes('sns.amazonaws.com');
}

const isSend = (action: string): boolean => /^(\*|sqs:(\*|sendmessage))$/i.test(action);

/** `*` stands for any text, `?` for any character; in StringEquals they stand for themselves. */
function matches(pattern: string, arn: string): boolean {
  const escaped = pattern
    .replace(/[^\w*?-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(arn);
}

const list = (value: unknown): readonly string[] =>
  [value].flat().filter((item): item is string => typeof item === 'string');
