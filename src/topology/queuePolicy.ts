import * as E from 'fp-ts/lib/Either.js';
import { ConfigurationError } from '../errors.js';
import { canonical } from './canonical.js';
import type { PolicyDocument, PolicyStatement } from './policyDocument.js';

/** Ids of the statements that are ours; every other is left alone. */
const ALLOW_SID = 'RxjsAwsMessagingAllowTopics';
const DENY_SID = 'RxjsAwsMessagingTlsOnly';

/**
 * A queue's policy with our two statements in it: its topics may send, nobody may do anything without TLS. Statements of
 * others stay as they are. Right with undefined when nothing has to change.
 */
export function mergedQueuePolicy(
  current: string | undefined,
  queueArn: string,
  topicArn: string,
): E.Either<ConfigurationError, string | undefined> {
  const policy = read(current);
  if (policy === undefined) return E.left(unreadable(queueArn));
  const topics = [...new Set([...topicsOf(policy), topicArn])].sort();
  const foreign = policy.Statement.filter(({ Sid }) => Sid !== ALLOW_SID && Sid !== DENY_SID);
  const merged = { ...policy, Statement: [...foreign, allowTopics(queueArn, topics), tlsOnly(queueArn)] };
  return E.right(isSame(policy.Statement, merged.Statement) ? undefined : JSON.stringify(merged));
}

/** One statement for all topics of a queue: with one each, a queue of many topics would reach the limit of a policy. */
function allowTopics(queueArn: string, topics: readonly string[]): PolicyStatement {
  return {
    Sid: ALLOW_SID,
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': topics } },
  };
}

function tlsOnly(queueArn: string): PolicyStatement {
  return {
    Sid: DENY_SID,
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: queueArn,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The topics that our statement lets in already. */
function topicsOf({ Statement }: PolicyDocument): readonly string[] {
  const allowed = Statement.find(({ Sid }) => Sid === ALLOW_SID)?.Condition?.ArnEquals?.['aws:SourceArn'] ?? [];
  return typeof allowed === 'string' ? [allowed] : allowed;
}

/** The policy as it is, a lone statement made a list; undefined for a text that is no policy. */
function read(current = ''): PolicyDocument | undefined {
  if (current === '') return { Version: '2012-10-17', Statement: [] };
  try {
    // Of a statement that isn't ours nothing is read but its Sid; what else the policy says stays as it is.
    const policy = JSON.parse(current) as Omit<PolicyDocument, 'Statement'> & {
      readonly Statement?: PolicyStatement | readonly PolicyStatement[];
    };
    return { ...policy, Statement: [policy.Statement ?? []].flat() };
  } catch {
    return undefined;
  }
}

/** The same statements, whatever their order. AWS gives a list of one back as a text, and `*` as `{ AWS: '*' }`. */
function isSame(current: readonly PolicyStatement[], merged: readonly PolicyStatement[]): boolean {
  const text = (statements: readonly PolicyStatement[]): string => statements.map(normal).sort().join();
  return text(current) === text(merged);
}

function normal({ Principal, ...rest }: PolicyStatement): string {
  const statement = canonical({ ...rest, Principal: Principal === '*' ? { AWS: '*' } : Principal });
  return JSON.stringify(
    JSON.parse(statement, (_key, nested: unknown) => {
      if (!Array.isArray(nested)) return nested;
      return nested.length === 1 ? (nested as unknown[])[0] : [...(nested as unknown[])].sort();
    }),
  );
}

function unreadable(queue: string): ConfigurationError {
  const message = 'is not a JSON policy, so it can neither be extended nor safely overwritten';
  return new ConfigurationError([{ path: `policy of ${queue}`, message }], { queue });
}
