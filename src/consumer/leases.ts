import {
  asyncScheduler,
  EMPTY,
  mergeMap,
  type Observable,
  Subject,
  type Subscription,
  takeUntil,
  tap,
  throwError,
  throwIfEmpty,
  timeout,
  timer,
} from 'rxjs';
import { answered, type EntryFault, faultOf } from '../client/entryFault.js';
import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { timedOut } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import { errorInfo } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { announceEnd, createLease, type Lease, LONGEST_LEASE_SECONDS } from './lease.js';
import { type QueueContext, tell } from './queueContext.js';

/** Renewal calls under way at once; each renews up to 10 leases. */
const RENEWAL_CONCURRENCY = 10;

/** Clocks are set by some milliseconds all the time; beyond this one was set back. */
const CLOCK_STEP_MS = 1_000;

/** Every lease a consumer holds, renewed from receipt until it ends. */
export interface Leases {
  readonly size: number;
  /** Takes a message in that was received at this time. */
  add(raw: RawMessage, receivedAt: number): Lease;
  /**
   * The lease of a message that is held already: it has ended at SQS a moment ago, or SQS has delivered it twice. Then the
   * lease goes on, with the newer receipt handle of this time, and there is nothing to hand out.
   */
  adopt(raw: RawMessage, receivedAt: number): Lease | undefined;
  /** Ends the leases of these that are over, though no timer has come to say so yet: they are to be handed out anew. */
  loseExpired(messages: readonly RawMessage[]): void;
  /** Ends a lease. `then` runs at once, or after a renewal that is being asked for: it never overtakes a settlement. */
  end(lease: Lease, then: () => void): void;
  /**
   * Gives up, as lost, all that nobody settled; what `plan` gives for each runs as with `end`. What is on its way to the
   * dead-letter queue stays held until it got there. Nothing may be added after.
   */
  abandon(plan: (lease: Lease) => () => void): void;
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
  const held = new Map<string, Lease>();
  const batches = new Subject<readonly Lease[]>();
  let wake: Subscription | undefined;
  let wakeAt = Infinity;
  let abandoned = false;

  const longestMs = Math.min(maxLeaseSeconds, LONGEST_LEASE_SECONDS) * 1_000;
  const limitOf = (lease: Lease): number => lease.receivedAt + longestMs;

  /** Seconds to ask for now: the visibility timeout, or what is left of the longest lease allowed. */
  const secondsFor = (lease: Lease, now: number): number =>
    Math.min(visibilityTimeoutSeconds, Math.floor((limitOf(lease) - now) / 1_000));

  /** Takes a lease out, without a word yet: what ends together has ended before anybody is told and acts on it. */
  const takeOut = (lease: Lease, state: 'settled' | 'lost'): void => {
    held.delete(lease.raw.messageId);
    lease.state = state;
    if (held.size === 0) rest();
  };

  const loseAll = (over: readonly Lease[], reasonOf: (lease: Lease) => 'expired' | 'refused' | 'limit'): void => {
    for (const lease of over) takeOut(lease, 'lost');
    for (const lease of over) {
      tell(context, () => ({ type: 'leaseLost', id: lease.raw.messageId, reason: reasonOf(lease) }));
      announceEnd(lease);
      onEnd();
    }
  };

  const loseOver = (over: readonly Lease[], now: number): void => {
    loseAll(over, (lease) => (now >= limitOf(lease) ? 'limit' : 'expired'));
  };

  const wakeBy = (time: number): void => {
    if (wakeAt <= time) return;
    sleep();
    wakeAt = time;
    // Never longer than the longest that a lease is left alone: the time may be from before the clock was set back.
    wake = timer(Math.min(Math.max(0, time - asyncScheduler.now()), visibilityMs / 2))
      .pipe(takeUntil(context.port.closed$))
      .subscribe(() => {
        sleep();
        renewDue(asyncScheduler.now());
        let earliest = Infinity;
        for (const { dueAt } of held.values()) earliest = Math.min(earliest, dueAt);
        if (earliest < Infinity) wakeBy(earliest);
      });
  };

  const sleep = (): void => {
    wake?.unsubscribe();
    wake = undefined;
    wakeAt = Infinity;
  };

  /**
   * No lease ends later than a visibility timeout from now, unless the clock was set back since. SQS counts on: by how much
   * of the lease is not known, so it is renewed at once.
   */
  const followClock = (lease: Lease, now: number): void => {
    const aheadMs = lease.expiresAt - now - visibilityMs;
    if (aheadMs <= CLOCK_STEP_MS) return;
    lease.receivedAt -= aheadMs;
    lease.expiresAt -= aheadMs;
    lease.dueAt = lease.renewal === 'none' ? now : lease.expiresAt;
  };

