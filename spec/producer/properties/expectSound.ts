import { expect } from 'chai';
import fc from 'fast-check';
import { play } from './play.js';
import { type Family, scenarios } from './scenarios.js';

/** Schedules that each family is tried with in the gate. Raise it to look further. */
const RUNS = 120;

/** Plays random scenarios of a family. One that goes wrong is shrunk, and shown with the seed and the path to have it again. */
export async function expectSound(family: Family): Promise<void> {
  const sound = fc.asyncProperty(scenarios(family), async (scenario) => {
    const complaints = await play(scenario);
    if (complaints.length > 0) expect.fail(complaints.join('\n'));
  });
  await fc.assert(sound, { numRuns: RUNS });
}
