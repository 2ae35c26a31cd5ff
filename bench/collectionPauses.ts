import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** Adds up for how long the garbage collector stops the program. @returns `end`, which gives the microseconds. */
export function collectionPauses(): { end(): Promise<number> } {
  let ms = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) ms += duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    end: async () => {
      // Entries are handed out in a later turn.
      await setImmediate();
      await setImmediate();
      observer.disconnect();
      return ms * 1_000;
    },
  };
}
