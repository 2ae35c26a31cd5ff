import { asyncScheduler } from 'rxjs';
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
  const now = asyncScheduler.now();
  const inFlight = messages.filter((message) => stateOf(message, now) === 'inFlight');
  const locked = new Set(inFlight.map(({ groupId }) => groupId));
  return messages.filter((message) => {
    if (stateOf(message, now) === 'delayed') locked.add(message.groupId);
    return !locked.has(message.groupId);
  });
}

/** What a standard queue can hand out. */
export function visible(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const now = asyncScheduler.now();
  return messages.filter((message) => stateOf(message, now) === 'visible');
}

/** So many of the candidates of a standard queue: the first that came, or any of them. */
export function picked(
  candidates: readonly StoredMessage[],
  count: number,
  { unordered, chance }: Liberties,
): readonly StoredMessage[] {
  if (!unordered) return candidates.slice(0, count);
  const left = [...candidates];
  return Array.from({ length: count }, () => {
    const index = Math.floor(chance() * left.length);
    const last = left.pop();
    const chosen = left[index] ?? last;
    // The last takes the place of the one that is taken out.
    if (index < left.length && last !== undefined) left[index] = last;
    return chosen;
  }).filter((message) => message !== undefined);
}

/** How many of so many a receive brings. A short poll asks some of the servers only, and may find nothing. [D: short polling] */
export function portion(count: number, isLongPoll: boolean, { partialReceives, chance }: Liberties): number {
  if (!partialReceives || count === 0 || chance() >= PARTIAL_SHARE) return count;
  const least = isLongPoll ? 1 : 0;
  return least + Math.floor(chance() * (count - least));
}
