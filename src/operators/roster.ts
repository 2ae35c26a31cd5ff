/** What can stand in a {@link Roster}. Only the roster writes to it. */
export interface Listed<T> {
  before: T | undefined;
  after: T | undefined;
}

/** Things in the order in which they came, of which any may go next. */
export interface Roster<T> {
  readonly size: number;
  /** The one that is there longest. */
  readonly first: T | undefined;
  add(one: T): void;
  /** Takes it out, if it is in it. */
  remove(one: T): void;
  /** Those that are in it now. */
  all(): readonly T[];
}

/**
 * A list whose members know their neighbours. A `Set` leaves a trail where members come and go all the time: a table that it has
 * outgrown still knows its members and its successor, so that one such table among the old objects of the garbage collector
 * keeps every later one, with all that was in it, until the next full collection.
 */
export function createRoster<T extends Listed<T>>(): Roster<T> {
  let first: T | undefined;
  let last: T | undefined;
  let size = 0;
  return {
    get size() {
      return size;
    },
    get first() {
      return first;
    },
    add: (one) => {
      one.before = last;
      if (last === undefined) first = one;
      else last.after = one;
      last = one;
      size += 1;
    },
    remove: (one) => {
      const { before, after } = one;
      if (before !== undefined) before.after = after;
      else if (first === one) first = after;
      else return;
      if (after === undefined) last = before;
      else after.before = before;
      one.before = undefined;
      one.after = undefined;
      size -= 1;
    },
    all: () => {
      const list: T[] = [];
      for (let one = first; one !== undefined; one = one.after) list.push(one);
      return list;
    },
  };
}
