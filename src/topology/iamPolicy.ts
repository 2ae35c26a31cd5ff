import type { AwsCalls } from '../client/client.js';
import { OPERATIONS } from '../client/operations.js';
import type { AWSMessagingConfig } from '../config.js';
import { portSettings } from '../config/portSettings.js';
import { ConfigurationError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import { arnOf, type Place, placeOf } from './arn.js';
import { deadLetterQueueName, queuePlace, topicPlace } from './names.js';
import type { PolicyDocument } from './policyDocument.js';

/** What a process does with a topic. */
export type Role = 'producer' | 'consumer' | 'provisioner' | 'redriver';

type Target = 'topic' | 'queue' | 'deadLetterQueue' | 'any';

/** The calls of each role, by what they are made on. */
const CALLS: Readonly<Record<Role, Readonly<Partial<Record<Target, readonly (keyof AwsCalls)[]>>>>> = {
  producer: { topic: ['publishBatch'] },
  consumer: {
    queue: ['receive', 'deleteBatch', 'changeVisibilityBatch', 'getQueueUrl', 'getQueueAttributes'],
    deadLetterQueue: ['getQueueUrl', 'sendBatch'],
  },
  provisioner: {
    topic: ['createTopic', 'subscribe'],
    queue: ['getQueueUrl', 'createQueue', 'getQueueAttributes', 'setQueueAttributes'],
    deadLetterQueue: ['getQueueUrl', 'createQueue', 'getQueueAttributes', 'setQueueAttributes'],
    // IAM knows no subscription as a resource. [Service Authorization Reference: SNS]
    any: ['getSubscriptionAttributes', 'setSubscriptionAttribute'],
  },
  redriver: {
    queue: ['getQueueUrl', 'getQueueAttributes', 'sendBatch'],
    deadLetterQueue: ['getQueueUrl', 'receive', 'deleteBatch'],
  },
};

const SNS_CALLS: readonly (keyof AwsCalls)[] = [
  'publishBatch',
  'createTopic',
  'subscribe',
  'getSubscriptionAttributes',
  'setSubscriptionAttribute',
];

/**
 * The least that a role needs, as an IAM policy. Batch calls have the permissions of their single ones. Pure: no call is
 * made, so the dead-letter queue is the one that `provision` makes.
 *
 * @example
 * ```ts
 * import { iamPolicy } from 'rxjs-aws-messaging';
 *
 * console.log(JSON.stringify(iamPolicy(config, UserEvents, 'consumer'), null, 2));
 * ```
 *
 * @throws ConfigurationError when the account is known neither from `accountId` nor from an ARN, or for an impossible name.
 */
export function iamPolicy(config: AWSMessagingConfig, topic: AnyTopic, role: Role): PolicyDocument {
  const settings = portSettings(config);
  const arn = (service: 'sns' | 'sqs', place: Place): string => {
    if (place.arn !== undefined) return place.arn;
    const accountId = place.accountId ?? settings.accountId;
    if (accountId === undefined) {
      throw new ConfigurationError([{ path: 'accountId', message: 'needed for the ARNs of the policy' }]);
    }
    return arnOf(service, settings.region, accountId, place.name);
  };
  const resources: Readonly<Record<Target, () => string>> = {
    topic: () => arn('sns', topicPlace(settings, topic)),
    queue: () => arn('sqs', queuePlace(settings, topic)),
    deadLetterQueue: () => deadLetterQueueArn(arn('sqs', queuePlace(settings, topic))),
    any: () => '*',
  };
  return {
    Version: '2012-10-17',
    Statement: Object.entries(CALLS[role]).map(([target, calls]) => ({
      Effect: 'Allow',
      Action: calls.map(actionOf),
      // The keys of CALLS are targets.
      Resource: resources[target as Target](),
    })),
  };
}

function deadLetterQueueArn(queueArn: string): string {
  const { name } = placeOf(queueArn);
  return `${queueArn.slice(0, -name.length)}${deadLetterQueueName(name)}`;
}

function actionOf(call: keyof AwsCalls): string {
  return `${SNS_CALLS.includes(call) ? 'sns' : 'sqs'}:${OPERATIONS[call].replace(/Batch$/, '')}`;
}
