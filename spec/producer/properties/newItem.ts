import { asyncScheduler } from 'rxjs';
import { expectationOf, LIMIT, type State } from './expectation.js';
import type { Item } from './item.js';
import { TYPES } from './lines.js';
import { bodyOf, countBytes, parcelOf, wireAttributes } from './parcel.js';
import type { Burst, Production } from './scenario.js';

/** Where a value stands among those of its producer. */
export interface Place {
  readonly id: string;
  readonly serial: number;
  /** The deduplication id of the value before it. */
  readonly keyBefore: string | undefined;
  /** The last accepted value of each group. */
  readonly tails: ReadonlyMap<string, Item>;
}

/** A value of a burst, with what has to become of it. The value itself is for the desk to make. */
export function newItem(production: Production, burst: Burst, place: Place, state: State): Item {
  const { maxMessageBytes = LIMIT, hasTypes, kind } = production;
  const { flaw, areTwins } = burst;
  const { id, serial, keyBefore = '', tails } = place;
  const group = burst.group === 'each' ? `g${String(serial)}` : burst.group;
  const key = areTwins && keyBefore !== '' ? keyBefore : id;
  const name = {
    id,
    group: flaw === 'groupId' ? 'no group' : group,
    key: kind === 'byId' && flaw === 'deduplicationId' ? '' : key,
  };
  const type = hasTypes ? (TYPES[serial % 2] ?? '') : '';
  const parcel = parcelOf(burst, name, maxMessageBytes, type);
  const typed = type === '' ? {} : { type: { dataType: 'String', stringValue: type } };
  const body = bodyOf(parcel);
  const bytes = countBytes({ body, attributes: { ...wireAttributes(burst), ...typed } });
  return {
    ...{ parcel, burst, type, body, bytes, value: undefined, handedInAt: asyncScheduler.now() },
    expected: expectationOf(production, burst, bytes, state),
    previous: kind === 'standard' ? undefined : tails.get(group),
    ...{ attempts: [], arrivals: [], result: undefined, isAborted: false, isWithdrawn: false },
  };
}
