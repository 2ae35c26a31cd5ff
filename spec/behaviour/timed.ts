import { asyncScheduler } from 'rxjs';
import type { Observable } from 'rxjs';
import { run, type Script } from './script.js';

/** How long a step takes, and what comes of it. A busy machine makes it longer, never shorter. */
export function* timed<T>(step$: Observable<T>): Script<{ readonly ms: number; readonly result: T }> {
  const before = asyncScheduler.now();
  const result = yield* run(step$);
  return { ms: asyncScheduler.now() - before, result };
}
