import type { Case, Group } from './group.js';

/** CPU: the server answers at once, and every client is kept busy. */
export const consumingCpu: Group = {
  id: 'consumingCpu',
  rounds: 7,
  warmUpMessages: 15_000,
  warmUpMs: 5_000,
  rampMs: 150,
  windowMs: 900,
  cases: [
    bare('bare', 'bare SDK, 10 loops', 0, 10),
    bare('bareParse', 'bare SDK, 10 loops, values only parsed', 0, 10, false),
    bare('barePromises', 'bare SDK, 10 loops, a promise for each message', 0, 10, true, { promises: true }),
    ours('ours', 'this library', 0, { maxInFlight: 100, maxPolls: 10 }),
    ours('oursPromises', 'this library, runConsumer with async handlers', 0, { promises: true }),
    sqsConsumer('sqsConsumer10', 'sqs-consumer, 10 instances', 0, 10),
    sqsConsumer('sqsConsumer', 'sqs-consumer, one instance', 0, 1),
    squiss('squiss', 'squiss-ts', 0, 100),
    toolkit('toolkit', 'message-queue-toolkit, 10 consumers', 0, 10),
  ],
};

/** Messages a second where each answer takes 20 ms. */
export const consumingRate: Group = {
  id: 'consumingRate',
  rounds: 5,
  warmUpMessages: 1_000,
  warmUpMs: 1_500,
  rampMs: 200,
  windowMs: 1_000,
  cases: [
    ours('ours', 'this library, one consumer, defaults', 20, {}),
    ours('oursAtOnce', 'this library, defaults', 0, {}),
    sqsConsumer('sqsConsumer', 'sqs-consumer, one instance', 20, 1),
    squiss('squiss', 'squiss-ts', 20, 100),
    toolkit('toolkit', 'message-queue-toolkit, one consumer', 20, 1),
    bare('bareOne', 'bare SDK, one loop', 20, 1),
    bare('bare', 'bare SDK, 10 loops', 20, 10),
  ],
};

/** One handler in ten takes 200 ms, the rest 1 ms; 20 messages in flight. */
export const slowHandlers: Group = {
  id: 'slowHandlers',
  rounds: 5,
  warmUpMessages: 1_000,
  warmUpMs: 1_500,
  rampMs: 500,
  windowMs: 1_500,
  cases: [0, 20].flatMap((latencyMs) => {
    const slow = { handler: 'slow' };
    const at = ` at ${String(latencyMs)} ms`;
    return [
      ours(`ours${at}`, 'this library', latencyMs, { maxInFlight: 20, ...slow }),
      sqsConsumer(`sqsConsumerBatch${at}`, 'sqs-consumer, 2 instances, handleMessageBatch', latencyMs, 2, slow),
      sqsConsumer(`sqsConsumer${at}`, 'sqs-consumer, 2 instances, handleMessage', latencyMs, 2, {
        ...slow,
        byBatch: false,
      }),
      squiss(`squiss${at}`, 'squiss-ts', latencyMs, 20, slow),
      bare(`bare${at}`, 'bare SDK, 2 loops', latencyMs, 2, true, slow),
    ];
  }),
};

function bare(id: string, name: string, latencyMs: number, loops: number, check = true, more = {}): Case {
  return { id, name, latencyMs, plan: { file: 'work/bareConsumer', settings: { loops, check, ...more } } };
}

export function ours(
  id: string,
  name: string,
  latencyMs: number,
  settings: Readonly<Record<string, number | string | boolean>>,
): Case {
  return { id, name, latencyMs, plan: { file: 'work/ourConsumer', settings } };
}

function sqsConsumer(id: string, name: string, latencyMs: number, instances: number, more = {}): Case {
  const settings = { instances, byBatch: true, ...more };
  return { id, name, latencyMs, plan: { file: 'peers/sqsConsumer', settings } };
}

function squiss(id: string, name: string, latencyMs: number, maxInFlight: number, more = {}): Case {
  return { id, name, latencyMs, plan: { file: 'peers/squiss', settings: { maxInFlight, ...more } } };
}

function toolkit(id: string, name: string, latencyMs: number, consumers: number): Case {
  return { id, name, latencyMs, plan: { file: 'peers/toolkitConsumer', settings: { consumers } } };
}
