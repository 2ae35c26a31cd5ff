import { GROUPS } from './groups/all.js';
import type { Group } from './groups/group.js';
import { runHeap } from './groups/heap.js';
import { runProfiles } from './groups/profiles.js';
import { runGroup } from './groups/runGroup.js';
import { runStartUp } from './groups/startUp.js';
import { checkSdk } from './machine.js';
import type { CaseResult } from './report/results.js';
import { startServer } from './server/startServer.js';

// That every case still runs, in a minute and without a figure: each has to handle messages and to leave none behind. Run by
// `npm run bench:check`.

checkSdk();
const server = await startServer();
const faults: string[] = [];
for (const group of GROUPS) {
  const { cases } = await runGroup(server, tiny(group));
  for (const [index, result] of cases.entries()) {
    const found = faultsOf(result, group.cases[index]?.mayLeave);
    faults.push(...found.map((fault) => `${group.id}, ${result.name}: ${fault}`));
  }
}
await runHeap(1_000);
const profiles = await runProfiles(server, 50);
faults.push(...profiles.filter(({ shares }) => shares.length === 0).map(({ name }) => `${name}: an empty profile`));
server.end();
const { testingFiles, modules } = await runStartUp(1);
if (testingFiles > 0) faults.push('the main door loads ./testing');
if (modules.length === 0) faults.push('the main door seems to load nothing');

for (const fault of faults) console.error(`FAILED: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
else console.log(`${String(GROUPS.reduce((sum, { cases }) => sum + cases.length, 0))} cases run`);

function tiny(group: Group): Group {
  const cases = group.cases.map(({ id, name, latencyMs, plan }) => ({ id, name, latencyMs, plan }));
  return { ...group, cases, rounds: 1, warmUpMs: 0, rampMs: 250, windowMs: 60 };
}

function faultsOf({ windows }: CaseResult, mayLeave = false): readonly string[] {
  return windows.flatMap(({ messages, left, counts }) => [
    ...(messages > 0 ? [] : ['nothing was handled']),
    ...(left === 0 || mayLeave ? [] : [`${String(left)} messages were left`]),
    ...(counts.unknown === 0 ? [] : [`${String(counts.unknown)} requests had no answer`]),
  ]);
}
