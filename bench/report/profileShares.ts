import type { Share } from './results.js';

/** A profile of V8, as far as it is looked at. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of nodes. */
  readonly samples?: readonly number[] | undefined;
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[] | undefined;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[] | undefined;
}

/** Who was at work, and for what share of the time that the process was not idle; the largest first. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile): readonly Share[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  /** What has no file of its own, such as JSON.parse, works for whoever called it. */
  const ownerOf = (id: number): string | undefined => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame?.functionName === '(idle)') return undefined;
      if (frame?.functionName === '(garbage collector)') return 'garbage collection';
      if (frame !== undefined && frame.url !== '') return ownerOfFile(frame.url);
    }
    return 'V8 and the system';
  };
  const owners = new Map(nodes.map(({ id }) => [id, ownerOf(id)]));
  const us = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id);
    if (owner !== undefined) us.set(owner, (us.get(owner) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...us.values()].reduce((sum, each) => sum + each, 0);
  return [...us].map(([of, each]) => ({ of, share: each / total })).sort((a, b) => b.share - a.share);
}

const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;
const OURS = /\/\.build\/src\/(?:([^/]+)\/)?/;

/** The package of a file, or the part of this library or of Node. */
export function ownerOfFile(url: string): string {
  if (url.startsWith('node:')) return partOfNode(url);
  const [, name] = PACKAGE.exec(url) ?? [];
  if (name !== undefined) return name;
  const ours = OURS.exec(url);
  return ours === null ? 'the benchmark' : `this library: ${ours[1] ?? 'core'}`;
}

function partOfNode(url: string): string {
  if (url.includes('crypto')) return 'Node: crypto';
  if (/http|net|stream|socket|tls/.test(url)) return 'Node: HTTP and sockets';
  return 'Node: all else';
}
