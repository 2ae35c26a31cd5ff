import * as t from 'io-ts';
import { asyncScheduler } from 'rxjs';
import { fifoTopic, topic } from '../../../src/index.js';
import { createBrokerParts } from '../../../src/testing/brokerParts.js';
import { createChance } from '../../../src/testing/chance.js';
import { readHandle } from '../../../src/testing/receiptHandle.js';
import type { Scenario } from './scenario.js';

const Jobs = topic('jobs', t.string);
const Steps = fifoTopic('steps', t.string, { groupId: (value) => value.charAt(0), contentBasedDeduplication: true });

/** A change that reached SQS for a receipt, and whether it was done. */
export interface Arrival {
  readonly at: number;
  readonly change: 'delete' | 'visibility';
  readonly seconds: number;
  readonly isDone: boolean;
}

/** A body, or a value, by the name of its message: the group and a number. */
export const nameOf = (body: string): string => body.replace(/["!]/g, '');

export type World = ReturnType<typeof createWorld>;

/**
 * The broker, and what is true there: what was published, what reached the queue for which receipt, whether what was deleted
 * had been worked on. It keeps what is wrong in `complaints`.
 */
export function createWorld(scenario: Scenario) {
  const { isFifo, seed, duplicates, latencyMs, maxReceiveCount } = scenario;
  const parts = createBrokerParts({ seed, duplicates, latencyMs, random: createChance(seed + 1) });
  const { broker } = parts;
  const consumed = isFifo ? Steps : Jobs;
  broker.provision(consumed, { maxReceiveCount });
  const queue = parts.queueOf(consumed);
  const deadLetters = parts.deadLettersOf(queue);
  const complaints: string[] = [];
  const published: string[] = [];
  /** What a handler has worked on to its end, or has acknowledged itself. */
  const completed = new Set<string>();
  /** What may be deleted though nobody worked on it: `onInvalid` says so. */
  const mayBeDropped = new Set<string>();
  const arrivals = new Map<string, Arrival[]>();

  const complain = (complaint: string): void => {
    if (complaints.length < 10) complaints.push(`${String(asyncScheduler.now())} ms: ${complaint}`);
  };
  const isDead = (name: string): boolean => deadLetters?.messages.some(({ body }) => nameOf(body) === name) === true;
  const isQueued = (name: string): boolean => queue.messages.some(({ body }) => nameOf(body) === name);
  const arrive = (handle: string, arrival: Arrival): void => {
    const before = arrivals.get(handle) ?? [];
    arrivals.set(handle, [...before, arrival]);
    if (arrival.change === 'visibility' && before.some(({ change }) => change === 'delete')) {
      complain(`a change of visibility reached SQS after the delete of ${handle}`);
    }
  };

  const real = { ...queue };
  queue.delete = (handle) => {
    const serial = readHandle(queue.name, handle)?.serial;
    const body = queue.messages.find((message) => message.serial === serial)?.body;
    const code = real.delete(handle);
    arrive(handle, { at: asyncScheduler.now(), change: 'delete', seconds: 0, isDone: code === undefined });
    if (body === undefined || queue.messages.some((message) => message.serial === serial)) return code;
    const name = nameOf(body);
    if (!completed.has(name) && !isDead(name) && !mayBeDropped.has(name)) {
      complain(`${name} was deleted though nobody had worked on it, and it is not in the dead-letter queue`);
    }
    return code;
  };
  queue.changeVisibility = (handle, seconds) => {
    const code = real.changeVisibility(handle, seconds);
    arrive(handle, { at: asyncScheduler.now(), change: 'visibility', seconds, isDone: code === undefined });
    return code;
  };

  return {
    scenario,
    consumed,
    broker,
    queue,
    complaints,
    complain,
    published,
    completed,
    mayBeDropped,
    isDead,
    isQueued,
    arrivalsOf: (handle: string): readonly Arrival[] => arrivals.get(handle) ?? [],
    publish: (name: string, isPoison: boolean): void => {
      published.push(name);
      if (isPoison) broker.publishRaw(consumed, `!${name}`, { ...(isFifo ? { groupId: name.charAt(0) } : {}) });
      else broker.publish(consumed, name);
    },
    /** Work on a message came to its end. On a FIFO queue what came before it has to be done, or gone. */
    completes: (name: string, inOrder: boolean): void => {
      if (completed.has(name)) return;
      if (isFifo && inOrder) {
        const earlier = published.slice(0, published.indexOf(name)).filter((other) => other.startsWith(name.charAt(0)));
        const overtaken = earlier.filter((other) => !completed.has(other) && !isDead(other) && isQueued(other));
        if (overtaken.length > 0) complain(`${name} was completed before ${overtaken.join(', ')} of its group`);
      }
      completed.add(name);
    },
    /** Nothing is lost: what was published is in the queue, dead-lettered, or worked on. */
    checkNothingLost: (): void => {
      for (const name of published) {
        const isSafe = completed.has(name) || mayBeDropped.has(name) || isDead(name) || isQueued(name);
        if (!isSafe) complain(`${name} is lost`);
      }
    },
  };
}
