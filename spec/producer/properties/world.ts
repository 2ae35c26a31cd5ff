import { asyncScheduler } from 'rxjs';
import type { Attributes } from '../../../src/client/client.js';
import type { AnyTopic } from '../../../src/index.js';
import { createBrokerParts } from '../../../src/testing/brokerParts.js';
import { createChance } from '../../../src/testing/chance.js';
import type { Item } from './item.js';
import type { Scenario } from './scenario.js';

export type World = ReturnType<typeof createWorld>;

/** The broker, and what is true there: what reached its topics, and as what. It keeps what is wrong in `complaints`. */
export function createWorld(scenario: Scenario) {
  const { seed, retryAttempts, timeoutMs, rateLimit } = scenario;
  const chance = createChance(seed);
  const complaints: string[] = [];
  /** Random numbers that were asked for, and when: standard backoffs are made of them. */
  const drawn: { readonly at: number; readonly number: number }[] = [];
  const random = (): number => {
    const number = chance();
    drawn.push({ at: asyncScheduler.now(), number });
    return number;
  };
  const limits = { retryAttempts, timeoutMs, ...(rateLimit === undefined ? {} : { rateLimit }) };
  const parts = createBrokerParts({ seed, random, ...limits });
  /** Values by their ids. */
  const items = new Map<string, Item>();
  const promises: Promise<unknown>[] = [];
  let taken = 0;
  let isKilled = false;
  parts.broker.port.killed$.subscribe(() => (isKilled = true));
  parts.account.published$.subscribe(() => (taken += 1));

  const itemOf = (body: string): Item | undefined => items.get(/"id":"([^"]*)"/.exec(body)?.[1] ?? '');

  const complain = (complaint: string): void => {
    if (complaints.length < 10) complaints.push(`${String(asyncScheduler.now())} ms: ${complaint}`);
  };

  return {
    scenario,
    broker: parts.broker,
    complaints,
    complain,
    drawn,
    /** `close()` has no time left. */
    isKilled: () => isKilled,
    items,
    /** What was promised, heard of after the play. */
    promises,
    /** The value of a body. */
    itemOf,
    /** Makes a topic, and tells of each message that reaches it and whether that was not dropped. */
    open: (topic: AnyTopic, onAccepted: (item: Item) => void): void => {
      const arn = parts.topicArnOf(topic, parts.broker);
      const isFifo: Attributes = topic.kind === 'fifo' ? { FifoTopic: 'true' } : {};
      const isByContent: Attributes = topic.contentBasedDeduplication ? { ContentBasedDeduplication: 'true' } : {};
      parts.account.createTopic(arn.split(':').at(-1) ?? '', { ...isFifo, ...isByContent });
      const there = parts.account.topic(arn);
      const real = { ...there };
      there.faultOf = (entry) => {
        const fault = real.faultOf(entry);
        if (fault !== undefined) complain(`SNS refused an entry that was sent: ${fault}, ${entry.body.slice(0, 40)}`);
        return fault;
      };
      there.publish = (entry) => {
        const before = taken;
        const { messageId, sequenceNumber } = real.publish(entry);
        const item = itemOf(entry.body);
        item?.arrivals.push({ messageId, sequenceNumber, isNew: taken > before });
        if (item !== undefined && taken > before) onAccepted(item);
        return { messageId, sequenceNumber };
      };
    },
  };
}
