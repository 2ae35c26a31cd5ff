import type { PortSettings } from '../client/client.js';
import { DEDUPLICATION_WINDOW_MS } from '../client/limits.js';
import { AWSConnectionError, type MessagingError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import type { Pending } from './pending.js';
import type { PublishSettings } from './publishOptions.js';

type Sent = Pick<Pending<unknown>, 'attempts' | 'spared' | 'firstSentAt' | 'isUnsure'>;

/** Whether an entry goes again that was not accepted. */
export interface RetryPolicy {
  /** By what it failed with, and how often it went. */
  isWorthwhile(entry: Sent, error: MessagingError): boolean;
  /**
   * Whether it can go again at that time. Where an answer was lost SNS may have the value already. A FIFO topic drops the second
   * within five minutes of the first [D: SNS FIFO deduplication]; it must get there in that time. A standard topic delivers it twice,
   * which its consumers have to bear anyway: standard queues deliver at least once.
   */
  isSafe(entry: Sent, at: number): boolean;
}

export function createRetryPolicy(
  { kind }: AnyTopic,
  { retryAttempts, timeoutMs }: Pick<PortSettings, 'retryAttempts' | 'timeoutMs'>,
  { retryUnanswered }: Pick<PublishSettings, 'retryUnanswered'>,
): RetryPolicy {
  return {
    isWorthwhile: ({ attempts, spared }, { retryable }) => retryable && attempts - spared <= retryAttempts,
    isSafe: ({ isUnsure, firstSentAt }, at) => {
      if (!isUnsure) return true;
      return kind === 'fifo' ? at + timeoutMs <= firstSentAt + DEDUPLICATION_WINDOW_MS : retryUnanswered;
    },
  };
}

/** Codes by which SNS refuses a whole request for what may be the fault of one entry, or of all of them together. */
const OF_AN_ENTRY = new Set([
  'BatchRequestTooLong',
  'BatchRequestTooLongException',
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'ParameterValueInvalid',
  'ValidationError',
  'ValidationException',
]);

/** Whether each entry of a refused request should go alone: nobody is to fail for a neighbour's fault. */
export const isOfAnEntry = (error: MessagingError): boolean =>
  error instanceof AWSConnectionError && (OF_AN_ENTRY.has(error.code) || error.httpStatus === 413);

/** The error of an entry whose last answer was a refusal, but of which SNS may have got an earlier request. */
export function unsure(error: MessagingError): MessagingError {
  if (!(error instanceof AWSConnectionError) || error.outcomeUnknown) return error;
  const { operation, code, requestId, httpStatus, retryable, throttled, topic } = error;
  const detail = 'SNS may have the value: an earlier request had no answer';
  const fault = { operation, code, requestId, httpStatus, retryable, throttled, topic };
  return new AWSConnectionError({ ...fault, detail, outcomeUnknown: true, cause: error });
}
