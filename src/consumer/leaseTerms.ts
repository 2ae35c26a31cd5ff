import { MAX_LEASE_SECONDS } from '../client/limits.js';
import type { Lease } from './lease.js';

/**
 * Seconds from receipt that are asked for at most. SQS counts its 12 hours from a moment before the message got here, and
 * refuses, rather than shortens, what goes beyond them.
 */
export const LONGEST_LEASE_SECONDS = MAX_LEASE_SECONDS - 30;

/** SQS counts from a moment before the message got here: up to this much, or a tenth of the lease, earlier it ends there. */
const END_MS = 1_000;

/** For how long leases are asked for. */
export interface LeaseTerms {
  readonly visibilityTimeoutSeconds: number;
  readonly visibilityMs: number;
  /** When the longest lease allowed ends; milliseconds since the epoch. */
  limitOf(lease: Lease): number;
  /** Seconds to ask for at this time: the visibility timeout, or what is left of the longest lease. */
  secondsFor(lease: Lease, now: number): number;
  /** Whether to renew it could prolong it, by a whole second. */
  isProlongable(lease: Lease): boolean;
  /** Whether it is about to end for good: when it comes in again, it has ended at SQS already. */
  isAtItsEnd(lease: Lease, now: number): boolean;
}

export function leaseTerms(visibilityTimeoutSeconds: number, maxLeaseSeconds: number): LeaseTerms {
  const longestMs = Math.min(maxLeaseSeconds, LONGEST_LEASE_SECONDS) * 1_000;
  const endMs = Math.min(END_MS, longestMs / 10);
  const limitOf = ({ receivedAt }: Lease): number => receivedAt + longestMs;
  return {
    visibilityTimeoutSeconds,
    visibilityMs: visibilityTimeoutSeconds * 1_000,
    limitOf,
    secondsFor: (lease, now) => Math.min(visibilityTimeoutSeconds, Math.floor((limitOf(lease) - now) / 1_000)),
    isProlongable: (lease) => limitOf(lease) - lease.expiresAt >= 1_000,
    isAtItsEnd: (lease, now) => limitOf(lease) - now < endMs,
  };
}
