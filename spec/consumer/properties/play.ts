import { TestScheduler } from 'rxjs/testing';
import { guardAgainstStandstill } from '../../../src/testing/guardAgainstStandstill.js';
import type { Scenario } from './scenario.js';
import { setGoing } from './stage.js';
import { createWorld } from './world.js';

/** By then all the work has to be done: backoff goes up to 15 minutes a message, and a group has one message after another. */
const LONGEST_MS = 48 * 3_600_000;
const STEP_MS = 5_000;

/** Plays a scenario on virtual time, from the first message until nothing goes on any more. @returns what was wrong. */
export async function play(scenario: Scenario): Promise<readonly string[]> {
  const scheduler = new TestScheduler(() => undefined);
  const standstill = guardAgainstStandstill(scheduler);
  const closings: Promise<unknown>[] = [];
  let complaints: readonly string[] = [];
  scheduler.run(() => {
    const world = createWorld(scenario);
    ({ complaints } = world);
    const { consumers, isScriptOver, check, clients } = setGoing(world);
    const runTo = (frame: number): void => {
      scheduler.maxFrames = frame;
      scheduler.flush();
    };
    const isBusy = (): boolean => consumers.some(({ hasEnded }) => !hasEnded()) && world.queue.messages.length > 0;
    for (let frame = 0; complaints.length === 0 && (!isScriptOver() || isBusy()); frame += STEP_MS) {
      runTo(frame);
      if (frame < LONGEST_MS) continue;
      world.complain(`left to do: ${world.queue.messages.map(({ body }) => body).join(', ')}`);
      break;
    }
    for (const { end } of consumers) end();
    let next = scheduler.actions[0];
    while (next !== undefined && complaints.length === 0 && !consumers.every(({ isOver }) => isOver())) {
      runTo(next.delay);
      next = scheduler.actions[0];
    }
    if (scheduler.actions.length > 0) world.complain(`${String(scheduler.actions.length)} timers are left`);
    check();
    closings.push(...consumers.flatMap(({ closing }) => closing() ?? []));
    closings.push(...clients().map(({ close }) => close().catch(() => undefined)));
    if (scheduler.actions.length > 0) world.complain('timers are left after all clients were closed');
    // Nothing is left to run, unless something was wrong: then it may go on without end.
    scheduler.maxFrames = scheduler.frame;
    standstill.check();
  });
  // Where something was wrong time does not go on, and what would resolve does not.
  if (complaints.length === 0) await Promise.all(closings);
  return complaints;
}
