import { config } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { guardAgainstStandstill } from '../../../src/testing/guardAgainstStandstill.js';
import { broken } from './producer.js';
import type { Scenario } from './scenario.js';
import { setGoing } from './stage.js';
import { createWorld } from './world.js';

/** By then everything has to have its result: a value has eleven requests at most, minutes apart. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** Plays a scenario on virtual time, until nothing goes on any more. @returns what was wrong. */
export async function play(scenario: Scenario): Promise<readonly string[]> {
  const scheduler = new TestScheduler(() => undefined);
  const standstill = guardAgainstStandstill(scheduler);
  const unhandled: unknown[] = [];
  config.onUnhandledError = (error: unknown) => unhandled.push(error);
  try {
    const { world, stage } = scheduler.run(() => {
      const world = createWorld(scenario);
      const stage = setGoing(world);
      const { complaints, complain } = world;

      /** Runs from one moment to the next, as long as something is to come. */
      const runWhile = (isGoingOn: () => boolean): void => {
        let next = scheduler.actions[0];
        while (next !== undefined && complaints.length === 0 && isGoingOn()) {
          scheduler.maxFrames = next.delay;
          scheduler.flush();
          // Beside the script's own timers.
          const left = scheduler.actions.length - stage.steps();
          if (stage.isClosed() && left > 0) complain(`${String(left)} timers are left after the client was closed`);
          next = scheduler.actions[0];
          if (scheduler.frame > LONGEST_MS) complain('it does not come to an end');
        }
      };

      runWhile(() => !stage.isQuiet());
      stage.end();
      runWhile(() => true);
      for (const left of stage.left()) complain(`${left} is not over, and nothing is to come`);
      stage.close();
      runWhile(() => true);
      if (!stage.isClosed()) complain('the client is not closed, and nothing is to come');
      // Nothing is left to run, unless something was wrong: then it may go on without end.
      scheduler.maxFrames = scheduler.frame;
      standstill.check();
      return { world, stage };
    });
    // Where something was wrong time does not go on, and what would resolve does not.
    if (world.complaints.length > 0) return world.complaints;
    // Virtual time is over: whatever was promised is known in a moment, or never.
    await Promise.race([Promise.all(world.promises), new Promise(setImmediate)]);
    stage.check();
    const reported = unhandled.filter((error) => error !== broken).length;
    if (reported !== stage.unobserved()) {
      world.complain(`${String(reported)} errors were reported, ${String(stage.unobserved())} failures not observed`);
    }
    return world.complaints;
  } finally {
    config.onUnhandledError = null;
  }
}
