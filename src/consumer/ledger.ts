import { asyncScheduler, type Observable, Subject } from 'rxjs';
import { errorInfo, type SettlementKind } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { type QueueContext, tell } from './queueContext.js';

/** Every settlement that was said, until SQS has confirmed it or it has failed. */
export interface Ledger {
  /** How many have come to neither end yet. */
  readonly pending: number;
  /** Emits when one more has come to its end. */
  readonly concluded$: Observable<void>;
  /** Counts a settlement, from now on. */
  open(message: RawMessage, settlement: SettlementKind): Said;
}

/** One settlement, and the two ends it can come to: one of them, once. Each is an event. */
export interface Said {
  /** Completes when SQS has confirmed it, errors when it has failed. */
  readonly confirmed$: Observable<void>;
  confirm(delayMs?: number): void;
  fail(error: unknown): void;
}

export function createLedger(context: QueueContext): Ledger {
  const concluded = new Subject<void>();
  let pending = 0;
  return {
    get pending() {
      return pending;
    },
    concluded$: concluded.asObservable(),
    open: ({ messageId: id, receiveCount }, settlement) => {
      const confirmation = new Subject<void>();
      const saidAt = asyncScheduler.now();
      const conclude = (end: () => void): void => {
        pending -= 1;
        end();
        concluded.next();
      };
      pending += 1;
      return {
        confirmed$: confirmation.asObservable(),
        confirm: (delayMs) => {
          const delay = delayMs === undefined ? {} : { delayMs };
          const durationMs = asyncScheduler.now() - saidAt;
          tell(context, () => ({ type: 'settled', id, receiveCount, settlement, durationMs, ...delay }));
          conclude(() => {
            confirmation.complete();
          });
        },
        fail: (error) => {
          const durationMs = asyncScheduler.now() - saidAt;
          tell(context, () => ({
            type: 'settleFailed',
            id,
            receiveCount,
            settlement,
            durationMs,
            error: errorInfo(error),
          }));
          conclude(() => {
            confirmation.error(error);
          });
        },
      };
    },
  };
}
