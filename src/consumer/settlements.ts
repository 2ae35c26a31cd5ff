import { asyncScheduler, type Observable, throwError } from 'rxjs';
import type { RawMessage } from '../message/rawMessage.js';
import { checkSettlement, type Settlement } from '../message/settlement.js';
import { exponentialBackoff } from '../operators/backoff.js';
import type { Lease } from './lease.js';
import type { Leases } from './leases.js';
import { LONGEST_LEASE_SECONDS } from './leaseTerms.js';
import { createLedger } from './ledger.js';
import type { QueueContext } from './queueContext.js';
import { leaseLost, rejectMessage } from './rejectMessage.js';
import { rememberedOf } from './remembered.js';
import type { Said, SaidEnds } from './said.js';
import { createSettlementBatcher } from './settlementBatcher.js';

/** What is said of messages, on its way to SQS. */
export interface Settlements {
  /** Settlements said and not yet confirmed or failed. */
  readonly pending: number;
  /** Emits when one more is confirmed or has failed. */
  readonly concluded$: Observable<void>;
  /** Settles; the first settlement wins, and every caller is told what became of that one. */
  settle(lease: Lease, settlement: Settlement): Observable<void>;
  /** Counts, from now on, the release of a message nobody settled; the returned function sends it: visible to others at once. */
  release(lease: Lease): () => void;
  /** Whether this message was handled before and only its deletion is missing; then it is deleted, not handed out. */
  deleteIfDone(raw: RawMessage): boolean;
  /** Sends what lingers. */
  flush(): void;
  /** Ends once everything said has its answer. */
  complete(): void;
}

/** What a settlement needs of a lease, or of a message that gets none. */
type Receipt = Pick<Lease, 'receiptHandle' | 'expiresAt'>;

/** Settlement calls of one kind under way at once, also where polls are few: failed ones are tried again alone. */
const LEAST_CALLS = 10;

/**
 * Carries settlements out, in batches, each confirmed for that very entry. As many calls at once as there are polls: what they
 * bring in can then be settled as fast as it comes.
 */
export function createSettlements(context: QueueContext, leases: Leases, maxPolls: number): Settlements {
  const maxCalls = Math.max(LEAST_CALLS, maxPolls);
  const deletes = createSettlementBatcher(context, 'deleteBatch', maxCalls);
  const visibilities = createSettlementBatcher(context, 'changeVisibilityBatch', maxCalls);
  const remembered = rememberedOf(context.port, context.queueUrl);
  const ledger = createLedger(context);
  const backoff = exponentialBackoff({ random: context.port.random });

  /** From now on the message counts as done; the returned function sends the deletion. */
  const deletion = (messageId: string, said: Said): ((receipt: Receipt) => void) => {
    const done = remembered.deleting(messageId);
    return ({ receiptHandle, expiresAt }) => {
      deletes.push({
        receiptHandle,
        visibilityTimeoutSeconds: 0,
        expiresAt,
        onConfirmed: () => {
          done();
          remembered.forget(messageId);
          said.confirm();
        },
        onFailed: (error) => {
          done();
          remembered.add(messageId);
          said.fail(error);
        },
      });
    };
  };

  const deleteMessage = (lease: Lease, said: Said): void => {
    const send = deletion(lease.raw.messageId, said);
    leases.end(lease, () => {
      send(lease);
    });
  };

  const changeVisibility = (lease: Lease, delayMs: number, said: SaidEnds): void => {
    const elapsedSeconds = (asyncScheduler.now() - lease.receivedAt) / 1_000;
    const longest = Math.floor(LONGEST_LEASE_SECONDS - elapsedSeconds);
    const seconds = Math.max(0, Math.min(longest, Math.ceil(delayMs / 1_000)));
    visibilities.push({
      receiptHandle: lease.receiptHandle,
      visibilityTimeoutSeconds: seconds,
      expiresAt: lease.expiresAt,
      onConfirmed: () => {
        said.confirm(seconds * 1_000);
      },
      onFailed: (error) => {
        said.fail(error);
      },
    });
  };

  const giveBack = (lease: Lease, delayMs: number, said: SaidEnds): void => {
    leases.end(lease, () => {
      changeVisibility(lease, delayMs, said);
    });
  };

  const carryOut = (lease: Lease, settlement: Settlement, said: Said): void => {
    switch (settlement._tag) {
      case 'ack':
        deleteMessage(lease, said);
        return;
      case 'retryAfter':
        giveBack(lease, settlement.delayMs, said);
        return;
      case 'reject':
        rejectMessage(context, lease, settlement.error, said, {
          deleteIt: () => {
            deleteMessage(lease, said);
          },
          comeBack: (heard) => {
            giveBack(lease, backoff(lease.raw.receiveCount), heard);
          },
          giveUp: (then) => {
            if (lease.state === 'held') leases.end(lease, then);
            else then();
          },
        });
        return;
      case 'ignore':
        leases.end(lease, () => {
          said.confirm();
        });
    }
  };

  return {
    get pending() {
      return ledger.pending;
    },
    concluded$: ledger.concluded$,
    settle: (lease, settlement) => {
      checkSettlement(settlement);
      if (lease.confirmed$ !== undefined) return lease.confirmed$;
      if (lease.state !== 'held') return throwError(() => leaseLost(context, lease));
      const said = ledger.open(lease.raw, settlement._tag);
      lease.settlement = settlement._tag;
      const confirmed$ = said.confirmed();
      lease.confirmed$ = confirmed$;
      carryOut(lease, settlement, said);
      return confirmed$;
    },
    release: (lease) => {
      const said = ledger.open(lease.raw, 'release');
      return () => {
        changeVisibility(lease, 0, said);
      };
    },
    deleteIfDone: (raw) => {
      const { messageId, receiptHandle } = raw;
      if (!remembered.has(messageId)) return false;
      deletion(messageId, ledger.open(raw, 'ack'))({ receiptHandle, expiresAt: asyncScheduler.now() });
      return true;
    },
    flush: () => {
      deletes.flush();
      visibilities.flush();
    },
    complete: () => {
      deletes.complete();
      visibilities.complete();
    },
  };
}
