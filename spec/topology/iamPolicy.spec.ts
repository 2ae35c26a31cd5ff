import { expect } from 'chai';
import * as t from 'io-ts';
import type { AWSMessagingConfig } from '../../src/config.js';
import { ConfigurationError } from '../../src/errors.js';
import { fifoTopic, topic } from '../../src/topic.js';
import { iamPolicy } from '../../src/topology/iamPolicy.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const users = topic('users', t.string);
const orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });
const config: AWSMessagingConfig = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'SECRET' },
  environment: 'dev',
  service: 'billing',
  accountId: '123456789012',
};

describe('iamPolicy', () => {
  it('lets a producer publish to the topic', () => {
    expect(iamPolicy(config, users, 'producer')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['sns:Publish'], Resource: 'arn:aws:sns:eu-west-1:123456789012:dev-users' },
      ],
    });
  });

  it('lets a consumer read and settle, and dead-letter', () => {
    expect(iamPolicy(config, users, 'consumer')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'sqs:ReceiveMessage',
            'sqs:DeleteMessage',
            'sqs:ChangeMessageVisibility',
            'sqs:GetQueueUrl',
            'sqs:GetQueueAttributes',
          ],
          Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-users-billing-queue',
        },
        {
          Effect: 'Allow',
          Action: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
          Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-users-billing-queue-dlq',
        },
      ],
    });
  });

  it('lets a redriver move dead letters back', () => {
    expect(iamPolicy(config, users, 'redriver').Statement).to.deep.equal([
      {
        Effect: 'Allow',
        Action: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
        Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-users-billing-queue',
      },
      {
        Effect: 'Allow',
        Action: ['sqs:GetQueueUrl', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
        Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-users-billing-queue-dlq',
      },
    ]);
  });

  it('lets a provisioner make what provision makes; IAM knows no resource for subscriptions', () => {
    const onQueue = ['sqs:GetQueueUrl', 'sqs:CreateQueue', 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'];
    expect(iamPolicy(config, orders, 'provisioner')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sns:CreateTopic', 'sns:Subscribe'],
          Resource: 'arn:aws:sns:eu-west-1:123456789012:dev-orders.fifo',
        },
        {
          Effect: 'Allow',
          Action: onQueue,
          Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-orders-billing-queue.fifo',
        },
        {
          Effect: 'Allow',
          Action: onQueue,
          Resource: 'arn:aws:sqs:eu-west-1:123456789012:dev-orders-billing-queue-dlq.fifo',
        },
        { Effect: 'Allow', Action: ['sns:GetSubscriptionAttributes', 'sns:SetSubscriptionAttributes'], Resource: '*' },
      ],
    });
  });

  it('names the partition of the region', () => {
    const { Statement } = iamPolicy({ ...config, region: 'cn-north-1' }, users, 'producer');
    expect(Statement[0]?.Resource).to.equal('arn:aws-cn:sns:cn-north-1:123456789012:dev-users');
  });

  it('takes the account from an ARN or a queue URL, where there is no accountId', () => {
    const resources = (queue: string): readonly unknown[] => {
      const mapped = { ...config, accountId: undefined, queueMap: { users: queue } };
      return iamPolicy(mapped, users, 'consumer').Statement.map(({ Resource }) => Resource);
    };
    const expected = ['arn:aws:sqs:eu-west-1:999999999999:theirs', 'arn:aws:sqs:eu-west-1:999999999999:theirs-dlq'];
    expect(resources('arn:aws:sqs:eu-west-1:999999999999:theirs')).to.deep.equal(expected);
    expect(resources('https://sqs.eu-west-1.amazonaws.com/999999999999/theirs')).to.deep.equal(expected);
    const topicMap = { users: 'arn:aws:sns:eu-west-1:999999999999:theirs' };
    expect(iamPolicy({ ...config, accountId: undefined, topicMap }, users, 'producer').Statement[0]?.Resource).to.equal(
      topicMap.users,
    );
  });

  it('says an ARN of the maps as it is given', () => {
    const mapped = { topicMap: { users: 'arn:aws-iso:sns:us-iso-east-1:999999999999:theirs' } };
    expect(iamPolicy({ ...config, ...mapped }, users, 'producer').Statement[0]?.Resource).to.equal(
      mapped.topicMap.users,
    );
  });

  it('needs the account', () => {
    const { accountId: _none, ...without } = config;
    for (const role of ['producer', 'consumer', 'provisioner'] as const) {
      expect(faultsThrownBy(() => iamPolicy(without, users, role))).to.deep.equal([
        'accountId: needed for the ARNs of the policy',
      ]);
    }
  });

  it('refuses an impossible name', () => {
    expect(() => iamPolicy(config, { ...users, name: 'x'.repeat(80) }, 'consumer')).to.throw(ConfigurationError);
  });

  it('holds no credentials', () => {
    const text = (['producer', 'consumer', 'provisioner'] as const).map((role) =>
      JSON.stringify(iamPolicy(config, users, role)),
    );
    expect(text.join()).not.to.match(/AKIA|SECRET/);
  });
});
