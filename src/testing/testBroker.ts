import * as E from 'fp-ts/lib/Either.js';
import { defer, type Observable, of } from 'rxjs';
import { classify } from '../client/classify.js';
import type { AwsCalls, MessagingClient } from '../client/client.js';
import { connect } from '../client/connect.js';
import { OPERATIONS } from '../client/operations.js';
import { ConfigurationError } from '../errors.js';
import { encode, type EncodedMessage } from '../message/encode.js';
import type { RawAttributes } from '../message/rawMessage.js';
import { arnOf, placeOf } from '../topology/arn.js';
import { queueName, topicName } from '../topology/names.js';
import { provision, type ProvisionOptions, type Topology } from '../topology/provision.js';
import { readRedrivePolicy } from '../topology/redrivePolicy.js';
import type { AnyTopic, Topic } from '../topic.js';
import { type Account, createAccount } from './account.js';
import type { BrokerOperation } from './brokerOperation.js';
import {
  type BrokerClientOptions,
  brokerSettings,
  clientSettings,
  type Latency,
  latencyFaults,
  latencyOf,
  type TestBrokerOptions,
} from './brokerOptions.js';
import type { BrokerQueue } from './brokerQueue.js';
import { createChance } from './chance.js';
import { createEffects, type Effects } from './effects.js';
import { createFaults, type FaultPlan, type Outage } from './faults.js';
import { Refusal } from './refusal.js';
import { type MessageState, stateOf } from './storedMessage.js';
import { transported } from './transport.js';

/** A message as it lies in a queue of the broker. */
export interface BrokerMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: RawAttributes;
  /** Visible: anybody can receive it. In flight: received and hidden. Delayed: not visible yet. */
  readonly state: MessageState;
  readonly receiveCount: number;
  readonly groupId?: string | undefined;
  readonly sequenceNumber?: string | undefined;
}

/** SNS and SQS in memory, and a client of them. */
export interface TestBroker extends MessagingClient {
  /** Makes a topic with this client's queue and dead-letter queue, at once. @throws as `provision` errors. */
  provision(topic: AnyTopic, options?: ProvisionOptions): Topology;
  /** Another client of the same account: another service, or another process of the same one. */
  connect(options?: BrokerClientOptions & Pick<TestBrokerOptions, 'topics'>): MessagingClient;
  /**
   * Publishes a value at once, as somebody else would: no call of this client's is made, no event told.
   *
   * @returns the message id of SNS. @throws ValidationFailedError or InvalidMessageError for what could not be published,
   * ConfigurationError for a topic that is not there.
   */
  publish<A>(topic: Topic<A>, value: A): string;
  /** Publishes a text as it is, for bodies that no producer of yours would write. */
  publishRaw(topic: AnyTopic, body: string, message?: RawPublication): string;
  /** What is in the queue of a topic, in the order of coming. */
  messages(topic: AnyTopic): readonly BrokerMessage[];
  /** What is in the dead-letter queue of a topic's queue. */
  deadLetters(topic: AnyTopic): readonly BrokerMessage[];
  /** Plans a fault: the next call, or those that the plan says, fail. @throws ConfigurationError for no plan. */
  fail(operation: BrokerOperation, plan: FaultPlan): void;
  /** Plans a time in which every call fails. @throws ConfigurationError for no time. */
  outage(outage: Outage): void;
  /** Sets how long calls take from now on. @throws ConfigurationError for no latency. */
  latency(latencyMs: Latency): void;
}

