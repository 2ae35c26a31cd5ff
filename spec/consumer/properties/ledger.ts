import type { MessagingEvent, SettlementKind } from '../../../src/index.js';
import { type Delivery, isDone } from './delivery.js';
import type { Arrival } from './world.js';

export type Outcome = Extract<MessagingEvent, { type: 'settled' | 'settleFailed' }>;

const KINDS: readonly SettlementKind[] = ['ack', 'retryAfter', 'reject', 'ignore', 'release'];

/** Whether what an event tells to be settled has come to pass at SQS, by what reached it there. */
function isTrue(
  { type, settlement, delayMs = 0 }: Outcome & { delayMs?: number },
  arrivals: readonly Arrival[],
): boolean {
  if (type === 'settleFailed' || settlement === 'ignore') return true;
  const change = settlement === 'ack' || settlement === 'reject' ? 'delete' : 'visibility';
  return arrivals.some((arrival) => arrival.change === change && arrival.isDone && arrival.seconds * 1_000 === delayMs);
}

/** A message that nobody settled and that was not lost has to be released. */
const expected = (deliveries: readonly Delivery[], kind: SettlementKind): number =>
  deliveries.filter(({ said, isLost }) => (said === undefined ? kind === 'release' && !isLost : said.kind === kind))
    .length;

/**
 * The events of settlements, held against what was said: each word has its event, and no event is without a word. They are
 * counted by message, which can be there twice.
 */
export function createLedger(complain: (complaint: string) => void) {
  const outcomes = new Map<string, Outcome[]>();
  const told = (id: string, kind: SettlementKind): number =>
    outcomes.get(id)?.filter(({ settlement }) => settlement === kind).length ?? 0;

  return {
    enter: (outcome: Outcome, deliveries: readonly Delivery[], arrivals: readonly Arrival[]): void => {
      const { id, settlement, type } = outcome;
      outcomes.set(id, [...(outcomes.get(id) ?? []), outcome]);
      if (!isTrue(outcome, arrivals)) complain(`${settlement} of ${id} is not true`);
      // What is done, and was not deleted in time, is deleted when it comes again.
      const isAgain = settlement === 'ack' && deliveries.some(isDone);
      if (told(id, settlement) > expected(deliveries, settlement) && !isAgain) {
        complain(`${type} ${settlement} of ${id}, which nobody had said`);
      }
    },
    /** The event comes first, and at once the answer to whoever settled. */
    isLast: (id: string, answer: Outcome['type'], kind: SettlementKind | undefined): boolean => {
      const last = outcomes.get(id)?.at(-1);
      return last?.type === answer && last.settlement === kind;
    },
    check: (id: string, deliveries: readonly Delivery[]): void => {
      for (const kind of KINDS) {
        const missing = expected(deliveries, kind) - told(id, kind);
        if (missing > 0) complain(`nothing came of ${String(missing)} × ${kind} of ${id}`);
      }
      for (const { said, isInvalid, answers } of deliveries) {
        if (said !== undefined && !isInvalid && answers.length !== 1) {
          complain(`${said.kind} of ${id} was answered ${String(answers.length)} times`);
        }
      }
    },
  };
}
