import { median } from '../median.js';
import type { CaseResult, GroupResult, Window } from '../report/results.js';
import { countsBetween } from '../server/counts.js';
import type { Server, ServerReading } from '../server/startServer.js';
import { startWorker, type Worker } from '../work/startWorker.js';
import { untilTrue } from '../work/untilTrue.js';
import type { Case, Group } from './group.js';

const WARM_UP_WINDOW_MS = 500;
/** Between two looks. */
const REST_MS = 25;
const QUIET_LOOKS = 40;

/** Runs a group: each case in a process of its own, by turns, in another order each round. */
export async function runGroup(server: Server, group: Group): Promise<GroupResult> {
  const workers = await Promise.all(group.cases.map(({ plan }) => startWorker(plan, server.endpoint)));
  const turn = (index: number, windowMs?: number): Promise<Window> => {
    const [each, worker] = [group.cases[index], workers[index]];
    if (each === undefined || worker === undefined) throw new Error('no such case');
    return runWindow(server, worker, each, {
      rampMs: each.rampMs ?? group.rampMs,
      windowMs: windowMs ?? each.windowMs ?? group.windowMs,
    });
  };
  const windows: Window[][] = group.cases.map(() => []);
  for (const index of group.cases.keys()) await warmUp(group, (windowMs) => turn(index, windowMs));
  for (let round = 0; round < group.rounds; round += 1) {
    for (const index of orderOf(round, group.cases.length)) windows[index]?.push(await turn(index));
  }
  for (const worker of workers) worker.end();
  const cases = group.cases.map(({ id, name, latencyMs }, index): CaseResult => ({
    id,
    name,
    latencyMs,
    windows: windows[index] ?? [],
  }));
  return { id: group.id, cases };
}

/** Several short windows, so that starting and stopping is compiled too. */
async function warmUp(group: Group, turn: (windowMs: number) => Promise<Window>): Promise<void> {
  const until = performance.now() + group.warmUpMs;
  let messages = 0;
  while (messages < group.warmUpMessages && performance.now() < until) {
    messages += (await turn(Math.min(WARM_UP_WINDOW_MS, group.warmUpMs))).messages;
  }
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
  let opened: Promise<ServerReading> | undefined;
  let closed: ServerReading | undefined;
  const { reading: told } = await worker.run(order, {
    opened: () => {
      opened = server.read();
    },
    closed: async () => {
      await opened;
      closed = await server.read();
    },
  });
  const [before, after] = [await opened, closed];
  if (before === undefined || after === undefined) throw new Error('a worker has not told its window');
  const left = leftIn(await atRest(server));
  const { tookMs, ...reading } = told;
  return {
    ...reading,
    ...(tookMs.length > 0 && { tookMs: median(tookMs) }),
    serverShare: (after.cpuUs - before.cpuUs) / 1_000 / (after.atMs - before.atMs),
    counts: countsBetween(before.counts, after.counts),
    left,
  };
}

/**
 * Nobody has asked for anything for a moment, and what was handed out is done with: the next case has the machine for itself. What
 * is not done with after a second of quiet never will be.
 */
export async function atRest(server: Server): Promise<ServerReading> {
  let reading = await server.read();
  let quiet = 0;
  await untilTrue(async () => {
    const callsBefore = callsIn(reading);
    reading = await server.read();
    quiet = reading.open === 0 && callsIn(reading) === callsBefore ? quiet + 1 : 0;
    return quiet >= (leftIn(reading) === 0 ? 1 : QUIET_LOOKS);
  }, REST_MS);
  return reading;
}

/** Messages handed out and neither deleted nor released. */
function leftIn({ counts }: ServerReading): number {
  return counts.handedOut - counts.deleted - counts.released;
}

function callsIn({ counts }: ServerReading): number {
  return Object.values(counts.calls).reduce((sum, count) => sum + count, 0);
}
