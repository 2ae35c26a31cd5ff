import type { TestScheduler } from 'rxjs/testing';

/** More actions than that at one frame go round without end. */
const MAX_ACTIONS = 1_000_000;

/**
 * Lets nothing more be scheduled at a frame at which virtual time stands still: else a test would hang, and say nothing.
 *
 * @returns `check`, which throws when that was so.
 */
export function guardAgainstStandstill(scheduler: TestScheduler): { check(): void } {
  const schedule = scheduler.schedule.bind(scheduler);
  let frame = -1;
  let actions = 0;
  let stoodStillAt: number | undefined;
  scheduler.schedule = (work, delay, state) => {
    actions = scheduler.frame === frame ? actions + 1 : 1;
    frame = scheduler.frame;
    if (actions > MAX_ACTIONS) stoodStillAt ??= frame;
    // Far beyond the end of any test: it is not run.
    return schedule(work, stoodStillAt === undefined ? delay : Number.MAX_SAFE_INTEGER, state);
  };
  return {
    check: () => {
      if (stoodStillAt === undefined) return;
      throw new Error(
        `virtual time stands still at ${stoodStillAt} ms: something is tried again and again without a delay`,
      );
    },
  };
}
