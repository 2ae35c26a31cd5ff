import { stateOf, type StoredMessage } from './storedMessage.js';

/** How free a queue is in what it hands out. */
export interface Liberties {
  /** A standard queue keeps no order. */
  readonly unordered: boolean;
  /** A receive brings fewer messages than there are, now and then. */
  readonly partialReceives: boolean;
  /** Chance that a message comes into a standard queue twice, 0 to 1. */
  readonly duplicates: number;
  readonly chance: () => number;
}

/** The share of receives that are partial. */
const PARTIAL_SHARE = 0.25;

/**
 * The visible messages of a FIFO queue that can be handed out, in order. A group with a message in flight is locked; of one
 * with a delayed message, what is behind that. [D: SQS FIFO delivery logic]
 */
export function unlocked(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const locked = new Set(messages.filter((message) => stateOf(message) === 'inFlight').map(({ groupId }) => groupId));
  return messages.filter((message) => {
    if (stateOf(message) === 'delayed') locked.add(message.groupId);
    return !locked.has(message.groupId);
  });
}

/** What a standard queue can hand out. */
export const visible = (messages: readonly StoredMessage[]): readonly StoredMessage[] =>
  messages.filter((message) => stateOf(message) === 'visible');

/** So many of the candidates of a standard queue: the first that came, or any of them. */
export function picked(
  candidates: readonly StoredMessage[],
  count: number,
  { unordered, chance }: Liberties,
): readonly StoredMessage[] {
  if (!unordered) return candidates.slice(0, count);
  const left = [...candidates];
  return Array.from({ length: count }, () => left.splice(Math.floor(chance() * left.length), 1)).flat();
}

/** How many of so many a receive brings. A short poll asks some of the servers only, and may find nothing. [D: short polling] */
export function portion(count: number, isLongPoll: boolean, { partialReceives, chance }: Liberties): number {
  if (!partialReceives || count === 0 || chance() >= PARTIAL_SHARE) return count;
  const least = isLongPoll ? 1 : 0;
  return least + Math.floor(chance() * (count - least));
}
