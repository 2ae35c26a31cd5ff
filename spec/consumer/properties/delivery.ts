import type { Settlement, SettlementKind } from '../../../src/index.js';

/** One receipt of a message by a consumer, from the event of it on, and what was said and told of it. */
export interface Delivery {
  readonly id: string;
  readonly receivedAt: number;
  /** Held: nothing was said of it, and it was not lost. */
  isHeld: boolean;
  isHandedOut: boolean;
  isInvalid: boolean;
  /** The lease was lost, as an event told. */
  isLost: boolean;
  /** It was held when its consumer was unsubscribed. */
  isAbandoned: boolean;
  /** Whether its copy is in the dead-letter queue, as an event told. Maybe: two subscriptions of a client reject the message. */
  isCopied: 'no' | 'maybe' | 'yes';
  /** The first thing said of it. */
  said: { readonly kind: SettlementKind; readonly delaySeconds: number } | undefined;
  /** How the Observable of what was said first ended. */
  readonly answers: ('settled' | 'settleFailed')[];
}

export const newDelivery = (id: string, receivedAt: number): Delivery => ({
  id,
  receivedAt,
  isHeld: true,
  isHandedOut: false,
  isInvalid: false,
  isLost: false,
  isAbandoned: false,
  isCopied: 'no',
  said: undefined,
  answers: [],
});

/** A settlement as a delivery keeps it; SQS counts in whole seconds. */
export const wordOf = (settlement: Settlement): NonNullable<Delivery['said']> => ({
  kind: settlement._tag,
  delaySeconds: settlement._tag === 'retryAfter' ? Math.ceil(settlement.delayMs / 1_000) : 0,
});

/** Nothing is left to do for it but its deletion. */
export const isDone = ({ said, isCopied }: Delivery): boolean => said?.kind === 'ack' || isCopied !== 'no';

/** Its lease goes on: nothing was said of it, or its copy is on its way to the dead-letter queue. */
export const isLeased = ({ isHeld, isLost, isAbandoned, isCopied, said, answers }: Delivery): boolean =>
  isHeld || (said?.kind === 'reject' && isCopied === 'no' && !isLost && !isAbandoned && answers.length === 0);

/** Why a change of visibility must not be sent for this delivery; undefined where it may. */
export function visibilityFault(delivery: Delivery, seconds: number): string | undefined {
  const { said, answers, isLost, isAbandoned, isCopied } = delivery;
  if (answers.length > 0) return 'after the answer to its settlement';
  if (isCopied === 'yes') return 'after its copy was in the dead-letter queue';
  // It is held until its copy is there, and comes back where that can't be.
  if (said?.kind === 'reject') return isLost ? 'after it was lost' : undefined;
  if (said !== undefined) {
    const isItself = said.kind === 'retryAfter' && seconds === said.delaySeconds;
    return isItself ? undefined : `of ${String(seconds)} s after ${said.kind} was said`;
  }
  if (isLost) return 'after it was lost';
  return isAbandoned && seconds !== 0 ? `of ${String(seconds)} s after it was abandoned` : undefined;
}
