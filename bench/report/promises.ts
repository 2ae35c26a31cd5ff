import {
  allCallsPerMessage,
  busy,
  caseOf,
  cpu,
  type Figure,
  figureOf,
  measured,
  type Metric,
  rate,
  ratio,
  took,
} from './figures.js';
import type { Results } from './results.js';

/** What this library is to keep, and what a run says of it. */
export interface Promised {
  readonly what: string;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  /** Beyond what is promised: hoped for. */
  readonly isHope?: boolean;
  readonly figure: Figure;
  /** Digits after the point. */
  readonly digits: number;
}

/** What may be kept of nine hundred thousand messages; one reference a message would be 7.2 MB. */
const FLAT_MB = 5;

export function isKept({ bound, figure }: Promised): boolean {
  return 'atMost' in bound ? figure.median <= bound.atMost : figure.median >= bound.atLeast;
}

/** All of them, in the order of the page. */
export function promises(results: Results): readonly Promised[] {
  const compared = (group: string, one: string, other: string, metric: Metric): Figure =>
    ratio(caseOf(results, group, one), caseOf(results, group, other), metric);
  const calls = (group: string, id: string): Figure => figureOf([allCallsPerMessage(caseOf(results, group, id))]);
  const used = (id: string): Figure => {
    const { median, least, most } = measured(caseOf(results, 'slowHandlers', id), busy);
    return { median: median / 20, least: least / 20, most: most / 20 };
  };
  const consuming = compared('consumingCpu', 'ours', 'bare', cpu);
  return [
    { what: 'Consuming: CPU a message, of the bare SDK loop', bound: { atMost: 0.75 }, figure: consuming, digits: 2 },
    { what: 'the same, hoped for', bound: { atMost: 0.6 }, isHope: true, figure: consuming, digits: 2 },
    {
      what: 'Consuming at 20 ms, one consumer, defaults: times sqs-consumer',
      bound: { atLeast: 12 },
      figure: compared('consumingRate', 'ours', 'sqsConsumer', rate),
      digits: 1,
    },
    {
      what: 'the same: times squiss-ts',
      bound: { atLeast: 8 },
      figure: compared('consumingRate', 'ours', 'squiss', rate),
      digits: 1,
    },
    {
      what: 'the same: of its own throughput at 0 ms',
      bound: { atLeast: 0.9 },
      figure: compared('consumingRate', 'ours', 'oursAtOnce', rate),
      digits: 2,
    },
    {
      what: 'One handler in ten takes 200 ms, 20 in flight, 0 ms: of slots and time used',
      bound: { atLeast: 0.95 },
      figure: used('ours at 0 ms'),
      digits: 3,
    },
    {
      what: 'Publishing, `publishFrom`: CPU an event, of loops of full batches',
      bound: { atMost: 0.85 },
      figure: compared('publishingCpu', 'publishFrom', 'bare', cpu),
      digits: 2,
    },
    {
      what: 'Publishing, `toTopic` kept full: the same',
      bound: { atMost: 0.85 },
      figure: compared('publishingCpu', 'toTopic', 'bare', cpu),
      digits: 2,
    },
    {
      what: 'Publishing at 20 ms: times one loop of PublishBatch',
      bound: { atLeast: 10 },
      figure: compared('publishingRate', 'ours', 'bareOne', rate),
      digits: 1,
    },
    {
      what: 'the same: times sqs-producer',
      bound: { atLeast: 10 },
      figure: compared('publishingRate', 'ours', 'sqsProducer', rate),
      digits: 1,
    },
    {
      what: 'A lone publish at 20 ms: time, of one bare Publish',
      bound: { atMost: 1.1 },
      figure: compared('lonePublish', 'ours at 20 ms', 'bare at 20 ms', took),
      digits: 2,
    },
    {
      what: 'A lone publish at 0 ms: time, of one bare Publish',
      bound: { atMost: 1.1 },
      figure: compared('lonePublish', 'ours at 0 ms', 'bare at 0 ms', took),
      digits: 2,
    },
    {
      what: 'A lone publish at 0 ms: CPU, of one bare Publish',
      bound: { atMost: 1.1 },
      figure: compared('lonePublish', 'ours at 0 ms', 'bare at 0 ms', cpu),
      digits: 2,
    },
    {
      what: 'CPU a message with 10,000 in flight, of that with 100',
      bound: { atMost: 1.1 },
      figure: compared('inFlight', '10000', '100', cpu),
      digits: 2,
    },
    {
      what: 'CPU a message of ten topics in one process, of that of one',
      // Two runs of the same differ by as much.
      bound: { atMost: 1.05 },
      figure: compared('topics', 'ten', 'one', cpu),
      digits: 2,
    },
    {
      what: 'MB that the heap grows by, after warming up',
      bound: { atMost: FLAT_MB },
      figure: heapGrowth(results),
      digits: 2,
    },
    {
      what: 'API calls a message, consuming',
      bound: { atMost: 0.22 },
      figure: calls('consumingCpu', 'ours'),
      digits: 3,
    },
    { what: 'the same at 20 ms, defaults', bound: { atMost: 0.22 }, figure: calls('consumingRate', 'ours'), digits: 3 },
    {
      what: 'API calls an event, publishing',
      bound: { atMost: 0.11 },
      figure: calls('publishingCpu', 'publishFrom'),
      digits: 3,
    },
    {
      what: 'files of `./testing` that the main door loads',
      bound: { atMost: 0 },
      figure: figureOf([results.startUp.testingFiles]),
      digits: 0,
    },
    {
      what: 'packages it loads beside its five peers and what those need',
      bound: { atMost: 0 },
      figure: figureOf([results.startUp.strangers.length]),
      digits: 0,
    },
  ];
}

/** From a tenth of the messages, when all is compiled and pools are filled, to the last. */
function heapGrowth({ heap: { samples } }: Results): Figure {
  const [, first] = samples;
  const last = samples.at(-1);
  return figureOf([((last?.heapUsed ?? NaN) - (first?.heapUsed ?? NaN)) / 1_000_000]);
}
