import {
  asyncScheduler,
  EMPTY,
  mergeMap,
  type Observable,
  Subject,
  type Subscription,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { answered, type EntryFault, faultOf } from '../client/entryFault.js';
import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { OPERATIONS } from '../client/operations.js';
import { errorInfo } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { createLease, endLease, type Lease } from './lease.js';
import { type QueueContext, tell } from './queueContext.js';

/** Renewal calls under way at once; each renews up to 10 leases. */
const RENEWAL_CONCURRENCY = 10;

/** Every lease a consumer holds, renewed from receipt until it ends. */
export interface Leases {
  readonly size: number;
  /** Takes a received message in. */
  add(raw: RawMessage): Lease;
  /** Ends a lease. `then` runs at once, or after a renewal that is being asked for: it never overtakes a settlement. */
  end(lease: Lease, then: () => void): void;
  /**
   * Gives up, as lost, all that nobody settled; `then` runs for each as with `end`. What is on its way to the dead-letter
   * queue stays held until it got there. Nothing can be added after.
   */
  abandon(then: (lease: Lease) => void): void;
}

export interface LeasesOptions {
  readonly context: QueueContext;
  readonly visibilityTimeoutSeconds: number;
  readonly maxLeaseSeconds: number;
  /** A lease ended, for whatever reason: its message is in flight no more. */
  readonly onEnd: () => void;
}

/**
 * One timer for all leases. It wakes when the earliest is due, and takes along whatever is due soon after, in
 * ChangeMessageVisibilityBatch calls of 10. No lease, no timer.
 */
export function createLeases({ context, visibilityTimeoutSeconds, maxLeaseSeconds, onEnd }: LeasesOptions): Leases {
  const visibilityMs = visibilityTimeoutSeconds * 1_000;
  const slackMs = visibilityMs / 10;
  const retryBackoff = exponentialBackoff({ initialMs: 200, maxMs: visibilityMs / 4, random: context.port.random });
  const held = new Set<Lease>();
  const batches = new Subject<readonly Lease[]>();
  let wake: Subscription | undefined;
  let wakeAt = Infinity;
  let abandoned = false;

  const limitOf = (lease: Lease): number => lease.receivedAt + maxLeaseSeconds * 1_000;

  /** Seconds to ask for now: the visibility timeout, or what is left of the longest lease allowed. */
  const secondsFor = (lease: Lease, now: number): number =>
    Math.min(visibilityTimeoutSeconds, Math.floor((limitOf(lease) - now) / 1_000));

  const lose = (lease: Lease, reason: 'expired' | 'refused' | 'limit'): void => {
    held.delete(lease);
    if (held.size === 0) rest();
    tell(context, () => ({ type: 'leaseLost', id: lease.raw.messageId, reason }));
    endLease(lease, 'lost');
    onEnd();
  };

  const wakeBy = (time: number): void => {
    if (wakeAt <= time) return;
    sleep();
    wakeAt = time;
    wake = timer(Math.max(0, time - asyncScheduler.now()))
      .pipe(takeUntil(context.port.closed$))
      .subscribe(() => {
        sleep();
        renewDue(asyncScheduler.now());
        let earliest = Infinity;
        for (const { dueAt } of held) earliest = Math.min(earliest, dueAt);
        if (earliest < Infinity) wakeBy(earliest);
      });
  };

  const sleep = (): void => {
    wake?.unsubscribe();
    wake = undefined;
    wakeAt = Infinity;
  };

  const renewDue = (now: number): void => {
    const due: Lease[] = [];
    for (const lease of held) {
      if (lease.expiresAt <= now) {
        lose(lease, now >= limitOf(lease) ? 'limit' : 'expired');
      } else if (lease.dueAt <= now + slackMs && lease.renewal === 'none') {
        // What renewing can't prolong is only watched until it ends.
        if (now + secondsFor(lease, now) * 1_000 <= lease.expiresAt) lease.dueAt = lease.expiresAt;
        else due.push(lease);
      }
    }
    for (let from = 0; from < due.length; from += MAX_BATCH_ENTRIES) {
      const batch = due.slice(from, from + MAX_BATCH_ENTRIES);
      for (const lease of batch) {
        lease.renewal = 'queued';
        lease.dueAt = lease.expiresAt;
      }
      batches.next(batch);
    }
  };

  const renew = (batch: readonly Lease[]): Observable<unknown> => {
    const now = asyncScheduler.now();
    const leases = batch.filter((lease) => lease.state === 'held');
    if (leases.length === 0) return EMPTY;
    const entries = leases.map((lease, index) => {
      lease.renewal = 'sent';
      return {
        id: String(index),
        receiptHandle: lease.raw.receiptHandle,
        visibilityTimeoutSeconds: secondsFor(lease, now),
      };
    });
    const operation = OPERATIONS.changeVisibilityBatch;
    return answered(operation, context.port.calls.changeVisibilityBatch({ queueUrl: context.queueUrl, entries })).pipe(
      tap((answer) => {
        for (const [index, lease] of leases.entries()) {
          conclude(lease, faultOf(operation, answer, String(index)), now);
        }
      }),
    );
  };

  /** What the renewal of one lease came to. */
  const conclude = (lease: Lease, fault: EntryFault | undefined, sentAt: number): void => {
    lease.renewal = 'none';
    if (lease.state === 'held') {
      if (fault?.refused === true) lose(lease, 'refused');
      else if (fault === undefined) prolong(lease, sentAt);
      else tryAgain(lease, fault);
    }
    const settlement = lease.afterRenewal;
    lease.afterRenewal = undefined;
    settlement?.();
  };

  const prolong = (lease: Lease, sentAt: number): void => {
    const seconds = secondsFor(lease, sentAt);
    lease.failures = 0;
    lease.expiresAt = sentAt + seconds * 1_000;
    lease.dueAt = sentAt + seconds * 500;
    wakeBy(lease.dueAt);
    tell(context, () => ({
      type: 'leaseRenewed',
      id: lease.raw.messageId,
      visibilityTimeoutSeconds: seconds,
    }));
  };

  const tryAgain = (lease: Lease, { error }: EntryFault): void => {
    lease.failures += 1;
    lease.dueAt = Math.min(lease.expiresAt, asyncScheduler.now() + retryBackoff(lease.failures));
    wakeBy(lease.dueAt);
    tell(context, () => ({ type: 'renewalFailed', id: lease.raw.messageId, error: errorInfo(error) }));
  };

  const close = (lease: Lease, state: 'settled' | 'lost', then: () => void): void => {
    held.delete(lease);
    if (held.size === 0) rest();
    endLease(lease, state);
    if (lease.renewal === 'sent') lease.afterRenewal = then;
    else then();
    onEnd();
  };

  /** Without a lease no timer runs; without a future, nothing does. */
  const rest = (): void => {
    sleep();
    if (abandoned) batches.complete();
  };

  // No unsubscribe: renewals under way are waited for, because settlements may wait for them.
  batches.pipe(mergeMap(renew, RENEWAL_CONCURRENCY)).subscribe();

  return {
    get size() {
      return held.size;
    },
    add: (raw) => {
      const lease = createLease(raw, asyncScheduler.now(), visibilityMs);
      held.add(lease);
      wakeBy(lease.dueAt);
      return lease;
    },
    end: (lease, then) => {
      close(lease, 'settled', then);
    },
    abandon: (then) => {
      abandoned = true;
      for (const lease of held) {
        if (lease.confirmed$ !== undefined) continue;
        close(lease, 'lost', () => {
          then(lease);
        });
      }
      if (held.size === 0) rest();
    },
  };
}
