import { median } from '../median.js';
import { busy, cpu, figureOf, measured, rate, took } from './figures.js';
import { list, number, page, table, text } from './markdown.js';
import { decimals, megabytes, short, spread } from './numbers.js';
import { barPlot, linePlot } from './plot.js';
import { isKept, type Promised, promises } from './promises.js';
import type { CaseResult, Results } from './results.js';
import { barOf, callsTable, casesOf, type Comparison, comparisonPlot, comparisonTable, type Plot } from './sections.js';

/** The page on how fast it is, and its plots. */
export interface Page {
  readonly text: string;
  readonly plots: readonly Plot[];
}

const consumingCpu: Comparison = {
  group: 'consumingCpu',
  title: 'Consuming: CPU a message',
  unit: 'µs of CPU',
  metric: cpu,
  base: 'bare',
  ratioHead: 'of the bare SDK',
};
const consumingRate: Comparison = {
  group: 'consumingRate',
  title: 'Consuming where answers take 20 ms: messages a second',
  unit: 'messages a second',
  metric: rate,
  base: 'sqsConsumer',
  ratioHead: 'times sqs-consumer',
};
const publishingCpu: Comparison = {
  group: 'publishingCpu',
  title: 'Publishing: CPU an event',
  unit: 'µs of CPU',
  metric: cpu,
  base: 'bare',
  ratioHead: 'of the bare SDK',
};
const publishingRate: Comparison = {
  group: 'publishingRate',
  title: 'Publishing where answers take 20 ms: events a second',
  unit: 'events a second',
  metric: rate,
  base: 'bareOne',
  ratioHead: 'times one loop',
};
const inFlight: Comparison = {
  group: 'inFlight',
  title: 'CPU a message by messages in flight',
  unit: 'µs of CPU',
  metric: cpu,
  base: '100',
  ratioHead: 'of that with 100',
};
const topics: Comparison = {
  group: 'topics',
  title: 'CPU a message by topics in a process',
  unit: 'µs of CPU',
  metric: cpu,
  base: 'one',
  ratioHead: 'of that of one',
};

const at = (latencyMs: number) => (result: CaseResult) => result.latencyMs === latencyMs;

export function benchmarksPage(results: Results): Page {
  const plots = [
    comparisonPlot(results, consumingCpu, 'consuming-cpu.svg'),
    comparisonPlot(results, consumingRate, 'consuming-rate.svg'),
    slowPlot(results),
    comparisonPlot(results, publishingCpu, 'publishing-cpu.svg'),
    comparisonPlot(results, publishingRate, 'publishing-rate.svg'),
    comparisonPlot(results, inFlight, 'in-flight.svg'),
    heapPlot(results),
    importPlot(results),
  ];
  const shown = (file: string, title: string): string => `![${title}](benchmarks/${file})`;
  const written = page(
    '# Benchmarks',
    '<!-- Made by `npm run bench` out of benchmarks.json: edit neither this page nor its figures. -->',
    `What this library costs and reaches beside loops around the bare AWS SDK and beside its peers. ${where(results)} ` +
      'How it is measured is [below](#how-it-is-measured); where the time goes is on [a page of its own](performance.md).',
    '## Promises',
    promisesTable(promises(results)),
    '## Consuming: CPU',
    'A message has 280 bytes in an envelope of SNS. It is parsed, checked by its codec (message-queue-toolkit: by zod), and deleted in a ' +
      'batch (message-queue-toolkit: alone). Answers come at once, and every client has as much as it can take.',
    comparisonTable(results, consumingCpu),
    shown('consuming-cpu.svg', consumingCpu.title),
    '## Consuming: throughput',
    'Each answer takes 20 ms, but for the row that says otherwise.',
    comparisonTable(results, consumingRate),
    shown('consuming-rate.svg', consumingRate.title),
    '## Slow handlers',
    'One handler in ten takes 200 ms, the others 1 ms; 20 messages are in flight at most. Of 20 slots and all of the time, so much was spent ' +
      'in handlers. Where answers take 20 ms a slot that is free waits for the next receive, which no client can spare: on an average a ' +
      'handler takes 21 ms.',
    slowTable(results),
    shown('slow-handlers.svg', SLOW_TITLE),
    '## Publishing: CPU',
    'Events of 280 bytes, batches of ten; message-queue-toolkit publishes one by one, and sqs-producer sends to SQS. Answers come at once.',
    comparisonTable(results, publishingCpu),
    shown('publishing-cpu.svg', publishingCpu.title),
    '## Publishing: throughput',
    'Each answer takes 20 ms.',
    comparisonTable(results, publishingRate),
    shown('publishing-rate.svg', publishingRate.title),
    '## A lone publish',
    'One event at a time, each awaited.',
    loneTable(results),
    '## Growth',
    'Handlers are held so that all slots are taken but twenty, for what comes in; when one more comes, any of them ends.',
    inFlightTable(results),
    shown('in-flight.svg', inFlight.title),
    comparisonTable(results, topics),
    `Heap after a full collection, while ${decimals(0)(results.heap.messages)} messages are consumed from a queue in the same process:`,
    shown('heap.svg', HEAP_TITLE),
    '## API calls and money',
    'As the server counted them, of what is always busy. Prices are list prices: ' +
      `${results.prices.currency} ${decimals(2)(results.prices.sqsPerMillionRequests)} for a million requests to SQS, ` +
      `${decimals(2)(results.prices.snsPerMillionRequests)} to SNS (${results.prices.region}).`,
    list([...results.prices.rules, `Sources: ${results.prices.sources.join(', ')}.`]),
    'Consuming at 0 ms:',
    callsTable(results, 'consumingCpu'),
    'Consuming at 20 ms:',
    callsTable(results, 'consumingRate', at(20)),
    'With slow handlers at 20 ms, where slots become free one by one:',
    callsTable(results, 'slowHandlers', at(20)),
    'Publishing:',
    callsTable(results, 'publishingCpu'),
    '## Start-up',
    'A process that imports nothing but this: the time until it is there.',
    importTable(results),
    shown('imports.svg', IMPORT_TITLE),
    "Installed, in MB: the package itself, and what it brings that the SDK's two clients do not have. rxjs, io-ts and fp-ts count as brought.",
    sizeTable(results),
    `The main door loads ${decimals(0)(results.startUp.testingFiles)} files of \`./testing\`, and these:`,
    table(
      [text('package'), number('files')],
      results.startUp.modules.map(({ name, files }) => [name, decimals(0)(files)]),
    ),
    '## How it is measured',
    list(method(results)),
    '## Versions',
    table([text('package'), text('version')], Object.entries(results.versions)),
  );
  return { text: written, plots };
}

