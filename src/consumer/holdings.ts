import { createRoster } from '../operators/roster.js';
import type { Lease } from './lease.js';

/** Leases by the id of their message, in the order of receipt. */
export interface Holdings {
  readonly size: number;
  /** The one that is held longest. */
  readonly oldest: Lease | undefined;
  get(messageId: string): Lease | undefined;
  add(lease: Lease): void;
  remove(lease: Lease): void;
  /** Those that are held now. */
  all(): readonly Lease[];
}

/**
 * A `Map` leaves a trail where its entries come and go all the time, as told of in `operators/roster.ts`. To be looked into by id
 * there has to be one, so it has only numbers in it, of places in a list that are taken again: no lease, and with it the whole
 * message, can be kept by a table that was outgrown.
 */
export function createHoldings(): Holdings {
  const placeOf = new Map<string, number>();
  const places: (Lease | undefined)[] = [];
  const freePlaces: number[] = [];
  const inOrder = createRoster<Lease>();
  return {
    get size() {
      return inOrder.size;
    },
    get oldest() {
      return inOrder.first;
    },
    get: (messageId) => {
      const place = placeOf.get(messageId);
      return place === undefined ? undefined : places[place];
    },
    add: (lease) => {
      const place = freePlaces.pop() ?? places.length;
      places[place] = lease;
      placeOf.set(lease.raw.messageId, place);
      inOrder.add(lease);
    },
    remove: (lease) => {
      const { messageId } = lease.raw;
      const place = placeOf.get(messageId);
      if (place === undefined || places[place] !== lease) return;
      places[place] = undefined;
      freePlaces.push(place);
      placeOf.delete(messageId);
      inOrder.remove(lease);
    },
    all: inOrder.all,
  };
}
