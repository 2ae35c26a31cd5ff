import { median } from '../median.js';
import type { CaseResult, GroupResult, Results, Window } from './results.js';

/** What came out of several rounds. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export type Metric = (window: Window) => number;

/** Microseconds of CPU a message. */
export const cpu: Metric = ({ cpuUserUs, cpuSystemUs, messages }) => (cpuUserUs + cpuSystemUs) / messages;
/** Messages a second. */
export const rate: Metric = ({ messages, elapsedMs }) => (messages / elapsedMs) * 1_000;
/** Handlers under way. */
export const busy: Metric = ({ meanBusy }) => meanBusy;
/** Milliseconds of one piece of work. */
export const took: Metric = ({ tookMs }) => tookMs ?? NaN;

export function figureOf(values: readonly number[]): Figure {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** What a case came to. */
export function measured({ windows }: CaseResult, metric: Metric): Figure {
  return figureOf(windows.map(metric));
}

/** How two cases stood to each other in each round: a busy moment meets both. */
export function ratio(one: CaseResult, other: CaseResult, metric: Metric): Figure {
  return figureOf(one.windows.map((window, round) => metric(window) / metricAt(other, round, metric)));
}

function metricAt({ windows }: CaseResult, round: number, metric: Metric): number {
  const window = windows[round];
  return window === undefined ? NaN : metric(window);
}

/** Requests a message, by operation: of those received, deleted or published meanwhile. */
export function callsPerMessage({ windows }: CaseResult): ReadonlyMap<string, number> {
  const sum = (of: (window: Window) => number): number => windows.reduce((total, window) => total + of(window), 0);
  const operations = new Set(windows.flatMap(({ counts }) => Object.keys(counts.calls)));
  return new Map(
    [...operations].sort().map((operation) => {
      const calls = sum(({ counts }) => counts.calls[operation] ?? 0);
      const messages = sum(({ counts }) =>
        operation.startsWith('Delete')
          ? counts.deleted
          : operation === 'ReceiveMessage'
            ? counts.handedOut
            : Math.max(counts.accepted, counts.handedOut),
      );
      return [operation, calls / messages];
    }),
  );
}

/** All of them. */
export function allCallsPerMessage(result: CaseResult): number {
  return [...callsPerMessage(result).values()].reduce((sum, each) => sum + each, 0);
}

/** The server was the slowest of all: the figure is its, not the client's. */
export function isBoundByServer({ windows }: CaseResult): boolean {
  return median(windows.map(({ serverShare }) => serverShare)) > 0.85;
}

export function groupOf({ groups }: Results, id: string): GroupResult {
  const group = groups.find((each) => each.id === id);
  if (group === undefined) throw new Error(`no group ${id}`);
  return group;
}

export function caseOf(results: Results, group: string, id: string): CaseResult {
  const result = groupOf(results, group).cases.find((each) => each.id === id);
  if (result === undefined) throw new Error(`no case ${id} in ${group}`);
  return result;
}