function where({ machine, takenAt, minutes }: Results): string {
  return (
    `Taken on ${takenAt.slice(0, 10)} in ${decimals(0)(minutes)} minutes, on ${decimals(0)(machine.cpus)} CPUs ` +
    `(${machine.cpu}), ${decimals(0)(machine.memoryGB)} GB, ${machine.os}, Node ${machine.node}; the load average was ` +
    `${decimals(1)(machine.loadBefore)} before and ${decimals(1)(machine.loadAfter)} after.`
  );
}

function promisesTable(all: readonly Promised[]): string {
  const rows = all.map((promised) => {
    const { what, bound, figure, digits, isHope } = promised;
    const shown = decimals(digits);
    const verdict = isKept(promised) ? 'yes' : isHope === true ? 'not yet' : '**no**';
    return [
      what,
      'atMost' in bound ? `at most ${String(bound.atMost)}` : `at least ${String(bound.atLeast)}`,
      shown(figure.median),
      figure.least === figure.most ? '' : spread(figure, shown),
      verdict,
    ];
  });
  return table([text('promise'), text('bound'), number('figure'), number('spread'), text('kept?')], rows);
}

const SLOW_TITLE = 'One handler in ten is slow: share of 20 slots and the time in handlers';
const shareOfSlots = (result: CaseResult) => figureOf(result.windows.map((window) => busy(window) / 20));

function slowTable(results: Results): string {
  const rows = casesOf(results, 'slowHandlers').map((result) => {
    const share = shareOfSlots(result);
    const latency = `${decimals(0)(result.latencyMs)} ms`;
    return [
      result.name,
      latency,
      decimals(3)(share.median),
      spread(share, decimals(3)),
      short(measured(result, rate).median),
    ];
  });
  return table(
    [text('case'), number('answers take'), number('used'), number('spread'), number('messages a second')],
    rows,
  );
}

function slowPlot(results: Results): Plot {
  const bars = casesOf(results, 'slowHandlers').map((result) => ({
    ...barOf(result, shareOfSlots(result)),
    label: `${result.name}, ${decimals(0)(result.latencyMs)} ms`,
  }));
  return { file: 'slow-handlers.svg', svg: barPlot(SLOW_TITLE, 'median, and least to most', bars, decimals(2)) };
}

