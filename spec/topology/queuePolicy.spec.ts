import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { ConfigurationError } from '../../src/errors.js';
import type { PolicyDocument } from '../../src/topology/policyDocument.js';
import { mergedQueuePolicy } from '../../src/topology/queuePolicy.js';
import { queueArnOf, topicArnOf } from '../helpers/fakeAccount.js';

const QUEUE = queueArnOf('dev-users-queue');
const USERS = topicArnOf('dev-users');
const ORDERS = topicArnOf('dev-orders');

const ours = (topics: readonly string[]): PolicyDocument['Statement'] => [
  {
    Sid: 'RxjsAwsMessagingAllowTopics',
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: QUEUE,
    Condition: { ArnEquals: { 'aws:SourceArn': topics } },
  },
  {
    Sid: 'RxjsAwsMessagingTlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: QUEUE,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
];
const foreign = {
  Sid: 'Ops',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:role/ops' },
  Action: ['sqs:PurgeQueue'],
  Resource: QUEUE,
} as const;

/** The policy to set; undefined when nothing has to change. */
function merged(current: string | undefined, topic = USERS): unknown {
  const result = mergedQueuePolicy(current, QUEUE, topic);
  if (E.isLeft(result)) throw result.left;
  return result.right === undefined ? undefined : JSON.parse(result.right);
}

describe('mergedQueuePolicy', () => {
  it('of a queue without a policy lets the topic send, and nobody without TLS', () => {
    const expected = { Version: '2012-10-17', Statement: ours([USERS]) };
    expect(merged(undefined)).to.deep.equal(expected);
    expect(merged('')).to.deep.equal(expected);
  });

  it('has nothing to change the second time', () => {
    expect(merged(JSON.stringify(merged(undefined)))).to.equal(undefined);
  });

  it('keeps the statements of others, their order, and what else the policy says', () => {
    const unnamed = { ...foreign, Sid: undefined, Effect: 'Deny' };
    const current = { Version: '2008-10-17', Id: 'theirs', Statement: [unnamed, foreign] };
    const { Sid: _none, ...kept } = unnamed;
    expect(merged(JSON.stringify(current))).to.deep.equal({
      Version: '2008-10-17',
      Id: 'theirs',
      Statement: [kept, foreign, ...ours([USERS])],
    });
  });

  it('takes a lone statement, and a policy without any, as AWS does', () => {
    const current = { Version: '2012-10-17', Statement: foreign };
    expect(merged(JSON.stringify(current))).to.deep.equal({ ...current, Statement: [foreign, ...ours([USERS])] });
    expect(merged('{"Version":"2012-10-17"}')).to.deep.equal({ Version: '2012-10-17', Statement: ours([USERS]) });
  });

  it('lets a second topic in by the same statement, so that many topics do not fill the policy (MassTransit)', () => {
    const first = JSON.stringify(merged(undefined));
    const both = merged(first, ORDERS);
    expect(both).to.deep.equal({ Version: '2012-10-17', Statement: ours([ORDERS, USERS]) });
    expect(merged(JSON.stringify(both), USERS)).to.equal(undefined);
    expect(merged(JSON.stringify(both), ORDERS)).to.equal(undefined);
  });

  it('knows its own statements as AWS gives them back: other order, lists of one as texts, principals spelled out', () => {
    const [allow, deny] = ours([USERS]);
    const returned = {
      Statement: [
        { ...deny, Principal: { AWS: '*' }, Action: ['sqs:*'] },
        foreign,
        { ...allow, Condition: { ArnEquals: { 'aws:SourceArn': USERS } }, Sid: allow?.Sid },
      ],
      Version: '2012-10-17',
    };
    expect(merged(JSON.stringify(returned))).to.equal(undefined);
    const unordered = { Version: '2012-10-17', Statement: ours([USERS, ORDERS]) };
    expect(merged(JSON.stringify(unordered))).to.equal(undefined);
  });

  it('puts its own statements right again where somebody changed them', () => {
    const [allow, deny] = ours([USERS]);
    for (const Statement of [[{ ...allow, Effect: 'Deny' }, deny], [allow], [{ ...allow, Condition: {} }, deny]]) {
      const current = JSON.stringify({ Version: '2012-10-17', Statement });
      expect(merged(current)).to.deep.equal({ Version: '2012-10-17', Statement: ours([USERS]) });
    }
  });

  it('refuses what it can not read, instead of overwriting it', () => {
    for (const current of ['not JSON', 'null']) {
      const { left: error } = mergedQueuePolicy(current, QUEUE, USERS) as E.Left<ConfigurationError>;
      expect(error).to.be.instanceOf(ConfigurationError).with.property('queue', QUEUE);
      expect(error.message).to.equal(
        `policy of ${QUEUE}: is not a JSON policy, so it can neither be extended nor safely overwritten`,
      );
    }
  });

  it('never loses a foreign statement or a topic, whatever the policy and however many topics come', () => {
    const statement = fc.record({
      Sid: fc.option(fc.string(), { nil: undefined }),
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.oneof(fc.string(), fc.array(fc.string())),
    });
    const topics = fc.array(fc.stringMatching(/^[a-z]{1,5}$/).map(topicArnOf), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(statement), topics, (foreigners, arns) => {
        const start = JSON.stringify({ Version: '2012-10-17', Statement: foreigners });
        const end = arns.reduce((current, arn) => {
          const next = mergedQueuePolicy(current, QUEUE, arn) as E.Right<string | undefined>;
          return next.right ?? current;
        }, start);
        const kept = JSON.parse(JSON.stringify(foreigners)) as unknown[];
        expect((JSON.parse(end) as PolicyDocument).Statement).to.deep.equal([
          ...kept,
          ...ours([...new Set(arns)].sort()),
        ]);
      }),
    );
  });
});
