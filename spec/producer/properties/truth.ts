import { AWSConnectionError, type MessagingError, type MessagingEvent, OverflowError } from '../../../src/index.js';
import { type Expectation, isUnderWay, isUnsure, type Item, lastAttempt, triesOf } from './item.js';
import type { Production } from './scenario.js';
import type { World } from './world.js';

/** SNS drops a duplicate for so long. [D: SNS FIFO deduplication] */
export const WINDOW_MS = 300_000;

/** Whether a value that SNS may have can go again at that time: a FIFO topic has to get it in time to drop it. */
export function maySendAgain(
  world: World,
  { kind, retryUnanswered, door }: Production,
  item: Item,
  at: number,
): boolean {
  if (!isUnsure(item)) return true;
  if (kind === 'standard') return door === 'publishEvent' || retryUnanswered;
  return at + world.scenario.timeoutMs <= (item.attempts[0]?.at ?? 0) + WINDOW_MS;
}

/** What is wrong with a receipt; undefined where nothing is. */
export function faultOfReceipt(item: Item, messageId: string): string | undefined {
  if (item.expected !== 'accepted') return `was published, expected ${item.expected}`;
  if (lastAttempt(item)?.fate !== 'accepted') return 'has a receipt, and no answer of SNS says so';
  return item.arrivals.some((arrival) => arrival.messageId === messageId)
    ? undefined
    : `has a receipt with an id that SNS did not give it: ${messageId}`;
}

/** How a refusal of the library itself shows. */
function refusalOf(error: MessagingError): Expectation {
  if (error instanceof OverflowError) return error.option;
  if (!(error instanceof AWSConnectionError)) return 'invalid';
  return error.code === 'ClientClosed' ? 'closed' : 'accepted';
}

/** What is wrong with a failure; undefined where nothing is. */
export function faultOfFailure(
  world: World,
  production: Production,
  item: Item,
  { error, at }: { readonly error: MessagingError; readonly at: number },
): string | undefined {
  const { expected, attempts, arrivals } = item;
  const isUnknown = error instanceof AWSConnectionError && error.outcomeUnknown;
  if (refusalOf(error) !== expected) return `failed with ${error.message}, expected ${expected}`;
  if (!isUnknown && arrivals.length > 0) return 'failed as if SNS did not have it, which it has';
  if (isUnknown !== isUnsure(item)) {
    return isUnknown
      ? 'is said to be unknown, and each answer was definite'
      : 'had no definite answer, and is not said to be unknown';
  }
  if (expected !== 'accepted' || !(error instanceof AWSConnectionError)) return undefined;
  if (error.code === 'CloseTimeout') return world.isKilled() ? undefined : 'was given up before close() had to';
  const last = lastAttempt(item);
  if (last?.fate === undefined || last.fate === 'accepted')
    return `failed with ${error.code}, and SNS said nothing of it`;
  if (last.code !== error.code) return `failed with ${error.code}, and SNS had said ${last.code}`;
  if (!last.fate.isRetryable || triesOf(item) > world.scenario.retryAttempts) return undefined;
  // It may be that the next request would come too late, with its backoff.
  const isTooLate = !maySendAgain(world, production, item, at + LONGEST_BACKOFF_MS);
  return isTooLate ? undefined : `was given up after ${String(attempts.length)} requests`;
}

const LONGEST_BACKOFF_MS = 100_000;

/** What is wrong with a value when everything is over. */
export function faultsAtEnd({ kind }: Production, item: Item, isObserved: boolean): readonly string[] {
  const isOpen = item.result === undefined && !item.isAborted && item.expected !== 'ended';
  const isTwice = item.arrivals.filter(({ isNew }) => isNew).length > 1;
  return [
    ...(isObserved && isOpen ? ['has no result'] : []),
    ...(isTwice && kind !== 'standard' ? ['was accepted twice'] : []),
    ...(isUnderWay(item) ? ['is under way'] : []),
  ];
}

type Told = Extract<MessagingEvent, { type: 'published' | 'publishFailed' }>;

const REFUSALS = new Set([
  'OverflowError',
  'InvalidMessageError',
  'ValidationFailedError',
  'ClientClosed',
  'SinkEnded',
]);

/** Whether an event tells of a value that was refused when it was handed in. */
export const isRefusal = (event: Told): boolean =>
  event.type === 'publishFailed' && [event.error.name, event.error.code ?? ''].some((word) => REFUSALS.has(word));
