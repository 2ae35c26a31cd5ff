import type { Case, Group } from './group.js';

/** What was tried on the way between a consumer and SQS: each rung leaves out more. */
export const ladder: Group = {
  id: 'ladder',
  rounds: 5,
  rampMs: 150,
  warmUpMessages: 15_000,
  warmUpMs: 5_000,
  windowMs: 900,
  cases: [
    rung('asItComes', 'the SDK as it comes'),
    rung('noMd5', 'without its MD5 check'),
    rung('cachedMiddleware', 'and with cacheMiddleware'),
    rung('fewerSteps', 'and without five steps of its middleware'),
    rung('requestHandler', 'its signer and request handler alone, JSON in one pass'),
    rung('nodeHttp', 'its signer and node:http'),
    rung('undici', 'its signer and undici'),
  ],
};

function rung(id: string, name: string): Case {
  return { id, name, latencyMs: 0, plan: { file: 'peers/ladder', settings: { rung: id } } };
}
