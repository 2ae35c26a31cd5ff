import { type Counts, noCounts } from './counts.js';

/** What a case wants of the server. */
export interface ServerSettings {
  /** Milliseconds between a request and its answer. */
  readonly latencyMs: number;
}

/** What the server knows. */
export interface ServerState {
  settings: ServerSettings;
  counts: Counts;
  /** Messages handed out and neither deleted nor released. */
  readonly held: Set<number>;
  /** Number of the last message handed out. */
  serial: number;
  /** Requests that have no answer yet. */
  open: number;
}

export function serverState(): ServerState {
  return { settings: { latencyMs: 0 }, counts: noCounts(), held: new Set(), serial: 0, open: 0 };
}

/** Begins anew; the numbers of messages go on. */
export function configure(state: ServerState, settings: ServerSettings): void {
  state.settings = settings;
  state.counts = noCounts();
  state.held.clear();
}
