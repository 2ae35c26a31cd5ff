import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Machine, Prices } from './report/results.js';

/** All that is compared, and what it stands on. */
const NAMED = [
  '@aws-sdk/client-sqs',
  '@aws-sdk/client-sns',
  'rxjs',
  'io-ts',
  'fp-ts',
  'sqs-consumer',
  'sqs-producer',
  'squiss-ts',
  '@message-queue-toolkit/core',
  '@message-queue-toolkit/sns',
  '@message-queue-toolkit/sqs',
  'zod',
  'undici',
];

export const loadNow = (): number => loadavg()[0] ?? NaN;

export function thisMachine(loadBefore: number): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1_073_741_824),
    os: `${type()} ${release()}`,
    node: process.versions.node,
    loadBefore,
    loadAfter: loadNow(),
  };
}

export const prices = (): Prices => JSON.parse(readFileSync('bench/prices.json', 'utf8')) as Prices;

/** By package, the library's own first. Run from the project's root. */
export function versions(): Readonly<Record<string, string>> {
  const own = versionIn('package.json');
  const others = NAMED.map((name) => [name, installed(name, 'bench') ?? installed(name, '.') ?? 'none'] as const);
  return { 'rxjs-aws-messaging': own, ...Object.fromEntries(others) };
}

/** That all who are compared load one copy of the SDK, and the one that the library is developed with. */
export function checkSdk(): void {
  const fromLibrary = createRequire(new URL('../src/client/aws.js', import.meta.url));
  const fromPeer = createRequire(new URL('./peers/squiss.js', import.meta.url));
  const fromPeersPackage = createRequire(
    pathToFileURL(`${process.cwd()}/bench/node_modules/sqs-consumer/package.json`),
  );
  for (const name of ['@aws-sdk/client-sqs', '@aws-sdk/client-sns']) {
    const path = fromLibrary.resolve(name);
    const isOne = [fromPeer, fromPeersPackage].every((from) => from.resolve(name) === path);
    if (!isOne) throw new Error(`${name}: there is more than one copy`);
    const [here, root] = [installed(name, 'bench'), installed(name, '.')];
    if (here !== root) throw new Error(`${name}: ${String(here)} in bench, ${String(root)} in the project`);
  }
}

function installed(name: string, folder: string): string | undefined {
  try {
    return versionIn(`${folder}/node_modules/${name}/package.json`);
  } catch {
    return undefined;
  }
}

function versionIn(path: string): string {
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
