import { setTimeout as sleep } from 'node:timers/promises';
import type { Gauge } from './gauge.js';
import type { OrderPlaced } from '../server/payload.js';

/** What the work on a message is. */
export interface HandlerSettings {
  /** `plain`: done at once. `slow`: one in ten takes 200 ms, the rest 1 ms. `hold`: about `holdMs`. */
  readonly handler: 'plain' | 'slow' | 'hold';
  readonly holdMs: number;
}

/** The work on one message, the same for every client; it counts itself. */
export interface Handler {
  readonly isPlain: boolean;
  /** For `plain`. */
  now(order: OrderPlaced): void;
  /** For all of them. */
  later(order: OrderPlaced): Promise<void>;
}

/** Sevenths of the time that messages are held: they do not all end together. */
const HOLDS = [4, 5, 6, 7, 8, 9, 10].map((sevenths) => sevenths / 7);

export function createHandler({ handler, holdMs }: Partial<HandlerSettings>, gauge: Gauge): Handler {
  let serial = 0;
  let cents = 0;
  const workMs = (): number => {
    serial += 1;
    if (handler === 'slow') return serial % 10 === 0 ? 200 : 1;
    return (holdMs ?? 0) * (HOLDS[serial % HOLDS.length] ?? 1);
  };
  const now = (order: OrderPlaced): void => {
    // So that nothing is spared for a value that nobody reads.
    cents += order.cents;
    gauge.done(Number.isNaN(cents) ? 0 : 1);
  };
  const isPlain = handler === undefined || handler === 'plain';
  return {
    isPlain,
    now,
    later: async (order) => {
      if (!isPlain) {
        gauge.enter();
        await sleep(workMs());
        gauge.leave();
      }
      now(order);
    },
  };
}
