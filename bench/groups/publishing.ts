import type { Case, Group } from './group.js';

/** CPU: the server answers at once, batches are full. */
export const publishingCpu: Group = {
  id: 'publishingCpu',
  rounds: 7,
  rampMs: 150,
  warmUpMessages: 15_000,
  warmUpMs: 5_000,
  windowMs: 900,
  cases: [
    bare('bare', 'bare SDK, 10 loops of PublishBatch', 0, 10),
    ours('publishFrom', 'this library, publishFrom', 0, 'publishFrom'),
    ours('toTopic', 'this library, toTopic', 0, 'toTopic'),
    sqsProducer('sqsProducer', 'sqs-producer, 10 loops (SQS)', 0, 10, 10),
    toolkit('toolkit', 'message-queue-toolkit, 10 loops', 0, 10),
  ],
};

/** Events a second where each answer takes 20 ms. */
export const publishingRate: Group = {
  id: 'publishingRate',
  rounds: 5,
  rampMs: 200,
  warmUpMessages: 1_000,
  warmUpMs: 1_500,
  windowMs: 1_000,
  cases: [
    ours('ours', 'this library, publishFrom, defaults', 20, 'publishFrom'),
    bare('bareOne', 'bare SDK, one loop of PublishBatch', 20, 1),
    bare('bare', 'bare SDK, 10 loops of PublishBatch', 20, 10),
    sqsProducer('sqsProducer', 'sqs-producer, 100 a call (SQS)', 20, 1, 100),
    toolkit('toolkit', 'message-queue-toolkit, one after the other', 20, 1),
  ],
};

/** One event at a time, each awaited. */
export const lonePublish: Group = {
  id: 'lonePublish',
  rounds: 5,
  rampMs: 100,
  warmUpMessages: 2_000,
  warmUpMs: 5_000,
  windowMs: 900,
  cases: [0, 20].flatMap((latencyMs) => {
    const at = ` at ${String(latencyMs)} ms`;
    return [
      bare(`bare${at}`, 'bare SDK, Publish', latencyMs, 1, 1),
      ours(`ours${at}`, 'this library, publishEvent', latencyMs, 'publishEvent'),
    ];
  }),
};

function bare(id: string, name: string, latencyMs: number, loops: number, batch = 10): Case {
  return { id, name, latencyMs, plan: { file: 'work/barePublisher', settings: { loops, batch } } };
}

function ours(id: string, name: string, latencyMs: number, by: string): Case {
  return { id, name, latencyMs, plan: { file: 'work/ourPublisher', settings: { by } } };
}

function sqsProducer(id: string, name: string, latencyMs: number, loops: number, atOnce: number): Case {
  return { id, name, latencyMs, plan: { file: 'peers/sqsProducer', settings: { loops, atOnce } } };
}

function toolkit(id: string, name: string, latencyMs: number, loops: number): Case {
  return { id, name, latencyMs, plan: { file: 'peers/toolkitPublisher', settings: { loops } } };
}
