import type { Counts } from '../server/counts.js';

// What a run leaves behind in docs/benchmarks.json: everything that the pages are made of.

export interface Results {
  readonly takenAt: string;
  readonly minutes: number;
  readonly machine: Machine;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly groups: readonly GroupResult[];
  readonly heap: HeapResult;
  readonly startUp: StartUpResult;
  readonly profiles: readonly Profile[];
}

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGB: number;
  readonly os: string;
  readonly node: string;
  /** Load average of a minute before the run, and after it. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** Cases that took turns. */
export interface GroupResult {
  readonly id: string;
  readonly cases: readonly CaseResult[];
}

export interface CaseResult {
  readonly id: string;
  readonly name: string;
  readonly latencyMs: number;
  readonly windows: readonly Window[];
}

/** One turn of a case. */
export interface Window {
  readonly messages: number;
  readonly elapsedMs: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  /** Handlers under way, on an average. */
  readonly meanBusy: number;
  /** The median of milliseconds that a single piece of work took, where that was timed. */
  readonly tookMs?: number;
  /** Of one CPU, what the server used. */
  readonly serverShare: number;
  readonly counts: Counts;
}

export interface HeapResult {
  readonly messages: number;
  /** `heapUsed` in bytes after a full collection, by messages handled so far. */
  readonly samples: readonly { readonly messages: number; readonly heapUsed: number }[];
}

export interface StartUpResult {
  readonly imports: readonly ImportResult[];
  readonly sizes: readonly SizeResult[];
  /** Modules of the main door by package. */
  readonly modules: readonly { readonly name: string; readonly files: number }[];
  /** Those of them that are below ./testing. */
  readonly testingFiles: number;
}

export interface ImportResult {
  readonly name: string;
  readonly rounds: readonly { readonly wallMs: number; readonly cpuMs: number }[];
}

export interface SizeResult {
  readonly name: string;
  readonly ownBytes: number;
  /** What it brings beside itself and the SDK's two clients. */
  readonly broughtBytes: number;
  readonly brought: readonly string[];
}

export interface Profile {
  readonly name: string;
  readonly cpuPerMessageUs: number;
  /** Shares of the time that the process was busy. */
  readonly shares: readonly { readonly of: string; readonly share: number }[];
}
