/** How long things took, in whole milliseconds: counted, not listed, so that a long run needs no more memory. */
export interface Latencies {
  add(ms: number): void;
  /** The time that `share` of all took at most, such as 0.99 of them; undefined when there were none. */
  quantile(share: number): number | undefined;
}

export function createLatencies(): Latencies {
  const counts = new Map<number, number>();
  let total = 0;
  return {
    add: (ms) => {
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
      total += 1;
    },
    quantile: (share) => {
      let left = Math.ceil(total * share);
      for (const [ms, count] of [...counts].sort(([a], [b]) => a - b)) {
        left -= count;
        if (left <= 0) return ms;
      }
      return undefined;
    },
  };
}
