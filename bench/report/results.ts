import type { Counts } from '../server/counts.js';

// What a run leaves behind in docs/benchmarks.json: everything that the pages are made of.

export interface Results {
  readonly takenAt: string;
  readonly minutes: number;
  readonly machine: Machine;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly prices: Prices;
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

/** As in bench/prices.json. */
export interface Prices {
  readonly currency: string;
  readonly region: string;
  readonly sqsPerMillionRequests: number;
  readonly snsPerMillionRequests: number;
  readonly rules: readonly string[];
  readonly sources: readonly string[];
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
  /** Messages handed out and neither deleted nor released when all was at rest again. */
  readonly left: number;
}

export interface HeapResult {
  readonly messages: number;
  /** `heapUsed` in bytes after a full collection, by messages handled so far. */
  readonly samples: readonly HeapSample[];
}

export interface HeapSample {
  readonly messages: number;
  readonly heapUsed: number;
}

export interface StartUpResult {
  readonly imports: readonly ImportResult[];
  readonly sizes: readonly SizeResult[];
  /** Modules of the main door by package. */
  readonly modules: readonly { readonly name: string; readonly files: number }[];
  /** Those of them that are below ./testing. */
  readonly testingFiles: number;
  /** Packages among them that neither are peers of the library nor are needed by those. */
  readonly strangers: readonly string[];
}

export interface ImportTook {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export interface ImportResult {
  readonly name: string;
  readonly rounds: readonly ImportTook[];
}

export interface SizeResult {
  readonly name: string;
  readonly ownBytes: number;
  /** What it brings beside itself and the SDK's two clients. */
  readonly broughtBytes: number;
  readonly brought: readonly string[];
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly cpuPerMessageUs: number;
  readonly shares: readonly Share[];
}

/** Of the time that a process was busy. */
export interface Share {
  readonly of: string;
  readonly share: number;
}