function loneTable(results: Results): string {
  const rows = casesOf(results, 'lonePublish').map((result) => [
    result.name,
    `${decimals(0)(result.latencyMs)} ms`,
    decimals(2)(measured(result, took).median),
    spread(measured(result, took), decimals(2)),
    short(measured(result, cpu).median),
  ]);
  return table(
    [text('case'), number('answers take'), number('ms of one'), number('spread'), number('µs of CPU')],
    rows,
  );
}

function inFlightTable(results: Results): string {
  const rows = casesOf(results, 'inFlight').map((result) => [
    result.name,
    decimals(0)(measured(result, busy).median),
    short(measured(result, rate).median),
    short(measured(result, cpu).median),
    spread(measured(result, cpu)),
  ]);
  const columns = [text('case'), number('in handlers, on an average'), number('messages a second')];
  return table([...columns, number('µs of CPU'), number('spread')], rows);
}

const HEAP_TITLE = 'Heap of a consumer, after a full collection';

function heapPlot({ heap }: Results): Plot {
  const points = heap.samples.map(({ messages, heapUsed }) => ({ x: messages, y: heapUsed }));
  const svg = linePlot(HEAP_TITLE, 'MB by messages consumed', points, { x: decimals(0), y: megabytes });
  return { file: 'heap.svg', svg };
}

const IMPORT_TITLE = 'Import time';

function importPlot({ startUp }: Results): Plot {
  const bars = startUp.imports.map(({ name, rounds }) => {
    const { median: value, least, most } = figureOf(rounds.map(({ wallMs }) => wallMs));
    return { label: name, value, least, most, isOurs: name === 'this library' };
  });
  return {
    file: 'imports.svg',
    svg: barPlot(IMPORT_TITLE, 'ms: median, and least to most of the rounds', bars, decimals(0)),
  };
}

function importTable({ startUp }: Results): string {
  const rows = startUp.imports.map(({ name, rounds }) => {
    const wall = figureOf(rounds.map(({ wallMs }) => wallMs));
    return [
      name,
      decimals(0)(wall.median),
      spread(wall, decimals(0)),
      decimals(0)(median(rounds.map(({ cpuMs }) => cpuMs))),
    ];
  });
  return table([text('imported'), number('ms'), number('spread'), number('ms of CPU')], rows);
}

function sizeTable({ startUp }: Results): string {
  const rows = startUp.sizes.map(({ name, ownBytes, broughtBytes, brought }) => [
    name,
    megabytes(ownBytes),
    megabytes(broughtBytes),
    decimals(0)(brought.length),
  ]);
  return table([text('library'), number('itself'), number('what it brings'), number('packages brought')], rows);
}

function method({ groups }: Results): readonly string[] {
  const rounds = groups.flatMap(({ cases }) => cases.map(({ windows }) => windows.length));
  const shares = groups.flatMap(({ cases }) =>
    cases.map(({ windows }) => median(windows.map((each) => each.serverShare))),
  );
  const left = groups
    .flatMap(({ cases }) => cases.flatMap(({ windows }) => windows.map((each) => each.left)))
    .reduce((sum, each) => sum + each, 0);
  return [
    'SNS and SQS are a canned server in a process of its own on the same machine, by HTTP: AWS JSON for SQS, Query and XML for SNS. ' +
      'Its bodies are made beforehand; in the cell in which it was busiest it used ' +
      `${decimals(0)(Math.max(...shares) * 100)} % of one CPU. Above 85 % a cell says that it is bound by the server.`,
    'Each case is a process of its own, which loads its own client only. The CPU is that of this process, garbage collection and all.',
    'The cases of a table take turns, in another order each round; whoever has no turn does nothing. A figure is the median of ' +
      `${decimals(0)(Math.min(...rounds))} rounds or more, a ratio the median of the ratios within each round, and a spread goes from the least to the most.`,
    'A window opens with a completion and closes with one, about a second later, after a ramp that does not count; before the first ' +
      'round each case has run until its code is compiled.',
    `Messages that a case was handed and had not deleted when it was at rest: ${decimals(0)(left)} of all that were.`,
    'All use one copy of the SDK, with the default client; only this library makes its own client, by its defaults.',
    'The bare loops receive ten messages, parse both layers, check by the same io-ts codec, delete the ten in a batch, and begin again.',
    'There is no TLS, no distance but the latency that is set, no throttling. Absolute figures are those of this machine on that day: ' +
      'compare within a table.',
  ];
}
