import { median } from './median.js';

/** Time that a load has to fill what it fills, and that does not count. */
const RAMP_MS = 120;

export interface Reading {
  readonly perSecond: number;
  /** Microseconds of CPU a value. */
  readonly cpu: number;
  /** The median of milliseconds from hand-in to answer. */
  readonly latencyMs: number;
  /** Values a request, where requests were counted. */
  readonly perRequest: number;
}

/** Counts between two answers, some time apart: so that a few long requests are counted whole. */
export interface Meter {
  /** A value that was handed in at this time of `performance.now()` has its answer. */
  answered(handedInAt: number): void;
  /** A request has its answer. */
  requested(): void;
  isOver(): boolean;
  reading(): Reading;
}

export function startMeter(windowMs: number): Meter {
  const from = performance.now() + RAMP_MS;
  const latencies: number[] = [];
  let requests = 0;
  let begun: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  let reading: Reading | undefined;

  const read = (elapsedMs: number, { user, system }: NodeJS.CpuUsage): Reading => {
    const values = latencies.length;
    return {
      perSecond: (values / elapsedMs) * 1_000,
      cpu: (user + system) / values,
      latencyMs: median(latencies),
      perRequest: values / requests,
    };
  };

  return {
    answered: (handedInAt) => {
      const now = performance.now();
      if (reading !== undefined || now < from) return;
      if (begun === undefined) {
        begun = { at: now, cpu: process.cpuUsage() };
        return;
      }
      latencies.push(now - handedInAt);
      if (now - begun.at >= windowMs) reading = read(now - begun.at, process.cpuUsage(begun.cpu));
    },
    requested: () => {
      if (begun !== undefined && reading === undefined) requests += 1;
    },
    isOver: () => reading !== undefined,
    reading: () => {
      if (reading === undefined) throw new Error('too few answers to count');
      return reading;
    },
  };
}
