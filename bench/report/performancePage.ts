import { cpu } from './figures.js';
import type { Page } from './benchmarksPage.js';
import { number, page, table, text } from './markdown.js';
import { decimals, short } from './numbers.js';
import type { Profile, Results } from './results.js';
import { type Comparison, comparisonPlot, comparisonTable } from './sections.js';

const ladder: Comparison = {
  group: 'ladder',
  title: 'One receive and one DeleteMessageBatch of ten: CPU a message',
  unit: 'µs of CPU',
  metric: cpu,
  base: 'asItComes',
  ratioHead: 'of the SDK as it comes',
};

const perMessage: Comparison = {
  group: 'consumingCpu',
  title: 'What is done with each message',
  unit: 'µs of CPU',
  metric: cpu,
  base: 'bare',
  ratioHead: 'of the checked loop',
  only: ({ id }) => PER_MESSAGE.includes(id),
};
const PER_MESSAGE = ['bareParse', 'bare', 'barePromises', 'ours', 'oursPromises'];

/** Shares below that are put together. */
const SMALL = 0.01;

/** The page on where the time goes. */
export function performancePage(results: Results): Page {
  const plot = comparisonPlot(results, ladder, 'ladder.svg');
  const written = page(
    '# Where the time goes',
    '<!-- Made by `npm run bench` out of benchmarks.json: edit neither this page nor its figures. -->',
    'How much of a message is the SDK, Node and this library, by V8’s own profiler, in the runs of [the benchmarks](benchmarks.md). ' +
      'The profiler takes some time itself: compare shares, not microseconds with those of the other page.',
    '## In short',
    summaryTable(results.profiles),
    ...results.profiles.flatMap((profile) => [`## ${capital(profile.name)}`, profileTable(profile)]),
    '## What was tried between a consumer and SQS',
    'Each row leaves out more than the one above, until the last three, which differ in what carries the request. Ten loops, answers at ' +
      'once; the messages themselves are not looked at.',
    comparisonTable(results, ladder),
    `![${ladder.title}](benchmarks/${plot.file})`,
    '## What was tried with each message',
    'What the check of its codec costs above the parsing, and what a promise for each costs above work that is done in one go with the ' +
      'nine others of its answer.',
    comparisonTable(results, perMessage),
    '## What is in, and what is not',
    ...DECISIONS,
  );
  return { text: written, plots: [plot] };
}

/** What became of what was tried. Figures stand in the tables. */
const DECISIONS = [
  '- **The SDK’s signer and request handler, without its client**, are in, for the four calls that a message needs: ReceiveMessage, ' +
    'DeleteMessageBatch, ChangeMessageVisibilityBatch and PublishBatch. Their requests are written here, and a plain answer is read here, ' +
    'in one pass. Whatever AWS refuses is read by the SDK’s client, which corrects its clock by it: no error is told differently.',
  '- **The MD5 check** is off: TLS guards a message on its way, and one mismatch would make the SDK throw away the nine beside it. ' +
    'Nothing else that guards anything is given up, so there is no option that would do so.',
  '- **`cacheMiddleware`** is in, for the other calls.',
  '- **`node:http` in place of the request handler** is not: what it gives is within the spread.',
  '- **undici** is not: what it gives beside the request handler is in the table, and it would be one more dependency of every user, with a pool and ' +
    'timeouts of its own.',
  '- **An abort signal fires for calls under way only**: for each call that was over it made an error, with its stack.',
  '- **Only the system attributes that are read** are asked for.',
  '- **Microtasks**: work that is done in one go with the others of its answer needs no promise each, and gets none; a promise that a ' +
    'handler returns is taken as it is.',
  '- **With many in flight** a message costs more, as the benchmarks show: what survives two young collections is copied twice, marked, and ' +
    'out of the processor’s caches when it is looked at again. Tables that come and go in a `Map` or `Set` made that worse, as one dead ' +
    'table kept all later ones; lists took their place.',
];

/** Whose code it is. */
const PARTIES: readonly { readonly name: string; readonly has: (of: string) => boolean }[] = [
  { name: 'the SDK', has: (of) => /^@(aws|aws-sdk|smithy)\//.test(of) },
  { name: 'Node', has: (of) => of.startsWith('Node: ') },
  { name: 'this library', has: (of) => of.startsWith('this library') },
  { name: 'rxjs', has: (of) => of === 'rxjs' },
  { name: 'io-ts and fp-ts', has: (of) => of === 'io-ts' || of === 'fp-ts' },
  { name: 'garbage collection', has: (of) => of === 'garbage collection' },
];

function summaryTable(profiles: readonly Profile[]): string {
  const rows = [...PARTIES.map(({ name }) => name), 'all else'].map((name) => [
    name,
    ...profiles.map(({ shares }) => {
      const mine = shares.filter(({ of }) => partyOf(of) === name);
      return percent(mine.reduce((sum, { share }) => sum + share, 0));
    }),
  ]);
  return table([text(''), ...profiles.map(({ name }) => number(name))], rows);
}

function partyOf(of: string): string {
  return PARTIES.find(({ has }) => has(of))?.name ?? 'all else';
}

function profileTable({ shares, cpuPerMessageUs }: Profile): string {
  const large = shares.filter(({ share }) => share >= SMALL);
  const small = shares.filter(({ share }) => share < SMALL).reduce((sum, { share }) => sum + share, 0);
  const rows = [...large, { of: 'smaller ones', share: small }].map(({ of, share }) => [
    of,
    percent(share),
    short(share * cpuPerMessageUs),
  ]);
  return table([text('at work'), number('share'), number('µs a message')], rows);
}

const percent = (share: number): string => `${decimals(1)(share * 100)} %`;
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
