import { defer, EMPTY, type Observable, of, Subject } from 'rxjs';
import type { SettlementKind } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { Listed } from '../operators/roster.js';

/** Clocks are set by some milliseconds all the time; beyond this one was set back. */
const CLOCK_STEP_MS = 1_000;

/** A message this consumer has received and not yet settled, and until when SQS keeps it from others. */
export interface Lease extends Listed<Lease> {
  readonly raw: RawMessage;
  /** Of the latest receipt: a message that came in again while it was held has a new one. */
  receiptHandle: string;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  /** When the visibility timeout ends, as far as SQS has confirmed. */
  expiresAt: number;
  /** When to look at it next: to renew it, or to find it expired. */
  dueAt: number;
  /** `held`: ours and renewed. `settled`: what becomes of it has been said. `lost`: SQS may give it to another. */
  state: 'held' | 'settled' | 'lost';
  /** `queued`: to be renewed with the next batch. `sent`: SQS is being asked. */
  renewal: 'none' | 'queued' | 'sent';
  /** Renewals that failed one after another. */
  failures: number;
  /** What waits for the renewal under way: a settlement is never overtaken by it. */
  afterRenewal?: (() => void) | undefined;
  /** What was said of it; the first settlement wins. */
  settlement?: SettlementKind | undefined;
  /** What became of the settlement, once one was said. */
  confirmed$?: Observable<void> | undefined;
  /** Made when somebody asks for it. */
  lost?: Subject<void> | undefined;
}

export function createLease(raw: RawMessage, receivedAt: number, visibilityMs: number): Lease {
  return {
    raw,
    receiptHandle: raw.receiptHandle,
    receivedAt,
    expiresAt: receivedAt + visibilityMs,
    dueAt: receivedAt + visibilityMs / 2,
    state: 'held',
    renewal: 'none',
    failures: 0,
    afterRenewal: undefined,
    settlement: undefined,
    confirmed$: undefined as Lease['confirmed$'],
    lost: undefined,
    before: undefined,
    after: undefined,
  };
}

/** Emits and completes when the lease is lost, also to those who ask later; completes when it is settled. */
export function lostSignal(lease: Lease): Observable<void> {
  return defer(() => {
    if (lease.state === 'lost') return of(undefined);
    if (lease.state === 'settled') return EMPTY;
    return (lease.lost ??= new Subject<void>());
  });
}

/** Tells those who listen that the lease has ended. */
export function announceEnd({ state, lost }: Lease): void {
  if (state === 'lost') lost?.next();
  lost?.complete();
}

/**
 * No lease ends later than a visibility timeout from now, unless the clock was set back since. SQS counts on: by how much
 * of the lease is not known, so it is renewed at once.
 */
export function followClock(lease: Lease, now: number, visibilityMs: number): void {
  const aheadMs = lease.expiresAt - now - visibilityMs;
  if (aheadMs <= CLOCK_STEP_MS) return;
  lease.receivedAt -= aheadMs;
  lease.expiresAt -= aheadMs;
  lease.dueAt = lease.renewal === 'none' ? now : lease.expiresAt;
}

/** What events call the receipt by which it is held. */
export const receiptOf = ({ raw }: Lease): { readonly id: string; readonly receiveCount: number } => ({
  id: raw.messageId,
  receiveCount: raw.receiveCount,
});
