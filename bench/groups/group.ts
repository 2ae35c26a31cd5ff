import type { WorkerPlan } from '../work/startWorker.js';

/** Cases that are compared, and take turns for that. */
export interface Group {
  readonly id: string;
  readonly rounds: number;
  /** Before the first round, until everything is compiled and connected: so many messages, if that takes no longer. */
  readonly warmUpMessages: number;
  readonly warmUpMs: number;
  /** Before each window. */
  readonly rampMs: number;
  readonly windowMs: number;
  readonly cases: readonly Case[];
}

export interface Case {
  /** Unique in its group. */
  readonly id: string;
  /** As tables and plots name it. */
  readonly name: string;
  readonly latencyMs: number;
  /** Messages may be left behind at the stop; why, says whoever sets it. */
  readonly mayLeave?: boolean;
  readonly plan: WorkerPlan;
  /** Longer than the group's, where a case needs it. */
  readonly rampMs?: number;
  readonly windowMs?: number;
}
