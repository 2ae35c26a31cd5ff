import { asyncScheduler } from 'rxjs';
import { errorInfo } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { createAlarm } from './alarm.js';
import { createHoldings } from './holdings.js';
import { announceEnd, createLease, followClock, type Lease, receiptOf } from './lease.js';
import { leaseTerms } from './leaseTerms.js';
import { type QueueContext, tell } from './queueContext.js';
import { createRenewals } from './renewals.js';

/** Every lease a consumer holds, renewed from receipt until it ends. */
export interface Leases {
  /** Those held, and those that have ended of which nobody was told yet. */
  readonly size: number;
  /** When the message was received that is held longest; milliseconds since the epoch. */
  readonly oldest: number | undefined;
  /** Takes a message in that was received at this time. */
  add(raw: RawMessage, receivedAt: number): Lease;
  /**
   * The lease of a message that is held already: it has ended at SQS a moment ago, or SQS has delivered it twice. Then the
   * lease goes on, with the newer receipt handle of this time, and there is nothing to hand out.
   */
  adopt(raw: RawMessage, receivedAt: number): Lease | undefined;
  /**
   * Ends the leases of these that are over, though no timer has come to say so yet: they are to be handed out anew. So do
   * those in their last second that no renewal can prolong. The returned function tells of it.
   */
  loseExpired(messages: readonly RawMessage[]): () => void;
  /** Ends a lease. `then` runs at once, or after a renewal that is being asked for: it never overtakes a settlement. */
  end(lease: Lease, then: () => void): void;
  /**
   * Gives up, as lost, all that nobody settled; what `plan` gives for each runs as with `end`. What is on its way to the
   * dead-letter queue stays held until it got there. Nothing may be added after.
   */
  abandon(plan: (lease: Lease) => () => void): void;
}

/** Its time was over, SQS refused to prolong it, or it has lasted as long as it may. */
type LossReason = 'expired' | 'refused' | 'limit';

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
 *
 * ```text
 * lease a    r-----------^-----------^------
 * lease b     r----------^-----------^---s
 * timer      -----------!-----------!------
 * ```
 */
export function createLeases({ context, visibilityTimeoutSeconds, maxLeaseSeconds, onEnd }: LeasesOptions): Leases {
  const terms = leaseTerms(visibilityTimeoutSeconds, maxLeaseSeconds);
  const { visibilityMs, limitOf } = terms;
  const slackMs = visibilityMs / 10;
  const retryBackoff = exponentialBackoff({ initialMs: 200, maxMs: visibilityMs / 4, random: context.port.random });
  const held = createHoldings();
  let abandoned = false;
  /** Leases that have ended together, and of which nobody was told yet: while there are any, nothing is over. */
  let untold = 0;

  /** Takes a lease out, without a word yet: what ends together has ended before anybody is told and acts on it. */
  const takeOut = (lease: Lease, state: 'settled' | 'lost'): void => {
    held.remove(lease);
    lease.state = state;
    if (held.size === 0) rest();
  };

  /** Without a lease no timer runs; without a future, nothing does. */
  const rest = (): void => {
    alarm.off();
    if (abandoned) renewals.complete();
  };

  /** They are lost from now on; the returned function tells of it, and has to be called. */
  const loseAll = (over: readonly Lease[], reasonOf: (lease: Lease) => LossReason): (() => void) => {
    for (const lease of over) takeOut(lease, 'lost');
    untold += over.length;
    return () => {
      for (const lease of over) {
        tell(context, () => ({ type: 'leaseLost', ...receiptOf(lease), reason: reasonOf(lease) }));
        announceEnd(lease);
        untold -= 1;
        onEnd();
      }
    };
  };

  const loseOver = (over: readonly Lease[]): (() => void) =>
    loseAll(over, (lease) => (terms.isProlongable(lease) ? 'expired' : 'limit'));

  /** Renews what is due, loses what is over, and sets the alarm to what is next. */
  const look = (): void => {
    const now = asyncScheduler.now();
    const due: Lease[] = [];
    const over: Lease[] = [];
    for (const lease of held.all()) {
      followClock(lease, now, visibilityMs);
      if (lease.expiresAt <= now) over.push(lease);
      else if (lease.dueAt <= now + slackMs && lease.renewal === 'none') {
        if (terms.isProlongable(lease)) due.push(lease);
        else lease.dueAt = lease.expiresAt;
      }
    }
    loseOver(over)();
    renewals.ask(due);
    let earliest = Infinity;
    for (const { dueAt } of held.all()) earliest = Math.min(earliest, dueAt);
    if (earliest < Infinity) alarm.by(earliest);
  };

  /** While SQS is being asked already, the next look is at the end. */
  const renewAt = (lease: Lease, time: number): void => {
    lease.dueAt = lease.renewal === 'none' ? Math.min(lease.expiresAt, time) : lease.expiresAt;
    alarm.by(lease.dueAt);
  };

  /** The lease holds from `from` on for as long as SQS keeps the message from others, but never beyond its limit. */
  const prolong = (lease: Lease, from: number, seconds: number): void => {
    lease.failures = 0;
    lease.expiresAt = Math.min(from + seconds * 1_000, limitOf(lease));
    renewAt(lease, (from + lease.expiresAt) / 2);
  };

  const finish = (lease: Lease, then: () => void): void => {
    announceEnd(lease);
    if (lease.renewal === 'sent') lease.afterRenewal = then;
    else then();
    onEnd();
  };

  const alarm = createAlarm(look, visibilityMs / 2, context.port.closed$);
  const renewals = createRenewals(context, terms, {
    onRefused: (leases) => {
      loseAll(leases, () => 'refused')();
    },
    onRenewed: (lease, sentAt, seconds) => {
      prolong(lease, sentAt, seconds);
      tell(context, () => ({ type: 'leaseRenewed', ...receiptOf(lease), visibilityTimeoutSeconds: seconds }));
    },
    onFailed: (lease, error) => {
      lease.failures += 1;
      renewAt(lease, asyncScheduler.now() + retryBackoff(lease.failures));
      tell(context, () => ({ type: 'renewalFailed', ...receiptOf(lease), error: errorInfo(error) }));
    },
    onMoot: (lease) => {
      renewAt(lease, lease.expiresAt - visibilityMs / 2);
    },
  });

  return {
    get size() {
      return held.size + untold;
    },
    get oldest() {
      return held.oldest?.receivedAt;
    },
    add: (raw, receivedAt) => {
      const lease = createLease(raw, receivedAt, visibilityMs);
      held.add(lease);
      alarm.by(lease.dueAt);
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
      const over = new Set(known.filter((lease) => lease.expiresAt <= now || terms.isAtItsEnd(lease, now)));
      return loseOver([...over]);
    },
    end: (lease, then) => {
      takeOut(lease, 'settled');
      finish(lease, then);
    },
    abandon: (plan) => {
      abandoned = true;
      const unsettled = held.all().filter(({ confirmed$ }) => confirmed$ === undefined);
      for (const lease of unsettled) takeOut(lease, 'lost');
      for (const lease of unsettled) finish(lease, plan(lease));
      if (held.size === 0) rest();
    },
  };
}
