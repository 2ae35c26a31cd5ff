import type { Ledger } from './ledger.js';
import type { Queues } from './queues.js';
import { badBody } from './scenario.js';

const BATCH = 10;

/** Puts messages into the queue that are not JSON, or JSON and no UserCreated; gives how many. */
export async function injectBadBodies(
  queues: Queues,
  badBodies: Ledger,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  let injected = 0;
  while (injected < count && !signal.aborted) {
    const size = Math.min(BATCH, count - injected);
    const bodies = Array.from({ length: size }, (_, index) => badBody(injected + index));
    for (const id of await queues.send(bodies)) badBodies.expect(id);
    injected += size;
  }
  return injected;
}
