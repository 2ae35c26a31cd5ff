import { EMPTY, NEVER, type Observable } from 'rxjs';
import type { Message } from '../../src/message/message.js';
import type { Settlement } from '../../src/message/settlement.js';

/** What was said of messages, in order: `id: settlement`. */
export interface SettlementLog {
  readonly settled: string[];
  message(id: string, more?: Partial<Message<string>>): Message<string>;
}

/** Messages that record how they are settled; each settlement is confirmed by `confirmation$`. */
export function settlementLog(confirmation$: Observable<void> = EMPTY): SettlementLog {
  const settled: string[] = [];
  return {
    settled,
    message: (id, more = {}) => ({
      value: id,
      id,
      topic: 'users',
      attributes: {},
      receiveCount: 1,
      sentAt: new Date(0),
      receivedAt: new Date(0),
      lost$: NEVER,
      settle: (settlement) => {
        settled.push(`${id}: ${textOf(settlement)}`);
        return confirmation$;
      },
      ...more,
    }),
  };
}

function textOf(settlement: Settlement): string {
  return settlement._tag === 'retryAfter' ? `retryAfter ${String(settlement.delayMs)}` : settlement._tag;
}
