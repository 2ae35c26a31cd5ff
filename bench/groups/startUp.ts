import { ownerOfFile } from '../report/profileShares.js';
import type { ImportResult, ImportTook, StartUpResult } from '../report/results.js';
import { forkBench } from '../work/forkBench.js';
import { orderOf } from './runGroup.js';

/** Compiled beside the benchmarks: it finds the same SDK as the peers do. */
const MAIN_DOOR = new URL('../../src/index.js', import.meta.url).href;

/** What is imported, and by which names. */
const IMPORTS: readonly { readonly name: string; readonly specifiers: readonly string[] }[] = [
  { name: "the SDK's SQS client alone", specifiers: ['@aws-sdk/client-sqs'] },
  { name: "the SDK's SQS and SNS clients", specifiers: ['@aws-sdk/client-sqs', '@aws-sdk/client-sns'] },
  { name: 'this library', specifiers: [MAIN_DOOR] },
  { name: 'sqs-consumer', specifiers: ['sqs-consumer'] },
  { name: 'sqs-producer', specifiers: ['sqs-producer'] },
  { name: 'squiss-ts', specifiers: ['squiss-ts'] },
  { name: 'message-queue-toolkit', specifiers: ['@message-queue-toolkit/sns', '@message-queue-toolkit/core'] },
];

/** Import times in processes of their own, by turns, and what the main door loads. */
export async function runStartUp(rounds: number): Promise<Omit<StartUpResult, 'sizes' | 'strangers'>> {
  const importOnce = (specifiers: readonly string[]): Promise<ImportTook> =>
    forkBench('work/importing', [JSON.stringify(specifiers)]);
  const took = IMPORTS.map((): ImportTook[] => []);
  // The first finds the files on the disk, and does not count.
  for (const { specifiers } of IMPORTS) await importOnce(specifiers);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of orderOf(round, IMPORTS.length)) {
      took[index]?.push(await importOnce(IMPORTS[index]?.specifiers ?? []));
    }
  }
  const imports = IMPORTS.map(({ name }, index): ImportResult => ({ name, rounds: took[index] ?? [] }));
  return { imports, ...(await modulesOfMainDoor()) };
}

async function modulesOfMainDoor(): Promise<Pick<StartUpResult, 'modules' | 'testingFiles'>> {
  const files = await forkBench<readonly string[]>('work/importing', [JSON.stringify([MAIN_DOOR]), 'modules']);
  const counts = new Map<string, number>();
  for (const file of files) {
    const owner = ownerOfFile(file).replace(/^this library: .*/, 'this library');
    if (owner !== 'the benchmark' && !owner.startsWith('Node: ')) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return {
    modules: [...counts].map(([name, count]) => ({ name, files: count })).sort((a, b) => b.files - a.files),
    testingFiles: files.filter((file) => file.includes('/.build/src/testing/')).length,
  };
}
