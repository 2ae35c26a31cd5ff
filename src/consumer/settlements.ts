import { asyncScheduler, merge, type Observable, Subject, takeUntil, throwError } from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import { errorInfo, type SettlementKind } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { checkSettlement, type Settlement } from '../message/settlement.js';
import { exponentialBackoff } from '../operators/backoff.js';
import { copyToDeadLetters } from './deadLetter.js';
import { type Lease, LONGEST_LEASE_SECONDS, lostSignal } from './lease.js';
import type { Leases } from './leases.js';
import { type QueueContext, tell } from './queueContext.js';
import { rememberedOf } from './remembered.js';
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

/** Carries settlements out, in batches, each confirmed for that very entry. */
export function createSettlements(context: QueueContext, leases: Leases): Settlements {
  const deletes = createSettlementBatcher(context, 'deleteBatch');
  const visibilities = createSettlementBatcher(context, 'changeVisibilityBatch');
  const remembered = rememberedOf(context.port, context.queueUrl);
  const backoff = exponentialBackoff({ random: context.port.random });
  const concluded = new Subject<void>();
  let pending = 0;

  /** The observers of one settlement, and the two ends it can come to. */
  const open = (raw: RawMessage, settlement: SettlementKind) => {
    const confirmation = new Subject<void>();
    const conclude = (end: () => void): void => {
      pending -= 1;
      end();
      concluded.next();
    };
    pending += 1;
    return {
      confirmed$: confirmation.asObservable(),
      confirm: (delayMs?: number) => {
        tell(context, () => ({
          type: 'settled',
          id: raw.messageId,
          settlement,
          ...(delayMs === undefined ? {} : { delayMs }),
        }));
        conclude(() => {
          confirmation.complete();
        });
      },
      fail: (error: unknown) => {
        tell(context, () => ({ type: 'settleFailed', id: raw.messageId, settlement, error: errorInfo(error) }));
        conclude(() => {
          confirmation.error(error);
        });
      },
    };
  };
  type Opened = ReturnType<typeof open>;

  /** From now on the message counts as done; the returned function sends the deletion. */
  const deletion = (messageId: string, ends: Opened): ((receipt: Receipt) => void) => {
    const done = remembered.deleting(messageId);
    return ({ receiptHandle, expiresAt }) => {
      deletes.push({
        receiptHandle,
        visibilityTimeoutSeconds: 0,
        expiresAt,
        onConfirmed: () => {
          done();
          remembered.forget(messageId);
          ends.confirm();
        },
        onFailed: (error) => {
          done();
          remembered.add(messageId);
          ends.fail(error);
        },
      });
    };
  };

  const deleteMessage = (lease: Lease, opened: Opened): void => {
    const send = deletion(lease.raw.messageId, opened);
    leases.end(lease, () => {
      send(lease);
    });
  };

  const changeVisibility = (lease: Lease, delayMs: number, opened: Pick<Opened, 'confirm' | 'fail'>): void => {
    const elapsedSeconds = (asyncScheduler.now() - lease.receivedAt) / 1_000;
    const longest = Math.floor(LONGEST_LEASE_SECONDS - elapsedSeconds);
    const seconds = Math.max(0, Math.min(longest, Math.ceil(delayMs / 1_000)));
    visibilities.push({
      receiptHandle: lease.receiptHandle,
      visibilityTimeoutSeconds: seconds,
      expiresAt: lease.expiresAt,
      onConfirmed: () => {
        opened.confirm(seconds * 1_000);
      },
      onFailed: opened.fail,
    });
  };

  /** The copy comes first, the lease held until it is confirmed; only then is the message deleted. */
  const rejectMessage = (lease: Lease, error: unknown, opened: Opened): void => {
    const comeBack = (ends: Pick<Opened, 'confirm' | 'fail'>): void => {
      leases.end(lease, () => {
        changeVisibility(lease, backoff(lease.raw.receiveCount), ends);
      });
    };
    let copied = false;
    copyToDeadLetters(context, lease.raw, error)
      .pipe(takeUntil(merge(lostSignal(lease), context.port.closed$)))
      .subscribe({
        next: (deadLetterQueue) => {
          copied = true;
          if (deadLetterQueue === undefined) {
            comeBack(opened);
            return;
          }
          const id = lease.raw.messageId;
          tell(context, () => ({ type: 'rejected', id, deadLetterQueue, error: errorInfo(error) }));
          deleteMessage(lease, opened);
        },
        error: (fault: unknown) => {
          comeBack({
            confirm: () => {
              opened.fail(fault);
            },
            fail: () => {
              opened.fail(fault);
            },
          });
        },
        complete: () => {
          if (!copied) opened.fail(leaseLost(context, lease));
        },
      });
  };

  const carryOut = (lease: Lease, settlement: Settlement, opened: Opened): void => {
    switch (settlement._tag) {
      case 'ack':
        deleteMessage(lease, opened);
        return;
      case 'retryAfter':
        leases.end(lease, () => {
          changeVisibility(lease, settlement.delayMs, opened);
        });
        return;
      case 'reject':
        rejectMessage(lease, settlement.error, opened);
        return;
      case 'ignore':
        leases.end(lease, () => {
          opened.confirm();
        });
    }
  };

  return {
    get pending() {
      return pending;
    },
    concluded$: concluded.asObservable(),
    settle: (lease, settlement) => {
      checkSettlement(settlement);
      if (lease.confirmed$ !== undefined) return lease.confirmed$;
      if (lease.state !== 'held') return throwError(() => leaseLost(context, lease));
      const opened = open(lease.raw, settlement._tag);
      lease.settlement = settlement._tag;
      lease.confirmed$ = opened.confirmed$;
      carryOut(lease, settlement, opened);
      return opened.confirmed$;
    },
    release: (lease) => {
      const opened = open(lease.raw, 'release');
      return () => {
        changeVisibility(lease, 0, opened);
      };
    },
    deleteIfDone: (raw) => {
      if (!remembered.has(raw.messageId)) return false;
      deletion(raw.messageId, open(raw, 'ack'))({ receiptHandle: raw.receiptHandle, expiresAt: asyncScheduler.now() });
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

function leaseLost({ topic, queueUrl }: QueueContext, { raw }: Lease): AWSConnectionError {
  return new AWSConnectionError({
    operation: 'settle',
    code: 'LeaseLost',
    retryable: false,
    detail: 'the lease had ended, SQS hands the message out again',
    topic,
    queue: queueUrl,
    messageId: raw.messageId,
  });
}
