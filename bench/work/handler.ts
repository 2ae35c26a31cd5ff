import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderPlaced } from '../server/payload.js';
import type { Gauge } from './gauge.js';

/** What the work on a message is. */
export interface HandlerSettings {
  /** `plain`: done at once. `slow`: one in ten takes 200 ms, the rest 1 ms. `hold`: until more than `held` are under way. */
  readonly handler: 'plain' | 'slow' | 'hold';
  readonly held: number;
}

/** The work on one message, the same for every client; it counts itself. */
export interface Handler {
  readonly isPlain: boolean;
  /** For `plain`. */
  now(order: OrderPlaced): void;
  /** For all of them. */
  later(order: OrderPlaced): Promise<void>;
  /** From now on nothing is held, or things are again. */
  release(): void;
  hold(): void;
}

export function createHandler({ handler = 'plain', held = 0 }: Partial<HandlerSettings>, gauge: Gauge): Handler {
  let serial = 0;
  let cents = 0;
  const work = workOf(handler, held);
  const now = (order: OrderPlaced): void => {
    // So that nothing is spared for a value that nobody reads.
    cents += order.cents;
    gauge.done(Number.isNaN(cents) ? 0 : 1);
  };
  return {
    isPlain: handler === 'plain',
    now,
    later: async (order) => {
      if (handler !== 'plain') {
        serial += 1;
        gauge.enter();
        await work.begin(serial);
        gauge.leave();
      }
      now(order);
    },
    release: work.release,
    hold: work.hold,
  };
}

interface Work {
  begin(serial: number): Promise<void>;
  release(): void;
  hold(): void;
}

function workOf(handler: HandlerSettings['handler'], held: number): Work {
  if (handler === 'hold') return heldWork(held);
  return {
    begin: (serial) => sleep(serial % 10 === 0 ? 200 : 1),
    release: () => undefined,
    hold: () => undefined,
  };
}

/** All in one turn would keep the event loop from everything else. */
const AT_ONCE = 50;

/** Ends a piece when there are too many, any of them: what came first need not be done first. So slots stay taken at any speed. */
function heldWork(most: number): Work {
  const underWay: (() => void)[] = [];
  let bound = most;
  let isPlanned = false;
  const endOne = (): void => {
    const index = Math.floor(Math.random() * underWay.length);
    const end = underWay[index];
    const last = underWay.pop();
    // The last takes the place of the one that ends.
    if (last !== undefined && index < underWay.length) underWay[index] = last;
    end?.();
  };
  const endSome = (): void => {
    for (let count = 0; underWay.length > bound && count < AT_ONCE; count += 1) endOne();
    isPlanned = underWay.length > bound;
    if (isPlanned) setImmediate(endSome);
  };
  return {
    begin: () =>
      new Promise((resolve) => {
        underWay.push(resolve);
        if (isPlanned || underWay.length <= bound) return;
        isPlanned = true;
        setImmediate(endSome);
      }),
    release: () => {
      bound = 0;
      if (!isPlanned) endSome();
    },
    hold: () => {
      bound = most;
    },
  };
}
