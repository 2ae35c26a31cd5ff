import { type Observable, Subject } from 'rxjs';
import type { SettlementKind } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { QueueContext } from './queueContext.js';
import { Said } from './said.js';

/** Every settlement that was said, until SQS has confirmed it or it has failed. */
export interface Ledger {
  /** How many have come to neither end yet. */
  readonly pending: number;
  /** Emits when one more has come to its end. */
  readonly concluded$: Observable<void>;
  /** Counts a settlement, from now on. */
  open(message: RawMessage, settlement: SettlementKind): Said;
}

export function createLedger(context: QueueContext): Ledger {
  const concluded = new Subject<void>();
  let pending = 0;
  const onEnd = (tellListeners: () => void): void => {
    pending -= 1;
    tellListeners();
    concluded.next();
  };
  return {
    get pending() {
      return pending;
    },
    concluded$: concluded.asObservable(),
    open: (message, settlement) => {
      pending += 1;
      return new Said(context, message, settlement, onEnd);
    },
  };
}
