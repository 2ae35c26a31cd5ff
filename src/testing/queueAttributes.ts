import type { Attributes } from '../client/client.js';
import { MAX_LEASE_SECONDS, MAX_SQS_MESSAGE_BYTES, MAX_WAIT_TIME_SECONDS } from '../client/limits.js';
import { readRedrivePolicy } from '../topology/redrivePolicy.js';
import { refuse } from './refusal.js';

/** What SQS gives a queue that says nothing else. [A: CreateQueue] */
const DEFAULTS: Attributes = {
  DelaySeconds: '0',
  MaximumMessageSize: String(MAX_SQS_MESSAGE_BYTES),
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};
const FIFO_DEFAULTS: Attributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

const wholeNumber =
  (from: number, to: number) =>
  (value: string): boolean =>
    /^\d+$/.test(value) && Number(value) >= from && Number(value) <= to;
const oneOf =
  (...values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);
const anything = (): boolean => true;
const isJsonObject = (value: string): boolean => {
  try {
    return value === '' || JSON.stringify(JSON.parse(value)).startsWith('{');
  } catch {
    return false;
  }
};

/** What each attribute may be. [A: SetQueueAttributes] */
const RULES: Readonly<Record<string, (value: string) => boolean>> = {
  DelaySeconds: wholeNumber(0, 900),
  KmsDataKeyReusePeriodSeconds: wholeNumber(60, 86_400),
  KmsMasterKeyId: anything,
  MaximumMessageSize: wholeNumber(1_024, MAX_SQS_MESSAGE_BYTES),
  MessageRetentionPeriod: wholeNumber(60, 1_209_600),
  Policy: isJsonObject,
  ReceiveMessageWaitTimeSeconds: wholeNumber(0, MAX_WAIT_TIME_SECONDS),
  RedriveAllowPolicy: isJsonObject,
  RedrivePolicy: isJsonObject,
  SqsManagedSseEnabled: oneOf('true', 'false'),
  VisibilityTimeout: wholeNumber(0, MAX_LEASE_SECONDS),
};
const FIFO_RULES: typeof RULES = {
  ContentBasedDeduplication: oneOf('true', 'false'),
  DeduplicationScope: oneOf('queue', 'messageGroup'),
  FifoQueue: oneOf('true'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
};

/** The attributes of a new queue. Refuses those that its kind does not have, and values that SQS does not take. */
export function newQueueAttributes(name: string, given: Attributes): Attributes {
  const isFifo = name.endsWith('.fifo');
  if (isFifo !== (given.FifoQueue === 'true')) refuse('InvalidParameterValue');
  return changedQueueAttributes({ ...DEFAULTS, ...(isFifo ? FIFO_DEFAULTS : {}) }, given, isFifo);
}

/** The attributes of a queue after a change, which is refused as a whole. An empty text takes an attribute away. */
export function changedQueueAttributes(current: Attributes, change: Attributes, isFifo: boolean): Attributes {
  const rules = isFifo ? { ...RULES, ...FIFO_RULES } : RULES;
  for (const [name, value] of Object.entries(change)) {
    if (!Object.hasOwn(rules, name)) refuse('InvalidAttributeName');
    if (rules[name]?.(value) !== true) refuse('InvalidAttributeValue');
  }
  const changed = Object.fromEntries(Object.entries({ ...current, ...change }).filter(([, value]) => value !== ''));
  if (changed.FifoThroughputLimit === 'perMessageGroupId' && changed.DeduplicationScope !== 'messageGroup') {
    refuse('InvalidAttributeValue');
  }
  const policy = change.RedrivePolicy ?? '';
  if (policy !== '' && !isRedrivePolicy(policy, isFifo)) refuse('InvalidParameterValue');
  return changed;
}

/** The dead-letter queue of a FIFO queue is FIFO, of a standard queue standard. [D: SQS dead-letter queues] */
function isRedrivePolicy(text: string, isFifo: boolean): boolean {
  const policy = readRedrivePolicy(text);
  if (policy?.deadLetterTargetArn.endsWith('.fifo') !== isFifo) return false;
  return wholeNumber(1, 1_000)(String(policy.maxReceiveCount));
}
