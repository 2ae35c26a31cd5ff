import type { Attributes } from '../client/client.js';
import { MAX_FILTER_NAMES, MAX_LEASE_SECONDS } from '../client/limits.js';
import { ConfigurationError, type ConfigurationFault } from '../errors.js';

/** Options of `provision`. */
export interface ProvisionOptions {
  /**
   * Receives after which SQS moves a message to the dead-letter queue, 1 to 1,000.
   *
   * @defaultValue 5
   */
  readonly maxReceiveCount?: number;
  /**
   * The queue's own visibility timeout in seconds, 0 to 43,200; consumers ask for theirs with each receive.
   *
   * @defaultValue 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * Deliver the body as it was published, without the SNS envelope. `fromTopic` reads both.
   *
   * @defaultValue true
   */
  readonly rawDelivery?: boolean;
  /**
   * SNS filter policy on message attributes: 1 to 5 names, each with its list of conditions, such as
   * `{ type: ['user.created'] }`. It takes up to 15 minutes to spread.
   *
   * @defaultValue none; one that is set already stays
   */
  readonly filterPolicy?: Readonly<Record<string, readonly unknown[]>>;
}

/** The attributes that the options come to. */
export interface ProvisionSettings {
  readonly deadLetterQueue: Attributes;
  readonly queue: (deadLetterQueueArn: string) => Attributes;
  readonly subscription: Attributes;
}

/** Most that SQS takes. [A: SetQueueAttributes RedrivePolicy] */
const MAX_RECEIVE_COUNT = 1_000;

/** The longest retention, 14 days. [A: SetQueueAttributes MessageRetentionPeriod] */
const DEAD_LETTER_RETENTION_SECONDS = 1_209_600;

/**
 * Fills in the defaults.
 *
 * @throws ConfigurationError that lists every option out of its range.
 */
export function provisionSettings(options: ProvisionOptions): ProvisionSettings {
  const { maxReceiveCount = 5, visibilityTimeoutSeconds = 30, rawDelivery = true, filterPolicy } = options;
  const faults = [
    ...wholeNumber('maxReceiveCount', maxReceiveCount, 1, MAX_RECEIVE_COUNT),
    ...wholeNumber('visibilityTimeoutSeconds', visibilityTimeoutSeconds, 0, MAX_LEASE_SECONDS),
    ...(filterPolicy === undefined ? [] : filterFaults(filterPolicy)),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
  return {
    deadLetterQueue: {
      MessageRetentionPeriod: String(DEAD_LETTER_RETENTION_SECONDS),
      SqsManagedSseEnabled: 'true',
    },
    queue: (deadLetterTargetArn) => ({
      VisibilityTimeout: String(visibilityTimeoutSeconds),
      SqsManagedSseEnabled: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
    }),
    subscription: {
      RawMessageDelivery: String(rawDelivery),
      ...(filterPolicy === undefined
        ? {}
        : { FilterPolicyScope: 'MessageAttributes', FilterPolicy: JSON.stringify(filterPolicy) }),
    },
  };
}

function wholeNumber(path: string, value: number, from: number, to: number): readonly ConfigurationFault[] {
  const fits = Number.isInteger(value) && value >= from && value <= to;
  return fits ? [] : [{ path, message: `expected a whole number from ${String(from)} to ${String(to)}` }];
}

/** Refused here, because SNS answers a bad filter as it answers a changed one: `InvalidParameter`. */
function filterFaults(policy: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const conditions = Object.values(policy);
  const fits =
    conditions.length >= 1 &&
    conditions.length <= MAX_FILTER_NAMES &&
    conditions.every((list) => Array.isArray(list) && list.length > 0);
  const message = `expected 1 to ${String(MAX_FILTER_NAMES)} attribute names, each with a list of at least one condition`;
  return fits ? [] : [{ path: 'filterPolicy', message }];
}
