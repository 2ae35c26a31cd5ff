import * as E from 'fp-ts/lib/Either.js';
import { lastValueFrom, tap } from 'rxjs';
import { type MessagingClient, publishEvent, publishFrom, toTopic } from '../../src/index.js';
import { type OrderPlaced, orderPlaced } from '../server/payload.js';
import type { Gauge } from './gauge.js';
import { loops } from './loops.js';
import { ordersOf, ourClient } from './ourClient.js';
import { type Load, serve, type Settings } from './serve.js';

// This library, with its defaults.

interface OurSettings extends Settings {
  readonly by: 'publishFrom' | 'toTopic' | 'publishEvent';
}

const orders = ordersOf('orders');
/** Values that `toTopic` is given before the first is answered: two batches for each of its requests. */
const AHEAD = 400;

let serial = 0;
const nextOrder = (): OrderPlaced => orderPlaced((serial += 1));

serve<OurSettings>((endpoint, { by }, gauge) => {
  const client = ourClient(endpoint);
  switch (by) {
    case 'publishFrom':
      return fromGenerator(client, gauge);
    case 'toTopic':
      return keptFull(client, gauge);
    case 'publishEvent':
      return oneByOne(client, gauge);
  }
});

function fromGenerator(client: MessagingClient, gauge: Gauge): Load {
  let isStopped = true;
  let published: Promise<unknown> = Promise.resolve();
  function* values(): Generator<OrderPlaced, void> {
    while (!isStopped) yield nextOrder();
  }
  return {
    start: () => {
      isStopped = false;
      published = lastValueFrom(
        publishFrom(client, orders, values()).pipe(
          tap((result) => {
            if (E.isLeft(result)) throw result.left.error;
            gauge.done(1);
          }),
        ),
        { defaultValue: undefined },
      );
    },
    stop: async () => {
      isStopped = true;
      await published;
    },
  };
}

function keptFull(client: MessagingClient, gauge: Gauge): Load {
  let isStopped = true;
  let published: Promise<unknown> = Promise.resolve();
  return {
    start: () => {
      isStopped = false;
      const sink = toTopic(client, orders);
      sink.subscribe((result) => {
        if (E.isLeft(result)) throw result.left.error;
        gauge.done(1);
        if (isStopped) sink.complete();
        else sink.next(nextOrder());
      });
      published = lastValueFrom(sink);
      for (let count = 0; count < AHEAD; count += 1) sink.next(nextOrder());
    },
    stop: async () => {
      isStopped = true;
      await published;
    },
  };
}

function oneByOne(client: MessagingClient, gauge: Gauge): Load {
  return loops(1, async () => {
    const begunAt = performance.now();
    await publishEvent(client, orders, nextOrder());
    gauge.took(performance.now() - begunAt);
    gauge.done(1);
  });
}