  const renewDue = (now: number): void => {
    const due: Lease[] = [];
    const over: Lease[] = [];
    for (const lease of held.values()) {
      followClock(lease, now);
      if (lease.expiresAt <= now) over.push(lease);
      else if (lease.dueAt <= now + slackMs && lease.renewal === 'none') {
        // What renewing can't prolong, by a whole second, is only watched until it ends.
        if (limitOf(lease) - lease.expiresAt < 1_000) lease.dueAt = lease.expiresAt;
        else due.push(lease);
      }
    }
    loseOver(over, now);
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
        receiptHandle: lease.receiptHandle,
        visibilityTimeoutSeconds: secondsFor(lease, now),
      };
    });
    const operation = OPERATIONS.changeVisibilityBatch;
    const { port, queueUrl } = context;
    // Sooner than any other call: what hangs has to be tried again, and what is settled meanwhile sent, while leases hold.
    const earliest = Math.min(...leases.map(({ expiresAt }) => expiresAt));
    const response$ = port.calls.changeVisibilityBatch({ queueUrl, entries }).pipe(
      timeout({ first: (earliest - now) / 2, with: () => throwError(() => timedOut(operation)) }),
      // There is no time left to wait: what is released must get there.
      takeUntil(port.killed$),
      throwIfEmpty(() => timedOut(operation)),
    );
    return answered(operation, response$).pipe(
      tap((answer) => {
        const faults = leases.map((lease, index) => {
          const isOfOldReceipt = entries[index]?.receiptHandle !== lease.receiptHandle;
          return isOfOldReceipt ? 'moot' : faultOf(operation, answer, String(index));
        });
        const isRefused = (lease: Lease, index: number): boolean => {
          const fault = faults[index];
          return lease.state === 'held' && fault !== 'moot' && fault?.refused === true;
        };
        loseAll(leases.filter(isRefused), () => 'refused');
        for (const [index, lease] of leases.entries()) conclude(lease, faults[index], now);
      }),
    );
  };

  /** What the renewal of one lease came to; moot when the message has come in again meanwhile. */
  const conclude = (lease: Lease, fault: EntryFault | 'moot' | undefined, sentAt: number): void => {
    lease.renewal = 'none';
    if (lease.state === 'held') {
      if (fault === 'moot') renewAt(lease, lease.expiresAt - visibilityMs / 2);
      else if (fault === undefined) prolong(lease, sentAt, secondsFor(lease, sentAt));
      else tryAgain(lease, fault);
    }
    const settlement = lease.afterRenewal;
    lease.afterRenewal = undefined;
    settlement?.();
  };

  /** While SQS is being asked already, the next look is at the end. */
  const renewAt = (lease: Lease, time: number): void => {
    lease.dueAt = lease.renewal === 'none' ? Math.min(lease.expiresAt, time) : lease.expiresAt;
    wakeBy(lease.dueAt);
  };

  /** The lease holds from `from` on for as long as SQS keeps the message from others, but never beyond its limit. */
  const prolong = (lease: Lease, from: number, seconds: number): void => {
    lease.failures = 0;
    lease.expiresAt = Math.min(from + seconds * 1_000, limitOf(lease));
    renewAt(lease, (from + lease.expiresAt) / 2);
    tell(context, () => ({
      type: 'leaseRenewed',
      id: lease.raw.messageId,
      visibilityTimeoutSeconds: seconds,
    }));
  };

  const tryAgain = (lease: Lease, { error }: EntryFault): void => {
    lease.failures += 1;
    renewAt(lease, asyncScheduler.now() + retryBackoff(lease.failures));
    tell(context, () => ({ type: 'renewalFailed', id: lease.raw.messageId, error: errorInfo(error) }));
  };

  const finish = (lease: Lease, then: () => void): void => {
    announceEnd(lease);
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
    add: (raw, receivedAt) => {
      const lease = createLease(raw, receivedAt, visibilityMs);
      held.set(raw.messageId, lease);
      wakeBy(lease.dueAt);
      return lease;
    },
    adopt: (raw, receivedAt) => {
      const lease = held.get(raw.messageId);
      if (lease === undefined) return undefined;
      lease.receiptHandle = raw.receiptHandle;
      prolong(lease, receivedAt, visibilityTimeoutSeconds);
      return lease;
    },
    loseExpired: (messages) => {
      const now = asyncScheduler.now();
      const known = messages.flatMap(({ messageId }) => held.get(messageId) ?? []);
      // Each once, though a message may be there twice.
      const over = new Set(known.filter(({ expiresAt }) => expiresAt <= now));
      loseOver([...over], now);
    },
    end: (lease, then) => {
      takeOut(lease, 'settled');
      finish(lease, then);
    },
    abandon: (plan) => {
      abandoned = true;
      const unsettled = [...held.values()].filter(({ confirmed$ }) => confirmed$ === undefined);
      for (const lease of unsettled) takeOut(lease, 'lost');
      for (const lease of unsettled) finish(lease, plan(lease));
      if (held.size === 0) rest();
    },
  };
}
