import {
  asyncScheduler,
  EMPTY,
  mergeMap,
  type Observable,
  Subject,
  takeUntil,
  tap,
  throwError,
  throwIfEmpty,
  timeout,
} from 'rxjs';
import { answered, type EntryFault, faultOf } from '../client/entryFault.js';
import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { timedOut } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import type { AWSConnectionError } from '../errors.js';
import type { Lease } from './lease.js';
import type { LeaseTerms } from './leaseTerms.js';
import type { QueueContext } from './queueContext.js';

/** Renewal calls under way at once; each renews up to 10 leases. */
const RENEWAL_CONCURRENCY = 10;

const OPERATION = OPERATIONS.changeVisibilityBatch;

/** The calls that renew leases. */
export interface Renewals {
  /** Asks for these, in calls of up to ten. */
  ask(leases: readonly Lease[]): void;
  /** Nothing is asked for after. */
  complete(): void;
}

/** What a renewal came to. Only leases still held are told of; `refused` before the others of the call. */
export interface RenewalsOptions {
  /** SQS holds them no more. */
  readonly onRefused: (leases: readonly Lease[]) => void;
  /** The lease goes on, from `sentAt` for so many seconds. */
  readonly onRenewed: (lease: Lease, sentAt: number, seconds: number) => void;
  /** It may be asked for again. */
  readonly onFailed: (lease: Lease, error: AWSConnectionError) => void;
  /** The message came in again meanwhile: the renewal was of a receipt that counts no more. */
  readonly onMoot: (lease: Lease) => void;
}

/**
 * Asks SQS for longer leases in ChangeMessageVisibilityBatch calls. What is said of a message meanwhile waits for the
 * answer (`afterRenewal`), so that no renewal overtakes a settlement.
 */
export function createRenewals(context: QueueContext, terms: LeaseTerms, options: RenewalsOptions): Renewals {
  const batches = new Subject<readonly Lease[]>();
  const { port, queueUrl } = context;

  const send = (batch: readonly Lease[]): Observable<unknown> => {
    const leases = batch.filter(({ state }) => state === 'held');
    if (leases.length === 0) return EMPTY;
    const sentAt = asyncScheduler.now();
    const entries = leases.map((lease, index) => {
      lease.renewal = 'sent';
      const { receiptHandle } = lease;
      return { id: String(index), receiptHandle, visibilityTimeoutSeconds: terms.secondsFor(lease, sentAt) };
    });
    // Sooner than any other call: what hangs has to be tried again, and what is settled meanwhile sent, while leases hold.
    const earliest = Math.min(...leases.map(({ expiresAt }) => expiresAt));
    const response$ = port.calls.changeVisibilityBatch({ queueUrl, entries }).pipe(
      timeout({ first: (earliest - sentAt) / 2, with: () => throwError(() => timedOut(OPERATION)) }),
      // There is no time left to wait: what is released must get there.
      takeUntil(port.killed$),
      throwIfEmpty(() => timedOut(OPERATION)),
    );
    return answered(OPERATION, response$).pipe(
      tap((answer) => {
        const renewed = leases.map((lease, index) => {
          const isMoot = entries[index]?.receiptHandle !== lease.receiptHandle;
          return { lease, isMoot, fault: isMoot ? undefined : faultOf(OPERATION, answer, String(index)) };
        });
        const refused = renewed.filter(({ lease, fault }) => lease.state === 'held' && fault?.refused === true);
        options.onRefused(refused.map(({ lease }) => lease));
        for (const { lease, isMoot, fault } of renewed) {
          lease.renewal = 'none';
          if (lease.state === 'held') conclude(lease, isMoot, fault, sentAt);
          const settlement = lease.afterRenewal;
          lease.afterRenewal = undefined;
          settlement?.();
        }
      }),
    );
  };

  const conclude = (lease: Lease, isMoot: boolean, fault: EntryFault | undefined, sentAt: number): void => {
    if (isMoot) options.onMoot(lease);
    else if (fault === undefined) options.onRenewed(lease, sentAt, terms.secondsFor(lease, sentAt));
    else options.onFailed(lease, fault.error);
  };

  // No unsubscribe: renewals under way are waited for, because settlements may wait for them.
  batches.pipe(mergeMap(send, RENEWAL_CONCURRENCY)).subscribe();

  return {
    ask: (leases) => {
      for (let from = 0; from < leases.length; from += MAX_BATCH_ENTRIES) {
        const batch = leases.slice(from, from + MAX_BATCH_ENTRIES);
        for (const lease of batch) {
          lease.renewal = 'queued';
          lease.dueAt = lease.expiresAt;
        }
        batches.next(batch);
      }
    },
    complete: () => {
      batches.complete();
    },
  };
}
