import { randomUUID } from 'node:crypto';
import { filter, firstValueFrom, from, lastValueFrom, scan, Subject, tap } from 'rxjs';
import { ackMap, createClient, fromTopic, type Message, provision, publishTo, retryAfter } from 'rxjs-aws-messaging';
import { configOrExit } from './config-from-env.js';
import { type OrderChanged, Orders } from './events.js';
import { isMain } from './isMain.js';

const customers = ['ada', 'grace'];
const statuses = ['placed', 'paid', 'shipped'];

/** The changes of one order for each customer, their customers taking turns. New ids: SQS drops what it saw 5 minutes ago. */
function changes(): readonly OrderChanged[] {
  const orders = customers.map((customer) => ({ id: randomUUID(), customer }));
  return statuses.flatMap((status) => orders.map((order) => ({ ...order, status })));
}

/** Ada's payment fails the first time: her shipment waits behind it, Grace's orders don't. */
async function record({ customer, status }: OrderChanged, { receiveCount }: Message<OrderChanged>): Promise<string> {
  await Promise.resolve();
  if (customer === 'ada' && status === 'paid' && receiveCount === 1) {
    console.log('ada: paid failed, comes back');
    throw new Error('the ledger is busy');
  }
  return `${customer}: ${status}`;
}

/** Publishes the changes of two orders, and handles them in order for each customer. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const client = createClient(configOrExit(env));
  try {
    await firstValueFrom(provision(client, Orders));
    const toDo = changes();
    await lastValueFrom(from(toDo).pipe(publishTo(client, Orders, { stopOnError: true })));

    // Stopped, not cut off: `take(6)` would unsubscribe with the sixth value, before its message is acknowledged.
    const stop = new Subject<void>();
    const recorded$ = fromTopic(client, Orders, { stop }).pipe(
      ackMap(record, { onError: () => retryAfter(1_000) }),
      tap((line) => console.log(line)),
      scan((done) => done + 1, 0),
      filter((done) => done === toDo.length),
      tap(() => stop.next()),
    );
    await lastValueFrom(recorded$);
  } finally {
    await client.close();
  }
}

if (isMain(import.meta.url)) await main(process.env);
