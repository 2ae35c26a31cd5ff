import { Readable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import { lastValueFrom, tap } from 'rxjs';
import { publishFrom, type Topic } from '../src/index.js';
import { cannedTopic, type CannedTopic } from './cannedTopic.js';
import { heapSamples, STEP } from './heapSamples.js';
import { type Order, orderOf, Orders, OrdersInLanes } from './orders.js';

// Whether what a producer holds depends on how many values it has ever sent. Run by `npm run bench:heap:publish`.

const VALUES = 1_000_000;
/** Several full batches of each request, and two values of each group. */
const MAX_PENDING = 2_000;

interface Variant {
  readonly name: string;
  readonly topic: Topic<Order>;
  readonly values: () => Iterable<Order> | AsyncIterable<Order>;
  readonly isRefused?: (serial: number) => boolean;
}

const VARIANTS: readonly Variant[] = [
  { name: 'a generator', topic: Orders, values: orders },
  { name: 'an async generator', topic: Orders, values: ordersInTime },
  { name: 'a Readable', topic: Orders, values: () => Readable.from(orders()) },
  { name: 'a FIFO topic with 1,000 groups', topic: OrdersInLanes, values: orders },
  {
    name: '1 in 100 is refused at first, and sent again',
    topic: Orders,
    values: orders,
    isRefused: (serial) => serial % 100 === 0,
  },
];

for (const variant of VARIANTS) await measure(variant);

async function measure({ name, topic, values, isRefused }: Variant): Promise<void> {
  const { client, counts } = cannedTopic(isRefused);
  const heap = heapSamples('value');
  let told = 0;
  heap.take();
  await lastValueFrom(
    publishFrom(client, topic, values(), { maxPending: MAX_PENDING }).pipe(
      tap((result) => {
        if (E.isLeft(result)) throw result.left.error;
        told += 1;
        if (told % STEP === 0) heap.take();
      }),
    ),
  );
  await client.close();
  heap.report(name, tell(counts));
  if (told === VALUES && counts.published === VALUES) return;
  console.error(
    `  FAILED: ${String(told)} results of ${String(counts.published)} entries for ${String(VALUES)} values`,
  );
  process.exitCode = 1;
}

function* orders(): Generator<Order, void> {
  for (let serial = 1; serial <= VALUES; serial += 1) yield orderOf(serial);
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* ordersInTime(): AsyncGenerator<Order, void> {
  yield* orders();
}

function tell({ published, requests, refused }: CannedTopic['counts']): string {
  return `${String(published)} published in ${String(requests)} requests, ${String(refused)} refused before`;
}
