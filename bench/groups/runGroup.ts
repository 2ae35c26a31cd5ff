import { median } from '../median.js';
import type { CaseResult, GroupResult, Window } from '../report/results.js';
import { countsBetween } from '../server/counts.js';
import type { Server, ServerReading } from '../server/startServer.js';
import { startWorker, type Worker } from '../work/startWorker.js';
import { untilTrue } from '../work/untilTrue.js';
import type { Case, Group } from './group.js';

/** Runs a group: each case in a process of its own, by turns, in another order each round. */
export async function runGroup(server: Server, group: Group): Promise<GroupResult> {
  const workers: Worker[] = [];
  for (const { plan } of group.cases) workers.push(await startWorker(plan, server.endpoint));
  const turn = (index: number, windowMs?: number): Promise<Window> => {
    const [each, worker] = [group.cases[index], workers[index]];
    if (each === undefined || worker === undefined) throw new Error('no such case');
    return runWindow(server, worker, each, {
      rampMs: each.rampMs ?? group.rampMs,
      windowMs: windowMs ?? each.windowMs ?? group.windowMs,
    });
  };
  const windows: Window[][] = group.cases.map(() => []);
  for (const index of group.cases.keys()) await turn(index, group.warmUpMs);
  for (let round = 0; round < group.rounds; round += 1) {
    for (const index of orderOf(round, group.cases.length)) windows[index]?.push(await turn(index));
  }
  for (const worker of workers) worker.end();
  const cases = group.cases.map(
    ({ id, name, latencyMs }, index): CaseResult => ({ id, name, latencyMs, windows: windows[index] ?? [] }),
  );
  return { id: group.id, cases };
}

/** Each round begins with another case, and every other round goes backwards: none always follows the same. */
export function orderOf(round: number, count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => (index + round) % count);
  return round % 2 === 0 ? order : order.reverse();
}

async function runWindow(
  server: Server,
  worker: Worker,
  { latencyMs }: Case,
  order: { readonly rampMs: number; readonly windowMs: number },
): Promise<Window> {
  await server.configure({ latencyMs });
  // One after the other: the server answers in the order in which it is asked.
  let opened: Promise<ServerReading> | undefined;
  let closed: Promise<ServerReading> | undefined;
  const { tookMs, ...reading } = await worker.run(order, {
    opened: () => {
      opened = server.read();
    },
    closed: () => {
      closed = server.read();
    },
  });
  const [before, after] = [await opened, await closed];
  if (before === undefined || after === undefined) throw new Error('a worker has not told its window');
  await atRest(server);
  return {
    ...reading,
    ...(tookMs.length > 0 && { tookMs: median(tookMs) }),
    serverShare: (after.cpuUs - before.cpuUs) / 1_000 / (after.atMs - before.atMs),
    counts: countsBetween(before.counts, after.counts),
  };
}

/** Nobody has asked for anything for a moment: the next case has the machine for itself. */
async function atRest(server: Server): Promise<void> {
  let calls = -1;
  await untilTrue(async () => {
    const { counts, open } = await server.read();
    const now = Object.values(counts.calls).reduce((sum, count) => sum + count, 0);
    const isQuiet = open === 0 && now === calls;
    calls = now;
    return isQuiet;
  }, 25);
}
