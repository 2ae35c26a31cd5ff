import type { Attributes, PublishEntry } from '../client/client.js';
import { DEFAULT_MAX_MESSAGE_BYTES, MAX_ATTRIBUTES } from '../client/limits.js';
import type { RawAttributes } from '../message/rawMessage.js';
import type { BrokerQueue, Sent } from './brokerQueue.js';
import { contentHash, createDeduplication } from './deduplication.js';
import { type Filter, readFilterPolicy } from './filterPolicy.js';
import type { Identifiers } from './identifiers.js';
import { publishFault } from './messageRules.js';
import { notification, type Published } from './notification.js';
import { queuePolicyAllows } from './queuePolicyAllows.js';
import { refuse } from './refusal.js';

/** A topic of the broker, with the queues that are subscribed to it. */
export interface BrokerTopic {
  readonly arn: string;
  readonly attributes: Attributes;
  /** Why SNS refuses this entry; undefined where it takes it. */
  faultOf(entry: PublishEntry): string | undefined;
  /** Takes a message in, and delivers it to every queue whose filter and policy let it through. */
  publish(entry: PublishEntry): Sent;
  /** Emits what is subscribed; makes it where it is missing. */
  subscribe(queue: BrokerQueue, attributes: Attributes): BrokerSubscription;
}

/** A queue's subscription to a topic. */
export interface BrokerSubscription {
  readonly arn: string;
  attributes(): Attributes;
  setAttribute(name: string, value: string): void;
}

interface Subscription extends BrokerSubscription {
  readonly queue: BrokerQueue;
  deliver(published: Published): void;
}

export interface BrokerTopicOptions {
  readonly arn: string;
  readonly attributes: Attributes;
  readonly ids: Identifiers;
  /** Told of every message that is taken in. */
  readonly onPublished: (published: Published) => void;
}

export function createBrokerTopic({ arn, attributes, ids, onPublished }: BrokerTopicOptions): BrokerTopic {
  const isFifo = arn.endsWith('.fifo');
  const accepted = createDeduplication<Sent>();
  const subscriptions: Subscription[] = [];
  const contentBasedDeduplication = attributes.ContentBasedDeduplication === 'true';
  const destination = { isFifo, contentBasedDeduplication, maxBytes: DEFAULT_MAX_MESSAGE_BYTES };

  const accept = (entry: PublishEntry): Sent => {
    const messageId = ids.messageId('sns');
    const sequenceNumber = isFifo ? ids.sequenceNumber() : undefined;
    const published = { topicArn: arn, messageId, sequenceNumber, entry };
    onPublished(published);
    for (const subscription of subscriptions) subscription.deliver(published);
    return { messageId, sequenceNumber };
  };

  return {
    arn,
    attributes,
    faultOf: (entry) => publishFault(entry, destination),
    publish: (entry) => {
      if (!isFifo) return accept(entry);
      const { deduplicationId = contentHash(entry.body) } = entry;
      return accepted.once(deduplicationId, () => accept({ ...entry, deduplicationId }));
    },
    subscribe: (queue, given) => {
      // A FIFO topic may feed a standard queue, which keeps no order; not the other way round.
      if (queue.isFifo && !isFifo) refuse('InvalidParameterException');
      const there = subscriptions.find((subscription) => subscription.queue === queue);
      if (there !== undefined) {
        const current = there.attributes();
        const differs = Object.entries(given).some(([name, value]) => current[name] !== value);
        return differs ? refuse('InvalidParameterException') : there;
      }
      const made = createSubscription(`${arn}:${ids.messageId('sns')}`, queue);
      for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
      subscriptions.push(made);
      return made;
    },
  };
}

function createSubscription(arn: string, queue: BrokerQueue): Subscription {
  let attributes: Attributes = { RawMessageDelivery: 'false' };
  let filter: Filter = () => true;

  return {
    arn,
    queue,
    attributes: () => attributes,
    setAttribute: (name, value) => {
      if (!isSubscriptionAttribute(name, value)) refuse('InvalidParameterException');
      if (name === 'FilterPolicy') filter = value === '' ? () => true : readFilterPolicy(value);
      attributes = { ...attributes, [name]: value };
    },
    deliver: (published) => {
      const { entry, topicArn } = published;
      if (!filter(entry.attributes) || !queuePolicyAllows(queue.attribute('Policy'), topicArn)) return;
      const isRaw = attributes.RawMessageDelivery === 'true';
      // Without a word. [D: SNS raw message delivery]
      if (isRaw && Object.keys(entry.attributes).length > MAX_ATTRIBUTES) return;
      const message = {
        id: entry.id,
        body: isRaw ? entry.body : notification(published),
        attributes: isRaw ? entry.attributes : NO_ATTRIBUTES,
        groupId: entry.groupId,
        deduplicationId: queue.isFifo ? entry.deduplicationId : undefined,
      };
      // What the queue does not take, such as an envelope over its limit, SNS gives up.
      if (queue.faultOf(message) === undefined) queue.send(message);
    },
  };
}

const NO_ATTRIBUTES: RawAttributes = {};

/** [A: SetSubscriptionAttributes] */
function isSubscriptionAttribute(name: string, value: string): boolean {
  if (name === 'RawMessageDelivery') return value === 'true' || value === 'false';
  if (name !== 'FilterPolicyScope') return name === 'FilterPolicy';
  if (value === 'MessageBody') throw new Error('the test broker filters by message attributes only');
  return value === 'MessageAttributes';
}
