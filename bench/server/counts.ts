/** What the server was asked, and what it did. */
export interface Counts {
  /** Requests by operation. */
  readonly calls: Record<string, number>;
  /** Messages that a receive brought. */
  handedOut: number;
  /** Messages deleted, each counted once. */
  deleted: number;
  /** Messages made visible at once: they are not handed out again. */
  released: number;
  /** Messages that were published or sent. */
  accepted: number;
  /** Requests that the server had no answer to. */
  unknown: number;
}

export function noCounts(): Counts {
  return { calls: {}, handedOut: 0, deleted: 0, released: 0, accepted: 0, unknown: 0 };
}

/** What was counted between two readings. */
export function countsBetween(earlier: Counts, later: Counts): Counts {
  const calls = Object.entries(later.calls).map(([name, count]) => [name, count - (earlier.calls[name] ?? 0)] as const);
  return {
    calls: Object.fromEntries(calls.filter(([, count]) => count > 0)),
    handedOut: later.handedOut - earlier.handedOut,
    deleted: later.deleted - earlier.deleted,
    released: later.released - earlier.released,
    accepted: later.accepted - earlier.accepted,
    unknown: later.unknown - earlier.unknown,
  };
}
