import { expect } from 'chai';
import { queuePolicyAllows } from '../../src/testing/queuePolicyAllows.js';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:users';
const ALLOWING = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } },
};

/** Whether a policy with this statement, or one that differs so from one that allows, lets the topic send. */
const allows = (change: object): boolean =>
  queuePolicyAllows(JSON.stringify({ Statement: [{ ...ALLOWING, ...change }] }), TOPIC);
const allowsSource = (operator: string, source: unknown): boolean =>
  allows({ Condition: { [operator]: { 'aws:SourceArn': source } } });

describe('queuePolicyAllows', () => {
  it('needs a policy with a statement that allows it', () => {
    expect(queuePolicyAllows(undefined, TOPIC)).to.equal(false);
    expect(queuePolicyAllows('{}', TOPIC)).to.equal(false);
    expect(queuePolicyAllows(JSON.stringify({ Statement: ALLOWING }), TOPIC)).to.equal(true);
    expect(queuePolicyAllows(JSON.stringify({ Statement: [{ Effect: 'Deny' }, ALLOWING] }), TOPIC)).to.equal(true);
    expect(queuePolicyAllows(JSON.stringify({ Statement: [ALLOWING] }), `${TOPIC}2`)).to.equal(false);
    expect(allows({ Effect: 'Deny' })).to.equal(false);
  });

  it('is for SNS or everybody', () => {
    const principals = ['*', { AWS: '*' }, { AWS: ['*'] }, { Service: ['lambda.amazonaws.com', 'sns.amazonaws.com'] }];
    expect(principals.map((Principal) => allows({ Principal }))).to.deep.equal([true, true, true, true]);
    const others = [undefined, null, { Service: 'lambda.amazonaws.com' }, { AWS: '123456789012' }, 'sns.amazonaws.com'];
    expect(others.map((Principal) => allows({ Principal }))).to.deep.equal([false, false, false, false, false]);
  });

  it('is for sending, whatever the case', () => {
    const actions = ['*', 'sqs:*', 'SQS:sendMessage', ['sqs:ReceiveMessage', 'sqs:SendMessage']];
    expect(actions.map((Action) => allows({ Action }))).to.deep.equal([true, true, true, true]);
    const others = ['sqs:ReceiveMessage', 'sns:*', undefined, ['sqs:SendMessageBatch']];
    expect(others.map((Action) => allows({ Action }))).to.deep.equal([false, false, false, false]);
  });

  it('has no condition, or one on the ARN of the topic', () => {
    expect(allows({ Condition: undefined })).to.equal(true);
    expect(allows({ Condition: { ArnEquals: { 'AWS:SOURCEARN': ['other', TOPIC] } } })).to.equal(true);
    expect(allowsSource('StringEquals', TOPIC)).to.equal(true);
    expect(allowsSource('ArnNotEquals', TOPIC)).to.equal(false);
    expect(allows({ Condition: { ArnEquals: { 'aws:PrincipalArn': TOPIC } } })).to.equal(false);
    expect(allows({ Condition: { ...ALLOWING.Condition, Bool: { 'aws:SecureTransport': 'true' } } })).to.equal(false);
  });

  it('reads `*` and `?` as wildcards, in all but StringEquals, and nothing else', () => {
    const patterns = ['arn:aws:sns:*:123456789012:users', 'arn:aws:sns:eu-west-?:*', '*', 'arn:aws:sns:*:order?'];
    expect(patterns.map((pattern) => allowsSource('ArnLike', pattern))).to.deep.equal([true, true, true, false]);
    expect(patterns.map((pattern) => allowsSource('StringLike', pattern))).to.deep.equal([true, true, true, false]);
    expect(patterns.map((pattern) => allowsSource('StringEquals', pattern))).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
    expect(allowsSource('ArnLike', TOPIC.replace('users', 'u.ers'))).to.equal(false);
  });
});
