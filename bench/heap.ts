import { EMPTY, ignoreElements, lastValueFrom, Subject, tap, timer } from 'rxjs';
import { ackMap, fromTopic } from '../src/index.js';
import { type CannedQueue, cannedQueue, type DeletionFault } from './cannedQueue.js';
import { heapSamples, STEP } from './heapSamples.js';
import { Orders } from './orders.js';

// Whether what a consumer holds depends on how many messages it has ever seen. Run by `npm run bench:heap`.

const MESSAGES = 1_000_000;

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

for (const variant of VARIANTS) await measure(variant);

async function measure({ name, workMs, faultOf, allowedBytes }: Variant): Promise<void> {
  const queue = cannedQueue(MESSAGES, faultOf);
  const heap = heapSamples('message');
  const { client } = queue;
  const stop = new Subject<void>();
  let handled = 0;
  const done = (): void => {
    handled += 1;
    if (handled % STEP === 0) heap.take();
    if (handled === MESSAGES) stop.next();
  };
  heap.take();
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
  const { counts } = queue;
  heap.report(name, tellFaults(counts), allowedBytes);
  if (counts.handedOut === MESSAGES) return;
  console.error(`  FAILED: ${String(MESSAGES - counts.handedOut)} messages were handled twice`);
  process.exitCode = 1;
}

function tellFaults({ deleted, deletionsFailed, redelivered }: CannedQueue['counts']): string {
  return `${String(deleted)} deletions, ${String(deletionsFailed)} failed, ${String(redelivered)} redelivered`;
}
