import { lastValueFrom, merge } from 'rxjs';
import { ackMap, fromTopic, runConsumer } from '../../src/index.js';
import type { OrderPlaced } from '../server/payload.js';
import { createHandler, type HandlerSettings } from './handler.js';
import { ordersOf, ourClient } from './ourClient.js';
import { serve, type Settings } from './serve.js';

// This library, with its defaults where nothing else is said.

interface OurSettings extends Settings, Partial<HandlerSettings> {
  readonly maxInFlight?: number;
  readonly maxPolls?: number;
  /** Consumers, each of a topic of its own. */
  readonly topics?: number;
  /** Handlers are promises, in `runConsumer`. */
  readonly promises?: boolean;
}

serve<OurSettings>((endpoint, settings, gauge) => {
  const client = ourClient(endpoint);
  const handler = createHandler(settings, gauge);
  const topics = Array.from({ length: settings.topics ?? 1 }, (_, index) => ordersOf(`orders-${String(index)}`));
  const { maxInFlight, maxPolls } = settings;
  const options = { ...(maxInFlight !== undefined && { maxInFlight }), ...(maxPolls !== undefined && { maxPolls }) };
  let stop = new AbortController();
  let consumed: Promise<unknown> = Promise.resolve();

  const consumeByPromises = (): Promise<unknown> =>
    Promise.all(
      topics.map((topic) =>
        runConsumer(client, topic, (order) => handler.later(order), { ...options, signal: stop.signal }),
      ),
    );
  const consumeByStreams = (): Promise<unknown> => {
    const work = ackMap((order: OrderPlaced) => {
      if (!handler.isPlain) return handler.later(order);
      handler.now(order);
      return [];
    });
    const consumers = topics.map((topic) => fromTopic(client, topic, { ...options, stop: stop.signal }).pipe(work));
    return lastValueFrom(merge(...consumers), { defaultValue: undefined });
  };
  return {
    start: () => {
      stop = new AbortController();
      handler.hold();
      consumed = settings.promises === true ? consumeByPromises() : consumeByStreams();
    },
    stop: async () => {
      stop.abort();
      handler.release();
      await consumed;
    },
  };
});
