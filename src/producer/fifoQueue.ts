/** A queue with constant cost at both ends: a shift of an array of thousands moves them all. */
export interface FifoQueue<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  shift(): T | undefined;
}

/** How many taken places may lie in front before the array is cut. */
const SLACK = 1_024;

export function createFifoQueue<T>(): FifoQueue<T> {
  // A taken place holds nothing, so that what was taken can be let go of.
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    get size() {
      return items.length - head;
    },
    push: (item) => {
      items.push(item);
    },
    peek: () => items[head],
    shift: () => {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head] = undefined;
      head += 1;
      if (head > SLACK && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
