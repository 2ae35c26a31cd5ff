import { lastValueFrom } from 'rxjs';
import { ackMap, fromTopic } from '../../src/index.js';
import { cannedQueue } from '../cannedQueue.js';
import { Orders } from '../orders.js';
import type { HeapSample } from '../report/results.js';

// Consumes so many messages from a queue in this very process, and tells what the heap holds on the way: by HTTP a million would
// take minutes. Run with --expose-gc.

const [, , messages = ''] = process.argv;
const { gc } = globalThis;
if (gc === undefined) throw new Error('run it with --expose-gc');

const size = Number(messages);
const step = size / 10;
const samples: HeapSample[] = [];
const take = (handled: number): void => {
  gc();
  samples.push({ messages: handled, heapUsed: process.memoryUsage().heapUsed });
};

const { client, counts } = cannedQueue(size);
const stop = new AbortController();
let handled = 0;
take(0);
await lastValueFrom(
  fromTopic(client, Orders, { stop: stop.signal }).pipe(
    ackMap(() => {
      handled += 1;
      if (handled % step === 0) take(handled);
      if (handled === size) stop.abort();
      return [];
    }),
  ),
  { defaultValue: undefined },
);
await client.close();
if (counts.deleted !== size) throw new Error('not every message was deleted');
process.send?.(samples, () => process.exit());
