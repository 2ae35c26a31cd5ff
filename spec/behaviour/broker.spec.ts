import { catchError, map, type Observable, of } from 'rxjs';
import { createTestBroker } from '../../src/testing/index.js';
import { marbles } from '../helpers/marbles.js';
import { BEHAVIOURS } from './behaviours.js';
import { createStage } from './createStage.js';
import { minutes } from './minutes.js';
import { played, type Script } from './script.js';
import type { Stage } from './stage.js';

/** With each the broker hands out another order, and other parts of what there is. */
const SEEDS = [1, 2, 3, 4, 5];

/** A latency, so that nothing counts on two calls at one moment. */
const LATENCIES = [0, 20];

describe('behaviours, on the test broker', () => {
  for (const { name: theme, behaviours } of [...BEHAVIOURS, minutes]) {
    describe(theme, () => {
      for (const { name, script } of behaviours) {
        it(name, () => {
          for (const seed of SEEDS) for (const latencyMs of LATENCIES) inVirtualTime(script, { seed, latencyMs });
        });
      }
    });
  }
});

/** Plays a script on a broker of its own. @throws what the script throws, and where it does not end. */
function inVirtualTime(
  script: (stage: Stage) => Script,
  options: { readonly seed: number; readonly latencyMs: number },
): void {
  let outcome: readonly [error?: unknown] | undefined;
  marbles(() => {
    const { port } = createTestBroker(options);
    const stage = createStage(port.calls, 'b');
    const outcome$: Observable<readonly [error?: unknown]> = played(() => script(stage)).pipe(
      map(() => [] as const),
      catchError((error: unknown) => of([error] as const)),
    );
    outcome$.subscribe((each) => {
      outcome = each;
    });
  });
  if (outcome === undefined) throw new Error('the script did not end');
  if (outcome.length > 0) throw outcome[0];
}
