import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SizeResult } from '../report/results.js';

/** What of a manifest says what a package needs. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const SDK = ['@aws-sdk/client-sqs', '@aws-sdk/client-sns'];
const PEERS: readonly { readonly name: string; readonly packages: readonly string[] }[] = [
  { name: 'sqs-consumer', packages: ['sqs-consumer'] },
  { name: 'sqs-producer', packages: ['sqs-producer'] },
  { name: 'squiss-ts', packages: ['squiss-ts'] },
  {
    name: 'message-queue-toolkit',
    packages: ['@message-queue-toolkit/core', '@message-queue-toolkit/sns', '@message-queue-toolkit/sqs'],
  },
];

/** What each library has installed: itself, and what it brings beside the SDK's two clients. Run from the project's root. */
export function installedSizes(): readonly SizeResult[] {
  const sdkInBench = withAllTheyNeed(SDK, 'bench');
  const sdkAtRoot = withAllTheyNeed(SDK, '.');
  const { peerDependencies = {} } = manifestIn('.');
  const ours = sizeResult('this library', [], withAllTheyNeed(Object.keys(peerDependencies), '.'), sdkAtRoot);
  return [
    { ...ours, ownBytes: packedBytes() },
    ...PEERS.map(({ name, packages }) => sizeResult(name, packages, withAllTheyNeed(packages, 'bench'), sdkInBench)),
  ];
}

/** Names among these that are no package the library needs. */
export function strangersAmong(names: readonly string[]): readonly string[] {
  const { peerDependencies = {} } = manifestIn('.');
  const known = new Set([...withAllTheyNeed(Object.keys(peerDependencies), '.').keys()].map(nameOf));
  return names.filter((name) => name !== 'this library' && !known.has(name));
}

type Packages = ReadonlyMap<string, string>;

function sizeResult(name: string, own: readonly string[], all: Packages, sdk: Packages): SizeResult {
  const mine = [...all].filter(([id]) => own.includes(nameOf(id)));
  const brought = [...all].filter(([id]) => !own.includes(nameOf(id)) && !sdk.has(id));
  const bytes = (some: typeof brought): number => some.reduce((sum, [, folder]) => sum + bytesIn(folder), 0);
  return {
    name,
    ownBytes: bytes(mine),
    broughtBytes: bytes(brought),
    brought: brought.map(([id]) => id).sort(),
  };
}

const nameOf = (id: string): string => id.slice(0, id.lastIndexOf('@'));

/** Packages and what they need, by `name@version`, each with its folder. */
function withAllTheyNeed(names: readonly string[], from: string): Packages {
  const found = new Map<string, string>();
  const visit = (name: string, near: string): void => {
    const folder = folderOf(name, near);
    if (folder === undefined) return;
    const manifest = manifestIn(folder);
    const id = `${manifest.name}@${manifest.version}`;
    if (found.has(id)) return;
    found.set(id, folder);
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    const peers = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true);
    for (const needed of [...Object.keys(dependencies), ...peers]) visit(needed, folder);
  };
  for (const name of names) visit(name, from);
  return found;
}

/** Where Node would find it. */
function folderOf(name: string, near: string): string | undefined {
  for (let at = near; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (at === '.') return undefined;
  }
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? bytesIn(path) : statSync(path).size);
    }, 0);
}

/** What npm would install of this library. */
function packedBytes(): number {
  if (!existsSync('dist/esm/index.js')) throw new Error('the library is not built');
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' });
  const parsed = JSON.parse(packed) as unknown;
  // npm 11 gives a list; newer ones an object by package name.
  const [only] = Object.values(parsed as Record<string, { readonly unpackedSize: number }>);
  return only?.unpackedSize ?? NaN;
}
