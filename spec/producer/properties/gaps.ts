import { asyncScheduler } from 'rxjs';
import type { Desk } from './desk.js';
import { type Item, lastAttempt, triesOf, wasTakenApart } from './item.js';
import type { World } from './world.js';

/** Bounds of the standard backoff, in milliseconds. */
const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * Whether each request is made when it is due: the first of a value at once, the next ones after their backoff; later only where
 * requests were used up, or a rate said so.
 */
export function createGaps(world: World) {
  const { scenario, drawn } = world;
  /** When each producer last had all its requests under way. */
  const busyUntil = new Map<Desk, number>();
  let wasThrottled = scenario.rateLimit !== undefined;

  const isHeldUp = (desk: Desk, since: number): boolean => wasThrottled || (busyUntil.get(desk) ?? -1) >= since;

  /** The delays that were possible after a request that ended at that time. */
  const delaysAfter = ({ production: { backoff, door } }: Desk, item: Item, endedAt: number): readonly number[] => {
    const isOwn = door !== 'publishEvent' && typeof backoff === 'number';
    if (isOwn) return [backoff];
    const boundMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (triesOf(item) - 1));
    return drawn.filter(({ at }) => at === endedAt).map(({ number }) => Math.floor(number * boundMs));
  };

  return {
    throttled: (): void => void (wasThrottled = true),
    occupied: (desk: Desk, isFull: boolean): void => {
      if (isFull) busyUntil.set(desk, Infinity);
      else if (busyUntil.get(desk) === Infinity) busyUntil.set(desk, asyncScheduler.now());
    },
    /** What is wrong with the time at which a value is sent. */
    faultOf: (desk: Desk, item: Item): string | undefined => {
      const now = asyncScheduler.now();
      const last = lastAttempt(item);
      if (last === undefined) {
        const dueAt = Math.max(item.handedInAt, freeAt(item.previous));
        return now > dueAt && !isHeldUp(desk, dueAt) ? `waited since ${String(dueAt)} ms for nothing` : undefined;
      }
      const { endedAt = now } = last;
      const delays = wasTakenApart(last) ? [0] : delaysAfter(desk, item, endedAt);
      const soonest = endedAt + Math.min(...delays);
      const latest = endedAt + Math.max(...delays);
      if (!(now >= soonest)) return `was sent again after ${String(now - endedAt)} ms`;
      return now > latest && !isHeldUp(desk, latest) ? `was due again at ${String(latest)} ms` : undefined;
    },
  };
}

/** When the next of a group may go; never, where that can't be told. */
function freeAt(item: Item | undefined): number {
  if (item === undefined) return 0;
  const last = lastAttempt(item);
  if (item.result === undefined && last?.fate !== 'accepted') return Infinity;
  return Math.max(item.result?.at ?? 0, last?.endedAt ?? 0);
}
