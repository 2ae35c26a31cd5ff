import { asyncScheduler } from 'rxjs';
import type { PublishedEntry } from '../client/client.js';
import { AWSConnectionError, MessagingError } from '../errors.js';
import type { Backoff } from '../operators/backoff.js';
import type { Pending } from './pending.js';
import { type BatchAnswer, isOfTheWhole, outcomeOf } from './publishBatch.js';
import { isOfAnEntry, type RetryPolicy, unsure } from './retryPolicy.js';

/** What becomes of entries by what SNS answered. */
export interface Verdicts<A> {
  /** Closes or sends again each entry of a request. */
  judge(batch: readonly Pending<A>[], answer: BatchAnswer): void;
  /** Whether an entry can still be sent; one that can't is closed. */
  isStillSafe(entry: Pending<A>): boolean;
}

/** What verdicts bring about. */
export interface Executor<A> {
  /** The entry has its outcome. */
  close(entry: Pending<A>, outcome: PublishedEntry | MessagingError): void;
  /** Sends entries again, as one request, after so many milliseconds. */
  sendAgain(batch: readonly Pending<A>[], delayMs: number): void;
}

export function createVerdicts<A>(policy: RetryPolicy, backoff: Backoff, executor: Executor<A>): Verdicts<A> {
  const fail = (entry: Pending<A>, error: MessagingError): void => {
    executor.close(entry, entry.isUnsure ? unsure(error) : error);
  };

  /** True where the entry is to go again. */
  const isToRetry = (entry: Pending<A>, outcome: PublishedEntry | MessagingError): boolean => {
    if (!(outcome instanceof MessagingError)) {
      executor.close(entry, outcome);
      return false;
    }
    entry.failure = outcome;
    entry.isUnsure ||= outcome instanceof AWSConnectionError && outcome.outcomeUnknown;
    if (policy.isWorthwhile(entry, outcome)) return true;
    fail(entry, outcome);
    return false;
  };

  const isSafe = (entry: Pending<A>, at: number): boolean => {
    if (entry.failure === undefined || policy.isSafe(entry, at)) return true;
    fail(entry, entry.failure);
    return false;
  };

  const retry = (batch: readonly Pending<A>[]): void => {
    const [first] = batch;
    if (first === undefined) return;
    const delayMs = backoff(first.attempts - first.spared);
    const at = asyncScheduler.now() + delayMs;
    const safe = batch.filter((entry) => isSafe(entry, at));
    if (safe.length > 0) executor.sendAgain(safe, delayMs);
  };

  return {
    judge: (batch, answer) => {
      if (batch.length > 1 && answer instanceof MessagingError && isOfAnEntry(answer)) {
        for (const entry of batch) {
          entry.failure = answer;
          entry.spared += 1;
          executor.sendAgain([entry], 0);
        }
        return;
      }
      const again = batch.filter((entry, position) => isToRetry(entry, outcomeOf(answer, position)));
      // A request that failed goes again as it was. Where the request did not fail, each entry that did goes alone.
      if (isOfTheWhole(answer)) retry(again);
      else for (const entry of again) retry([entry]);
    },
    isStillSafe: (entry) => isSafe(entry, asyncScheduler.now()),
  };
}
