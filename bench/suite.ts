import { writeFileSync } from 'node:fs';
import { GROUPS } from './groups/all.js';
import { runHeap } from './groups/heap.js';
import { runProfiles } from './groups/profiles.js';
import { runGroup } from './groups/runGroup.js';
import { installedSizes, strangersAmong } from './groups/sizes.js';
import { runStartUp } from './groups/startUp.js';
import { checkSdk, loadNow, prices, thisMachine, versions } from './machine.js';
import type { GroupResult, Results } from './report/results.js';
import { startServer } from './server/startServer.js';

// Measures everything, and leaves it in docs/benchmarks.json. Run by `npm run bench`, which makes the pages of it then.

const HEAP_MESSAGES = 1_000_000;
const IMPORT_ROUNDS = 7;
const PROFILE_MS = 3_000;

const begunAt = Date.now();
const loadBefore = loadNow();
checkSdk();

const server = await startServer();
const groups: GroupResult[] = [];
for (const group of GROUPS) groups.push(await timed(group.id, () => runGroup(server, group)));
const heap = await timed('heap', () => runHeap(HEAP_MESSAGES));
const profiles = await timed('profiles', () => runProfiles(server, PROFILE_MS));
server.end();
const startUp = await timed('startUp', () => runStartUp(IMPORT_ROUNDS));

const results: Results = {
  takenAt: new Date(begunAt).toISOString(),
  minutes: (Date.now() - begunAt) / 60_000,
  machine: thisMachine(loadBefore),
  versions: versions(),
  prices: prices(),
  groups,
  heap,
  startUp: {
    ...startUp,
    sizes: installedSizes(),
    strangers: strangersAmong(startUp.modules.map(({ name }) => name)),
  },
  profiles,
};
writeFileSync('docs/benchmarks.json', `${JSON.stringify(results, rounded, 1)}\n`);

async function timed<T>(name: string, run: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await run();
  console.log(`${name}: ${((performance.now() - from) / 1_000).toFixed(0)} s`);
  return result;
}

/** A nanosecond is finer than anything here is known. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value;
}
