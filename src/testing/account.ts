import { Subject, type Observable } from 'rxjs';
import type { Attributes } from '../client/client.js';
import { arnOf } from '../topology/arn.js';
import { isQueueName, isTopicName } from '../topology/names.js';
import { readRedrivePolicy } from '../topology/redrivePolicy.js';
import { type BrokerQueue, createBrokerQueue } from './brokerQueue.js';
import { type BrokerSubscription, type BrokerTopic, createBrokerTopic } from './brokerTopic.js';
import type { Liberties } from './handOut.js';
import { createIdentifiers } from './identifiers.js';
import type { Published } from './notification.js';
import { newQueueAttributes } from './queueAttributes.js';
import { refuse } from './refusal.js';
import type { StoredMessage } from './storedMessage.js';

/** A message that came into a queue, sent or moved. */
export interface Arrival {
  readonly queue: BrokerQueue;
  readonly message: StoredMessage;
}

/** The topics, queues and subscriptions of one account in one region. */
export interface Account {
  readonly accountId: string;
  createTopic(name: string, attributes: Attributes): string;
  topic(arn: string): BrokerTopic;
  findTopic(arn: string): BrokerTopic | undefined;
  createQueue(name: string, attributes: Attributes): string;
  queue(url: string): BrokerQueue;
  queueNamed(name: string): BrokerQueue | undefined;
  setQueueAttributes(url: string, attributes: Attributes): void;
  subscribe(topicArn: string, queueArn: string, attributes: Attributes): string;
  subscription(arn: string): BrokerSubscription;
  readonly published$: Observable<Published>;
  readonly arrivals$: Observable<Arrival>;
}

export interface AccountOptions {
  readonly region: string;
  readonly accountId: string;
  readonly liberties: Liberties;
}

export function createAccount({ region, accountId, liberties }: AccountOptions): Account {
  const ids = createIdentifiers();
  const topics = new Map<string, BrokerTopic>();
  const queues = new Map<string, BrokerQueue>();
  const subscriptions = new Map<string, BrokerSubscription>();
  const published = new Subject<Published>();
  const arrivals = new Subject<Arrival>();

  const urlOf = (name: string): string => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
  const queueOf = (arn: string): BrokerQueue | undefined => [...queues.values()].find((queue) => queue.arn === arn);

  /** A dead-letter queue has to be there. [A: SetQueueAttributes RedrivePolicy] */
  const checkDeadLetterQueue = ({ RedrivePolicy }: Attributes): void => {
    const policy = readRedrivePolicy(RedrivePolicy);
    if (policy !== undefined && queueOf(policy.deadLetterTargetArn) === undefined) refuse('InvalidParameterValue');
  };

  return {
    accountId,
    createTopic: (name, attributes) => {
      if (!isTopicName(name)) refuse('InvalidParameterException');
      if (name.endsWith('.fifo') !== (attributes.FifoTopic === 'true')) refuse('InvalidParameterException');
      const arn = arnOf('sns', region, accountId, name);
      const there = topics.get(arn);
      if (there !== undefined && differs(there.attributes, attributes)) refuse('InvalidParameterException');
      const onPublished = (message: Published): void => published.next(message);
      if (there === undefined) topics.set(arn, createBrokerTopic({ arn, attributes, ids, onPublished }));
      return arn;
    },
    topic: (arn) => topics.get(arn) ?? refuse('NotFoundException'),
    findTopic: (arn) => topics.get(arn),
    createQueue: (name, attributes) => {
      if (!isQueueName(name)) refuse('InvalidParameterValue');
      const url = urlOf(name);
      const there = queues.get(url);
      if (there !== undefined && differs(there.attributes(), attributes)) refuse('QueueNameExists');
      if (there !== undefined) return url;
      const complete = newQueueAttributes(name, attributes);
      checkDeadLetterQueue(attributes);
      const arn = arnOf('sqs', region, accountId, name);
      const onArrival = (queue: BrokerQueue, message: StoredMessage): void => arrivals.next({ queue, message });
      queues.set(url, createBrokerQueue({ name, url, arn, attributes: complete, ids, liberties, queueOf, onArrival }));
      return url;
    },
    queue: (url) => queues.get(url) ?? refuse('QueueDoesNotExist'),
    queueNamed: (name) => queues.get(urlOf(name)),
    setQueueAttributes: (url, attributes) => {
      const queue = queues.get(url) ?? refuse('QueueDoesNotExist');
      checkDeadLetterQueue(attributes);
      queue.setAttributes(attributes);
    },
    subscribe: (topicArn, queueArn, attributes) => {
      const topic = topics.get(topicArn) ?? refuse('NotFoundException');
      const queue = queueOf(queueArn) ?? refuse('InvalidParameterException');
      const subscription = topic.subscribe(queue, attributes);
      subscriptions.set(subscription.arn, subscription);
      return subscription.arn;
    },
    subscription: (arn) => subscriptions.get(arn) ?? refuse('NotFoundException'),
    published$: published.asObservable(),
    arrivals$: arrivals.asObservable(),
  };
}

const differs = (there: Attributes, asked: Attributes): boolean =>
  Object.entries(asked).some(([name, value]) => there[name] !== value);
