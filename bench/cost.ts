import { setImmediate, setTimeout } from 'node:timers/promises';
import { collectionPauses } from './collectionPauses.js';
import { type HeldConsumer, heldConsumer } from './heldConsumer.js';
import { median } from './median.js';

// CPU by how many messages are in flight. Run by `npm run bench:cost`.

const ROUNDS = 3;
const MESSAGES = 20_000;
/** Pieces of work that end in one turn of the event loop. */
const AT_ONCE = 5;
const RENEWING_MS = 2_500;
/** Leases are renewed each second, fifteen times as often as by default; with less, a busy machine would lose some. */
const SHORT_VISIBILITY_SECONDS = 2;

/**
 * Of the least that fewer in flight cost. What is in flight for long is copied and marked by the garbage collector, and out of
 * the processor's caches, which doubles it; whatever went through all that is in flight at each message would take far more.
 */
const BOUND = 3;

/** What one run came to. */
interface Run {
  /** Microseconds of CPU, of a message or of a renewal. */
  readonly cost: number;
  readonly told: string;
}

interface Case {
  readonly name: string;
  readonly run: () => Promise<Run>;
}

const MESSAGE_CASES: readonly Case[] = [10, 100, 1_000, 10_000].map((maxInFlight) => ({
  name: `maxInFlight ${String(maxInFlight)}`,
  run: () => handling(maxInFlight, 30),
}));
/** As many leases in each case: only how many share a consumer differs. */
const RENEWAL_CASES: readonly Case[] = [100, 1_000, 10_000].map((maxInFlight) => ({
  name: `${String(10_000 / maxInFlight)} consumers of ${String(maxInFlight)}`,
  run: () => renewing(10_000 / maxInFlight, maxInFlight),
}));
const BOTH: Case = {
  name: 'maxInFlight 10000, renewed every second',
  run: () => handling(10_000, SHORT_VISIBILITY_SECONDS),
};

const messages = await compare('microseconds of CPU a message', [...MESSAGE_CASES, BOTH]);
verify('a message', messages.slice(0, -1));
verify('a renewal', await compare('microseconds of CPU a renewal', RENEWAL_CASES));

/** By turns, so that what else the machine does meets all cases alike. The first round compiles, and does not count. */
async function compare(title: string, cases: readonly Case[]): Promise<readonly number[]> {
  const runs: Run[][] = cases.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { run }] of cases.entries()) {
      const result = await run();
      if (round > 0) runs[index]?.push(result);
    }
  }
  console.log(title);
  return cases.map(({ name }, index) => {
    const costs = (runs[index] ?? []).map(({ cost }) => cost);
    const cost = median(costs);
    const range = `${Math.min(...costs).toFixed(1)} to ${Math.max(...costs).toFixed(1)}`;
    console.log(`  ${name.padEnd(46)} ${cost.toFixed(1).padStart(6)} (${range}); ${runs[index]?.at(-1)?.told ?? ''}`);
    return cost;
  });
}

/** The cost of a message from receipt to confirmed deletion while all slots are taken. */
async function handling(maxInFlight: number, visibilityTimeoutSeconds: number): Promise<Run> {
  const consumer = await heldConsumer(maxInFlight, visibilityTimeoutSeconds);
  await endMessages(consumer, maxInFlight, 5_000);
  const { counts } = consumer.queue;
  const before = { ...counts };
  const pauses = collectionPauses();
  const stopwatch = startCpu();
  const inFlight = await endMessages(consumer, maxInFlight, MESSAGES);
  const cost = stopwatch() / MESSAGES;
  const paused = (await pauses.end()) / MESSAGES;
  const calls = callsOf(counts) - callsOf(before);
  const renewed = counts.renewed - before.renewed;
  await consumer.close();
  complain(consumer);
  const share = (count: number): string => (count / MESSAGES).toFixed(2);
  const told = `${share(calls)} calls, ${share(renewed)} renewals, ${paused.toFixed(1)} of it garbage collection`;
  return { cost, told: `${inFlight.toFixed(0)} in flight, ${told}` };
}

/** The cost of a renewal while nothing else happens. */
async function renewing(consumers: number, maxInFlight: number): Promise<Run> {
  const all: HeldConsumer[] = [];
  for (let index = 0; index < consumers; index += 1)
    all.push(await heldConsumer(maxInFlight, SHORT_VISIBILITY_SECONDS));
  const renewals = (): number => all.reduce((sum, { queue }) => sum + queue.counts.renewed, 0);
  const before = renewals();
  const stopwatch = startCpu();
  await setTimeout(RENEWING_MS);
  const renewed = renewals() - before;
  const cost = stopwatch() / renewed;
  await Promise.all(all.map(({ close }) => close()));
  all.forEach(complain);
  return { cost, told: `${String(renewed)} renewals` };
}

/** Ends the work on so many messages, always a few, and waits for others in their place; gives how many were in flight. */
async function endMessages({ work }: HeldConsumer, maxInFlight: number, count: number): Promise<number> {
  let turns = 0;
  let inFlight = 0;
  let ended = 0;
  while (ended < count) {
    if (work.size() >= maxInFlight * 0.9) {
      turns += 1;
      inFlight += work.size();
      work.end(AT_ONCE);
      ended += AT_ONCE;
    }
    await setImmediate();
  }
  return inFlight / turns;
}

function callsOf({ receives, deletes, visibilityChanges }: HeldConsumer['queue']['counts']): number {
  return receives + deletes + visibilityChanges;
}

/** @returns what gives the microseconds of CPU since. */
function startCpu(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
}

/** A lease that is lost makes a run cheaper than it is. */
function complain({ work }: HeldConsumer): void {
  if (work.cancelled() === 0) return;
  console.error(`FAILED: ${String(work.cancelled())} leases were lost: the machine was too busy to renew them in time`);
  process.exitCode = 1;
}

/** The most in flight against the cheapest of the others. */
function verify(what: string, costs: readonly number[]): void {
  const last = costs.at(-1) ?? NaN;
  const ratio = last / Math.min(...costs.slice(0, -1));
  console.log(`  with 10,000 in flight ${what} costs ${ratio.toFixed(2)} times the least`);
  if (ratio <= BOUND) return;
  console.error(`FAILED: that is more than ${String(BOUND)} times: something goes through all that is in flight`);
  process.exitCode = 1;
}
