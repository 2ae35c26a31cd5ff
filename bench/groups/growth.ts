import type { Case, Group } from './group.js';

/** Slots that are left for what comes in: two receives of ten. */
const FREE = 20;

/** CPU a message with more and more of them in flight. */
export const inFlight: Group = {
  id: 'inFlight',
  rounds: 5,
  rampMs: 300,
  warmUpMessages: 8_000,
  warmUpMs: 1_500,
  windowMs: 1_200,
  cases: [100, 1_000, 10_000].map((maxInFlight): Case => ({
    id: String(maxInFlight),
    name: `maxInFlight ${maxInFlight.toLocaleString('en')}`,
    latencyMs: 0,
    plan: { file: 'work/ourConsumer', settings: { maxInFlight, handler: 'hold', held: maxInFlight - FREE } },
  })),
};

/** One consumer of a thousand in flight, and ten of a hundred each in one process. */
export const topics: Group = {
  id: 'topics',
  rounds: 5,
  rampMs: 150,
  warmUpMessages: 15_000,
  warmUpMs: 5_000,
  windowMs: 1_000,
  cases: [
    consumers('one', 'one topic, 1,000 in flight, 10 polls', { maxInFlight: 1_000, maxPolls: 10 }),
    consumers('ten', 'ten topics, 100 in flight and one poll each', { topics: 10, maxInFlight: 100, maxPolls: 1 }),
    // A hundred polls share one CPU: the library gives one up that is half a second old at the stop, as if the queue were empty.
    { ...consumers('tenDefaults', 'ten topics, defaults', { topics: 10 }), mayLeave: true },
  ],
};

function consumers(id: string, name: string, settings: Readonly<Record<string, number>>): Case {
  return { id, name, latencyMs: 0, plan: { file: 'work/ourConsumer', settings } };
}