/** What a raw message has beside its body. */
export interface RawPublication {
  readonly attributes?: RawAttributes;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** A broker with what is behind it. */
export interface BrokerParts {
  readonly broker: TestBroker;
  readonly account: Account;
  /** The queue of a topic, as a client names it. @throws ConfigurationError where there is none. */
  queueOf(topic: AnyTopic, client?: MessagingClient): BrokerQueue;
  /** The dead-letter queue of a queue; undefined where it has none. */
  deadLettersOf(queue: BrokerQueue): BrokerQueue | undefined;
  topicArnOf(topic: AnyTopic): string;
  /** Every client made so far. */
  readonly clients: readonly MessagingClient[];
  /** Provisions what a client needs for a topic, if it is not there. */
  ensure(topic: AnyTopic, client: MessagingClient): void;
  /** A publication by `broker.publish`, checked now and to be made later. */
  publication<A>(topic: Topic<A>, value: A): () => string;
  /** Whether what is being published right now comes from `broker.publish`, and not from a client. */
  isOwn(): boolean;
}

/**
 * SNS and SQS in memory, as a client that every function of the library takes. It follows AWS to the letter where emulators
 * are lenient: no order and no full batches on standard queues, stale receipt handles, 12 hours of visibility in all, locked
 * groups, five minutes of deduplication, limits of bytes, characters and attributes, the queue policy, one truth an entry.
 *
 * All time is RxJS's: virtual within `messagingTest` and `TestScheduler.run`, real elsewhere. No socket, no promise.
 *
 * @example
 * ```ts
 * import { firstValueFrom } from 'rxjs';
 * import { fromTopic } from 'rxjs-aws-messaging';
 * import { createTestBroker } from 'rxjs-aws-messaging/testing';
 *
 * const broker = createTestBroker({ topics: [UserEvents] });
 * broker.publish(UserEvents, { userId: '1' });
 * const { value } = await firstValueFrom(fromTopic(broker, UserEvents));
 * await broker.close();
 * ```
 *
 * @throws ConfigurationError that lists every option that can't be.
 */
export function createTestBroker(options: TestBrokerOptions = {}): TestBroker {
  return createBrokerParts(options).broker;
}

/** The same, with what is behind it. */
export function createBrokerParts(options: TestBrokerOptions): BrokerParts {
  const settings = brokerSettings(options);
  const { region, accountId = '' } = settings.port;
  const chance = createChance(settings.seed);
  const account = createAccount({ region, accountId, liberties: { ...settings, chance } });
  const effects = createEffects(account);
  const faults = createFaults();
  let latency = latencyOf(settings.latencyMs);
  const calls = transported({ effects, faults, latencyMs: (call) => latency(call) });
  const clients: MessagingClient[] = [];
  const clientOf = (port: typeof settings.port): MessagingClient => {
    const made = connect({ settings: port, calls, destroy: () => undefined, random: settings.random });
    clients.push(made);
    return made;
  };
  const client = clientOf(settings.port);

  const topicArnOf = (topic: AnyTopic): string => arnOf('sns', region, accountId, topicName(settings.port, topic));
  const queueNamed = (topic: AnyTopic, { port }: MessagingClient): BrokerQueue | undefined =>
    account.queueNamed(queueName(port.settings, topic));
  const queueOf: BrokerParts['queueOf'] = (topic, of = client) => queueNamed(topic, of) ?? missing(topic);
  const deadLettersOf: BrokerParts['deadLettersOf'] = (queue) => {
    const policy = readRedrivePolicy(queue.attribute('RedrivePolicy'));
    return policy === undefined ? undefined : account.queueNamed(placeOf(policy.deadLetterTargetArn).name);
  };

  let isOwn = false;
  const publish = (topic: AnyTopic, message: Pick<EncodedMessage, 'body' | 'attributes'> & RawPublication): string => {
    const there = account.findTopic(topicArnOf(topic)) ?? missing(topic);
    const entry = { id: '0', ...message };
    const fault = there.faultOf(entry);
    if (fault !== undefined) throw classify({ name: fault }, OPERATIONS.publishBatch);
    isOwn = true;
    const { messageId } = there.publish(entry);
    isOwn = false;
    return messageId;
  };
  const publication: BrokerParts['publication'] = (topic, value) => {
    const encoded = encode(topic, value);
    if (E.isLeft(encoded)) throw encoded.left;
    return () => publish(topic, encoded.right);
  };
  const provisionFor = ({ port }: MessagingClient, topic: AnyTopic, provisionOptions?: ProvisionOptions): Topology =>
    outcomeOf(provision({ ...client, port: { ...port, calls: immediate(effects) } }, topic, provisionOptions));

  const broker: TestBroker = {
    ...client,
    provision: (topic, provisionOptions) => provisionFor(client, topic, provisionOptions),
    connect: ({ topics = [], ...clientOptions } = {}) => {
      const made = clientOf(clientSettings({ region, accountId }, clientOptions));
      for (const topic of topics) provisionFor(made, topic);
      return made;
    },
    publish: (topic, value) => publication(topic, value)(),
    publishRaw: (topic, body, message) => publish(topic, { attributes: {}, ...message, body }),
    messages: (topic) => snapshot(queueOf(topic)),
    deadLetters: (topic) => snapshot(deadLettersOf(queueOf(topic))),
    fail: faults.fail,
    outage: faults.outage,
    latency: (latencyMs) => {
      const wrong = latencyFaults(latencyMs);
      if (wrong.length > 0) throw new ConfigurationError(wrong);
      latency = latencyOf(latencyMs);
    },
  };
  for (const topic of settings.topics) broker.provision(topic);
  return {
    broker,
    account,
    clients,
    queueOf,
    deadLettersOf,
    topicArnOf,
    ensure: (topic, of) => {
      if (queueNamed(topic, of) === undefined) provisionFor(of, topic);
    },
    publication,
    isOwn: () => isOwn,
  };
}

function missing({ name }: AnyTopic): never {
  const message = 'is not there; give it to createTestBroker({ topics }), or to broker.provision()';
  throw new ConfigurationError([{ path: `topic ${name}`, message }], { topic: name });
}

const snapshot = (queue: BrokerQueue | undefined): readonly BrokerMessage[] =>
  (queue?.messages ?? []).map((message) => {
    const { messageId: id, body, attributes, receiveCount, groupId, sequenceNumber } = message;
    return { id, body, attributes, state: stateOf(message), receiveCount, groupId, sequenceNumber };
  });

/** The calls without a way: answered while they are made, and by no plan of faults. */
function immediate(effects: Effects): AwsCalls {
  const entries = Object.entries(effects).map(([call, effect]) => [
    call,
    (request: unknown) =>
      defer(() => {
        try {
          return of((effect as (request: unknown) => unknown)(request));
        } catch (error) {
          throw error instanceof Refusal ? classify({ name: error.code }, OPERATIONS[call as keyof AwsCalls]) : error;
        }
      }),
  ]);
  // Each entry keeps its own request and response. Of receives, which take time, there are none.
  return Object.fromEntries(entries) as AwsCalls;
}

/** What an Observable that takes no time emits. */
function outcomeOf<T>(source: Observable<T>): T {
  const outcome: { value?: T; error?: unknown } = {};
  source.subscribe({
    next: (value) => {
      outcome.value = value;
    },
    error: (error: unknown) => {
      outcome.error = error;
    },
  });
  if ('value' in outcome) return outcome.value;
  throw outcome.error;
}
