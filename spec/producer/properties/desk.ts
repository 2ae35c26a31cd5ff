import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler } from 'rxjs';
import type { PublishFailure, PublishResult } from '../../../src/index.js';
import { type Item, isUnderWay } from './item.js';
import { newItem } from './newItem.js';
import type { Burst, Production } from './scenario.js';
import { faultOfFailure, faultOfReceipt, faultsAtEnd, isRefusal } from './truth.js';
import type { World } from './world.js';

export type Desk = ReturnType<typeof createDesk>;

/** The books of one producer: what was handed in, how much waits, what was told of it. */
export function createDesk(world: World, production: Production, label: string, makeValue: (item: Item) => unknown) {
  const { kind } = production;
  const byValue = new Map<unknown, Item>();
  const items: Item[] = [];
  const tails = new Map<string, Item>();
  const arrived = new Map<string, number>();
  /** Told by events, which have no values. */
  const published = new Set<string>();
  let concluded = 0;
  let withdrawn = 0;
  let accepted = 0;
  let pendingBytes = 0;
  let heard = 0;
  let unobserved = 0;
  let isObserved = true;
  let isSilent = false;
  let hasEnded = false;

  const complain = (complaint: string): void => world.complain(`${label}: ${complaint}`);
  const pending = (): number => accepted - concluded - withdrawn;

  world.broker.events$.subscribe((event) => {
    if (event.type !== 'published' && event.type !== 'publishFailed') return;
    if (event.topic !== label || isRefusal(event)) return;
    concluded += 1;
    if (event.type === 'publishFailed') unobserved += Number(!isObserved && !isSilent);
    else if (kind === 'standard' && published.has(event.id)) complain(`${event.id} was told twice`);
    else published.add(event.id);
    if (pending() < 0) complain('more results than values');
  });

  const conclude = (item: Item, result: NonNullable<Item['result']>): void => {
    if (item.result !== undefined) complain(`${item.parcel.id} has two results`);
    if (item.isWithdrawn) complain(`${item.parcel.id} has a result after it was aborted`);
    item.result = result;
    if (item.expected === 'accepted') pendingBytes -= item.bytes;
  };

  const checkResult = (item: Item): void => {
    const { result } = item;
    if (result === undefined) return;
    if (isUnderWay(item)) complain(`${item.parcel.id} has a result while a request carries it`);
    const fault =
      'error' in result ? faultOfFailure(world, production, item, result) : faultOfReceipt(item, result.messageId);
    if (fault !== undefined) complain(`${item.parcel.id} ${fault}`);
  };

  return {
    production,
    label,
    items,
    complain,
    pending,
    /** Enters a value that is about to be handed in. */
    enter: (burst: Burst): Item => {
      const serial = items.length;
      const state = { count: pending(), bytes: pendingBytes, hasEnded, isClosing: world.broker.port.isClosing() };
      const place = { id: `${label}.${String(serial)}`, serial, keyBefore: items.at(-1)?.parcel.key, tails };
      const item = newItem(production, burst, place, state);
      item.value = makeValue(item);
      items.push(item);
      world.items.set(item.parcel.id, item);
      byValue.set(item.value, item);
      if (item.expected !== 'accepted') return item;
      accepted += 1;
      pendingBytes += item.bytes;
      if (kind !== 'standard') tails.set(item.parcel.group, item);
      return item;
    },
    /** It was handed in: what is refused has been told of, what is accepted has not. */
    checkAnswered: (item: Item, offer?: { readonly refusal: PublishFailure<unknown> | undefined }): void => {
      const { expected, parcel, result } = item;
      const isAccepted = expected === 'accepted';
      const isOffered = offer !== undefined;
      if (isOffered && (offer.refusal === undefined) !== isAccepted)
        complain(`${parcel.id} was offered: expected ${expected}`);
      if (isObserved && expected !== 'ended' && (result === undefined) !== isAccepted) {
        complain(`${parcel.id}: expected ${expected}, and it has ${result === undefined ? 'no' : 'a'} result at once`);
      }
      const isLost = !isObserved && !isSilent && !isOffered && result === undefined;
      if (isLost && !isAccepted && expected !== 'ended') unobserved += 1;
    },
    /** A result as the producer told it. @returns how many were heard so far. */
    hear: (result: PublishResult<unknown>): number => {
      const { value } = E.isRight(result) ? result.right : result.left;
      const item = byValue.get(value);
      heard += 1;
      if (item === undefined) complain('a result of a value that nobody handed in');
      if (item === undefined) return heard;
      const at = asyncScheduler.now();
      if (E.isRight(result)) {
        conclude(item, { at, messageId: result.right.messageId });
        const known = item.arrivals.find(({ messageId }) => messageId === result.right.messageId);
        if (known?.sequenceNumber !== result.right.sequenceNumber) complain(`${item.parcel.id} has another number`);
      } else {
        conclude(item, { at, error: result.left.error });
        const isUnknown = 'outcomeUnknown' in result.left.error && result.left.error.outcomeUnknown === true;
        if (isUnknown !== result.left.outcomeUnknown)
          complain(`${item.parcel.id}: the failure says otherwise than its error`);
      }
      const { previous } = item;
      if (previous?.result === undefined && previous?.isAborted === false && item.expected === 'accepted') {
        complain(`${item.parcel.id} has its result before ${previous.parcel.id} of its group`);
      }
      checkResult(item);
      return heard;
    },
    /** A promise told, when all was over. */
    hearLate: (item: Item, result: NonNullable<Item['result']>): void => {
      conclude(item, result);
      checkResult(item);
    },
    /** It is aborted: where no request has carried it, none will. */
    abort: (item: Item): void => {
      if (item.attempts.length > 0 || item.expected !== 'accepted' || world.isKilled()) return;
      Object.assign(item, { isAborted: true, isWithdrawn: true });
      withdrawn += 1;
      pendingBytes -= item.bytes;
    },
    /** It was taken in by SNS: in a group, in the order of coming. */
    arrive: (item: Item): void => {
      if (kind === 'standard') return;
      const { group, id } = item.parcel;
      const serial = items.indexOf(item);
      if (serial <= (arrived.get(group) ?? -1)) complain(`${id} was accepted after later ones of its group, or again`);
      arrived.set(group, serial);
    },
    ends: (): void => void (hasEnded = true),
    /** Nobody hears of results any more; nor of failures, where that was asked for. */
    loses: (isAsked: boolean): void => {
      isObserved = false;
      isSilent ||= isAsked;
    },
    isHeard: () => isObserved && production.door !== 'publishEvent',
    heard: () => heard,
    hasEnded: () => hasEnded,
    unobserved: () => unobserved,
    /** Everything has its result: those that were observed by their value, the others by number. */
    checkAll: (): void => {
      if (pending() !== 0) complain(`${String(pending())} values are without a result`);
      for (const item of items) {
        for (const fault of faultsAtEnd(production, item, isObserved)) complain(`${item.parcel.id} ${fault}`);
      }
    },
  };
}
