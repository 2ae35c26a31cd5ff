import { availableParallelism, loadavg } from 'node:os';
import { SNSClient } from '@aws-sdk/client-sns';
import { createClient, type MessagingClient } from '../src/index.js';
import { cannedSns } from './cannedSns.js';
import { median } from './median.js';
import { type Meter, type Reading, startMeter } from './meter.js';
import { alwaysFull, batchesTogether, loopsOfBatches, oneByOne, singlesTogether } from './publishLoads.js';

// What a producer publishes by how many requests are under way. Run by `npm run bench:publish`.

const LATENCIES_MS = [2, 10, 30];
/** As many as the loops around the bare SDK have. */
const SIDE_BY_SIDE = 10;
/** Values that come one by one, a second. */
const PER_SECOND = 1_000;
const ROUNDS = 3;
const WINDOW_MS = 500;
/** The first round compiles and connects, and does not count. */
const FIRST_WINDOW_MS = 200;

/** Of what loops around the bare SDK publish, with as many requests. */
const BOUND = 0.8;

interface Case {
  readonly name: string;
  readonly run: (meter: Meter) => Promise<void>;
}

/** Cases that are compared, and what each came to in each round. */
interface Table {
  readonly title: string;
  readonly cases: readonly Case[];
  readonly rounds: Reading[][];
}

const libraryCase = (maxRequests: number): string => `maxRequests ${String(maxRequests)}`;
const LOOPS = 'bare SDK, 10 loops of PublishBatch';

const connections = await Promise.all(LATENCIES_MS.map(connection));
const full = connections.map(({ latencyMs, client, sns }): Table => ({
  title: `always full, answers after ${String(latencyMs)} ms`,
  // Those with ten requests side by side: they are compared, and the machine may be busy now and not then.
  cases: [...libraryCases(client, 1, 2, 5, 10), ...bareCases(sns), ...libraryCases(client, 20, 50, 100)],
  rounds: [],
}));
const trickling = connections.slice(1).map(({ latencyMs, client }): Table => ({
  title: `${String(PER_SECOND)} values a second one by one, answers after ${String(latencyMs)} ms`,
  cases: [5, 10, 20, 50].map((maxRequests) => ({
    name: libraryCase(maxRequests),
    run: (meter) => oneByOne(client, maxRequests, PER_SECOND, meter),
  })),
  rounds: [],
}));
const tables = [...full, ...trickling];
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { cases, rounds } of tables) {
    const readings = await readAll(cases, round === 0 ? FIRST_WINDOW_MS : WINDOW_MS);
    if (round > 0) rounds.push(readings);
  }
}
for (const { end } of connections) await end();
tables.forEach(print);
// With 2 ms the CPU runs out first, and what there is of it is up to the machine.
full.slice(1).forEach(verify);

async function connection(latencyMs: number) {
  const { endpoint, end } = await cannedSns(latencyMs);
  const region = 'us-east-1';
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = createClient({ region, credentials, endpoint, environment: 'bench', accountId: '000000000000' });
  const sns = new SNSClient({ region, credentials, endpoint });
  return {
    latencyMs,
    client,
    sns,
    end: async () => {
      await client.close();
      sns.destroy();
      end();
    },
  };
}

function libraryCases(client: MessagingClient, ...most: readonly number[]): readonly Case[] {
  return most.map((maxRequests) => ({
    name: libraryCase(maxRequests),
    run: (meter) => alwaysFull(client, maxRequests, meter),
  }));
}

function bareCases(sns: SNSClient): readonly Case[] {
  return [
    { name: LOOPS, run: (meter) => loopsOfBatches(sns, meter) },
    { name: 'bare SDK, 10 PublishBatch, then the next 10', run: (meter) => batchesTogether(sns, meter) },
    { name: 'bare SDK, 10 Publish, then the next 10', run: (meter) => singlesTogether(sns, meter) },
  ];
}

/** By turns, so that what else the machine does meets all cases alike. */
async function readAll(cases: readonly Case[], windowMs: number): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const { run } of cases) {
    const meter = startMeter(windowMs);
    await run(meter);
    readings.push(meter.reading());
  }
  return readings;
}

function print(table: Table): void {
  const { title, cases, rounds } = table;
  const first = cases[0]?.name ?? '';
  console.log(`\n${title}`);
  console.log(`  ${' '.repeat(43)}  of the first  values/s  CPU µs a value  ms to the answer  values a request`);
  for (const [index, { name }] of cases.entries()) {
    const of = (field: keyof Reading): number => median(rounds.map((readings) => readings[index]?.[field] ?? NaN));
    const perRequest = of('perRequest');
    const cells = [
      ratio(table, name, first).toFixed(2).padStart(12),
      of('perSecond').toFixed(0).padStart(8),
      of('cpu').toFixed(0).padStart(14),
      of('latencyMs').toFixed(1).padStart(16),
      (Number.isFinite(perRequest) ? perRequest.toFixed(2) : '').padStart(16),
    ];
    console.log(`  ${name.padEnd(43)}  ${cells.join('  ').trimEnd()}`);
  }
}

/** The median over the rounds of how two cases stood in each: a busy minute meets both. */
function ratio({ cases, rounds }: Table, one: string, other: string): number {
  const [a = NaN, b = NaN] = [one, other].map((wanted) => cases.findIndex(({ name }) => name === wanted));
  return median(rounds.map((readings) => (readings[a]?.perSecond ?? NaN) / (readings[b]?.perSecond ?? NaN)));
}

/** Each at its best: what else the machine does can only take away from it. */
function verify({ title, cases, rounds }: Table): void {
  const best = (wanted: string): number => {
    const index = cases.findIndex(({ name }) => name === wanted);
    return Math.max(...rounds.map((readings) => readings[index]?.perSecond ?? NaN));
  };
  const share = best(libraryCase(SIDE_BY_SIDE)) / best(LOOPS);
  console.log(`\n${title}: with 10 requests ${share.toFixed(2)} times what 10 loops around the bare SDK publish`);
  if (share >= BOUND) return;
  const [load = NaN] = loadavg();
  const busy = `load average ${load.toFixed(1)} on ${String(availableParallelism())} CPUs`;
  console.error(
    `FAILED: that is less than ${String(BOUND)} times: requests wait for the library, or for the CPU (${busy})`,
  );
  process.exitCode = 1;
}
