import { EMPTY, ignoreElements, lastValueFrom, Subject, tap, timer } from 'rxjs';
import { ackMap, fromTopic } from '../src/index.js';
import { type CannedQueue, cannedQueue, type DeletionFault } from './cannedQueue.js';
import { Orders } from './orders.js';

// Whether what a consumer holds depends on how many messages it has ever seen. Run by `npm run bench:heap`.

const MESSAGES = 1_000_000;
const STEP = 100_000;

/**
 * From message 100,000, when code is compiled and pools are filled, to the last. One reference kept a message is 8 bytes, and
 * 7.2 MB by then; what comes and goes with compilation and collection is about 1 MB.
 */
const BOUND_BYTES = 5_000_000;

interface Variant {
  readonly name: string;
  /** Milliseconds that the work on a message takes; none for at once. */
  readonly workMs: (serial: number) => number;
  readonly faultOf?: (serial: number) => DeletionFault | undefined;
  /** Bytes that may be kept beside: what is remembered has a bound of its own. */
  readonly allowedBytes?: number;
}

const VARIANTS: readonly Variant[] = [
  { name: 'handlers that are done at once', workMs: () => 0 },
  { name: 'handlers of 0 to 5 ms', workMs: (serial) => serial % 6 },
  {
    name: '1 % of the deletions fail for good, their messages come again',
    workMs: () => 0,
    faultOf: (serial) => (serial % 100 === 0 ? 'redelivered' : undefined),
  },
  {
    name: '5 % of the deletions fail for good, their messages never come again',
    workMs: () => 0,
    faultOf: (serial) => (serial % 20 === 0 ? 'gone' : undefined),
    // 10,000 ids are remembered at most; 5,000 of them are there at the first of the figures that are compared.
    allowedBytes: 1_000_000,
  },
];

const { gc } = globalThis;
if (gc === undefined) {
  console.error('run it by `npm run bench:heap`, or node --expose-gc');
  process.exitCode = 1;
} else {
  const collect = (): void => {
    gc();
  };
  for (const variant of VARIANTS) await measure(variant, collect);
}

async function measure(variant: Variant, collect: () => void): Promise<void> {
  const { name, workMs, faultOf, allowedBytes = 0 } = variant;
  const queue = cannedQueue(MESSAGES, faultOf);
  const heap: number[] = [];
  const sample = (): void => {
    collect();
    heap.push(process.memoryUsage().heapUsed);
  };
  const { client } = queue;
  const stop = new Subject<void>();
  let handled = 0;
  const done = (): void => {
    handled += 1;
    if (handled % STEP === 0) sample();
    if (handled === MESSAGES) stop.next();
  };
  sample();
  await lastValueFrom(
    fromTopic(client, Orders, { stop }).pipe(
      ackMap(({ id }) => {
        const ms = workMs(id);
        return (ms === 0 ? EMPTY : timer(ms).pipe(ignoreElements())).pipe(tap({ complete: done }));
      }),
    ),
    { defaultValue: undefined },
  );
  await client.close();
  report(name, heap, queue, BOUND_BYTES + allowedBytes);
}

function report(name: string, heap: readonly number[], { counts }: CannedQueue, bound: number): void {
  const [start = 0, first = 0] = heap;
  const last = heap.at(-1) ?? 0;
  const slope = (last - first) / (MESSAGES - STEP);
  console.log(`${name}: ${inMB(start)} MB at the start`);
  console.log(`  heap in MB after each 100,000: ${heap.slice(1).map(inMB).join(' ')}`);
  console.log(`  slope ${slope.toFixed(2)} bytes a message; ${tellFaults(counts)}`);
  if (last - first > bound) {
    console.error(
      `  FAILED: the heap grew by ${inMB(last - first)} MB, more than ${inMB(bound)} MB: something is kept`,
    );
    process.exitCode = 1;
  }
  if (counts.handedOut !== MESSAGES) {
    console.error(`  FAILED: ${String(MESSAGES - counts.handedOut)} messages were handled twice`);
    process.exitCode = 1;
  }
}

function tellFaults({ deleted, deletionsFailed, redelivered }: CannedQueue['counts']): string {
  return `${String(deleted)} deletions, ${String(deletionsFailed)} failed, ${String(redelivered)} redelivered`;
}

function inMB(bytes: number): string {
  return (bytes / 1_000_000).toFixed(2);
}
