import { asyncScheduler, map, merge, mergeMap, Subject, takeUntil, tap, timer } from 'rxjs';
import type { BatchResponse } from '../client/client.js';
import { answered, type BatchAnswer, type EntryFault, faultOf } from '../client/entryFault.js';
import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { OPERATIONS } from '../client/operations.js';
import { AWSConnectionError } from '../errors.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { batchBy } from '../operators/batchBy.js';
import { createRoster, type Listed } from '../operators/roster.js';
import type { QueueContext } from './queueContext.js';

/** How long a settlement waits for others to share its call. */
const LINGER_MS = 20;

/** One message to delete, or to make visible after so many seconds. */
export interface SettlementEntry {
  readonly receiptHandle: string;
  /** Not used by deletes. */
  readonly visibilityTimeoutSeconds: number;
  /** When the lease ends, in milliseconds since the epoch: the entry does not linger past it. */
  readonly expiresAt: number;
  readonly onConfirmed: () => void;
  readonly onFailed: (error: AWSConnectionError) => void;
}

/** Sends settlements in batches, and tells each what became of it. */
export interface SettlementBatcher {
  push(entry: SettlementEntry): void;
  /** Sends what lingers. */
  flush(): void;
  /** Sends what lingers, and ends once every entry has its answer. */
  complete(): void;
}

interface Attempt extends Listed<Attempt> {
  readonly entry: SettlementEntry;
  tries: number;
}

/**
 * Deletes or visibility changes of one queue, in calls of up to 10. An entry that SQS refuses fails at once; one that
 * failed otherwise is tried again alone, a call that failed is tried again whole: until the lease ends, and `retryAttempts`
 * times at least. Nothing but the end of the client cancels a settlement.
 *
 * @param maxCalls - most calls under way at once.
 */
export function createSettlementBatcher(
  { port, queueUrl }: QueueContext,
  call: 'deleteBatch' | 'changeVisibilityBatch',
  maxCalls: number,
): SettlementBatcher {
  const operation = OPERATIONS[call];
  const backoff = exponentialBackoff({ initialMs: 100, maxMs: 5_000, random: port.random });
  const attempts = new Subject<Attempt>();
  const again = new Subject<readonly Attempt[]>();
  const flushes = new Subject<void>();
  const ended = new Subject<void>();
  const pending = createRoster<Attempt>();
  let completing = false;
  let closed = false;

  const finish = (attempt: Attempt, error?: AWSConnectionError): void => {
    pending.remove(attempt);
    if (error === undefined) attempt.entry.onConfirmed();
    else attempt.entry.onFailed(error);
    if (completing && pending.size === 0) ended.next();
  };

  const send = (batch: readonly Attempt[]) => {
    const entries = batch.map(({ entry: { receiptHandle, visibilityTimeoutSeconds } }, index) => ({
      id: String(index),
      receiptHandle,
      visibilityTimeoutSeconds,
    }));
    return answered(operation, port.calls[call]({ queueUrl, entries })).pipe(
      tap((answer) => {
        conclude(batch, answer);
      }),
    );
  };

  const conclude = (batch: readonly Attempt[], answer: BatchAnswer<BatchResponse>): void => {
    const failed: Attempt[] = [];
    batch.forEach((attempt, index) => {
      attempt.tries += 1;
      const fault = faultOf(operation, answer, String(index));
      if (fault !== undefined && mayTryAgain(attempt, fault)) failed.push(attempt);
      else finish(attempt, fault?.error);
    });
    if (answer instanceof AWSConnectionError) {
      if (failed.length > 0) again.next(failed);
    } else {
      for (const attempt of failed) again.next([attempt]);
    }
  };

  const mayTryAgain = ({ entry, tries }: Attempt, { error }: EntryFault): boolean =>
    error.retryable && (tries <= port.settings.retryAttempts || asyncScheduler.now() < entry.expiresAt);

  const fresh$ = attempts.pipe(
    batchBy({
      maxSize: MAX_BATCH_ENTRIES,
      lingerMs: LINGER_MS,
      isUrgent: ({ entry }) => entry.expiresAt - asyncScheduler.now() <= LINGER_MS * 2,
      flush$: flushes,
    }),
  );
  const again$ = again.pipe(
    // Each waits on a timer of its own and holds no call; entries are bounded by the consumer's backlog.
    mergeMap((batch) => timer(backoff(batch[0]?.tries ?? 1)).pipe(map(() => batch)), Infinity),
  );
  merge(fresh$, again$)
    .pipe(mergeMap(send, maxCalls), takeUntil(merge(port.closed$, ended)))
    .subscribe();
  port.closed$.pipe(takeUntil(ended)).subscribe(() => {
    closed = true;
    for (const attempt of pending.all()) finish(attempt, notConfirmed(operation));
  });

  return {
    push: (entry) => {
      const attempt: Attempt = { entry, tries: 0, before: undefined, after: undefined };
      pending.add(attempt);
      if (closed) finish(attempt, notConfirmed(operation));
      else attempts.next(attempt);
    },
    flush: () => {
      flushes.next();
    },
    complete: () => {
      completing = true;
      if (pending.size === 0) ended.next();
      else flushes.next();
    },
  };
}

function notConfirmed(operation: string): AWSConnectionError {
  return new AWSConnectionError({ operation, code: 'CloseTimeout', retryable: false, detail: 'the client was closed' });
}
