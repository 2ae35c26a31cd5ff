import type { OverflowBound } from '../errors.js';
import type { PublishSettings } from './publishOptions.js';

/** How much may wait, and how much does. */
export interface Room {
  /** The bound that was reached; undefined while there is room. */
  full(): OverflowBound | undefined;
  take(bytes: number): void;
  give(bytes: number): void;
}

/** Room for so many values, and for so many bytes of them: the one that reaches the bytes may pass them. */
export function createRoom({ maxPending, maxPendingBytes }: PublishSettings): Room {
  let count = 0;
  let bytes = 0;
  return {
    full: () => {
      if (count >= maxPending) return { option: 'maxPending', limit: maxPending };
      return bytes >= maxPendingBytes ? { option: 'maxPendingBytes', limit: maxPendingBytes } : undefined;
    },
    take: (more) => {
      count += 1;
      bytes += more;
    },
    give: (less) => {
      count -= 1;
      bytes -= less;
    },
  };
}
