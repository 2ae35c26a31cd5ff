/** Heap after a full collection, again and again while a million things come and go. */
export interface HeapSamples {
  readonly take: () => void;
  /** Prints them, and fails the benchmark where the bound is not kept. */
  report(name: string, told: string, allowedBytes?: number): void;
}

/** Things between two samples. */
export const STEP = 100_000;

/**
 * From thing 100,000, when code is compiled and pools are filled, to the last. One reference kept of each is 8 bytes, and
 * 7.2 MB by then; what comes and goes with compilation and collection is about 1 MB.
 */
const BOUND_BYTES = 5_000_000;

/** @param thing - what they are, as the slope names it. */
export function heapSamples(thing: string): HeapSamples {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run it by its npm script, or node --expose-gc');
  const heap: number[] = [];
  return {
    take: () => {
      gc();
      heap.push(process.memoryUsage().heapUsed);
    },
    report: (name, told, allowedBytes = 0) => {
      const [start = 0, first = 0, ...later] = heap;
      const grown = (later.at(-1) ?? NaN) - first;
      const bound = BOUND_BYTES + allowedBytes;
      console.log(`${name}: ${inMB(start)} MB at the start`);
      console.log(`  heap in MB after each 100,000: ${heap.slice(1).map(inMB).join(' ')}`);
      console.log(`  slope ${(grown / (later.length * STEP)).toFixed(2)} bytes a ${thing}; ${told}`);
      if (grown <= bound) return;
      console.error(`  FAILED: the heap grew by ${inMB(grown)} MB, more than ${inMB(bound)} MB: something is kept`);
      process.exitCode = 1;
    },
  };
}

function inMB(bytes: number): string {
  return (bytes / 1_000_000).toFixed(2);
}
