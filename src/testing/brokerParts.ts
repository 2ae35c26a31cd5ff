import * as E from 'fp-ts/lib/Either.js';
import { classify } from '../client/classify.js';
import type { MessagingClient } from '../client/client.js';
import { connect } from '../client/connect.js';
import { OPERATIONS } from '../client/operations.js';
import { ConfigurationError } from '../errors.js';
import { encode, type EncodedMessage } from '../message/encode.js';
import { arnOf, placeOf } from '../topology/arn.js';
import { queueName, topicName } from '../topology/names.js';
import type { ProvisionOptions, Topology } from '../topology/provision.js';
import { readRedrivePolicy } from '../topology/redrivePolicy.js';
import type { AnyTopic, Topic } from '../topic.js';
import { type Account, createAccount } from './account.js';
import type { BrokerOperation } from './brokerOperation.js';
import { brokerSettings, clientSettings, latencyFaults, latencyOf, type TestBrokerOptions } from './brokerOptions.js';
import type { BrokerQueue } from './brokerQueue.js';
import { createChance } from './chance.js';
import { createEffects } from './effects.js';
import { createFaults } from './faults.js';
import { provisionNow } from './provisionNow.js';
import { stateOf } from './storedMessage.js';
import type { BrokerMessage, RawPublication, TestBroker } from './testBroker.js';
import { transported } from './transport.js';

/** A broker with what is behind it. */
export interface BrokerParts {
  readonly broker: TestBroker;
  readonly account: Account;
  /** Every client made so far. */
  readonly clients: readonly MessagingClient[];
  /** The random numbers of its clients. */
  readonly random: () => number;
  /** The queue of a topic, as a client names it. @throws ConfigurationError where there is none. */
  queueOf(topic: AnyTopic, client?: MessagingClient): BrokerQueue;
  /** The dead-letter queue of a queue; undefined where it has none. */
  deadLettersOf(queue: BrokerQueue): BrokerQueue | undefined;
  topicArnOf(topic: AnyTopic, client: MessagingClient): string;
  /** Provisions what a client needs for a topic, if it is not there. @throws Error for a client of another broker. */
  ensure(topic: AnyTopic, client: MessagingClient): void;
  /** What is in the queue of a topic, in words; nothing where it is empty. */
  leftIn(topic: AnyTopic, client: MessagingClient): readonly string[];
  /** A publication by `broker.publish`, checked now and to be made later. */
  publication<A>(topic: Topic<A>, value: A): () => string;
  /** Whether what is being published right now comes from `broker.publish`, and not from a client. */
  isOwn(): boolean;
  /** Operations whose faults were planned, and never came to pass. */
  unusedFaults(): readonly BrokerOperation[];
}

/** Makes a broker, and keeps what is behind it at hand. */
export function createBrokerParts(options: TestBrokerOptions): BrokerParts {
  const settings = brokerSettings(options);
  const { region, accountId = '' } = settings.port;
  const account = createAccount({ region, accountId, liberties: { ...settings, chance: createChance(settings.seed) } });
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

  const topicArnOf = (topic: AnyTopic, { port }: MessagingClient): string =>
    arnOf('sns', region, accountId, topicName(port.settings, topic));
  const queueNamed = (topic: AnyTopic, { port }: MessagingClient): BrokerQueue | undefined =>
    account.queueNamed(queueName(port.settings, topic));
  const queueOf: BrokerParts['queueOf'] = (topic, of = client) => queueNamed(topic, of) ?? missing(topic);
  const deadLettersOf: BrokerParts['deadLettersOf'] = (queue) => {
    const policy = readRedrivePolicy(queue.attribute('RedrivePolicy'));
    return policy === undefined ? undefined : account.queueNamed(placeOf(policy.deadLetterTargetArn).name);
  };

  let isOwn = false;
  const publish = (topic: AnyTopic, message: Pick<EncodedMessage, 'body' | 'attributes'> & RawPublication): string => {
    const there = account.findTopic(topicArnOf(topic, client)) ?? missing(topic);
    const entry = { id: '0', ...message };
    const fault = there.faultOf(entry);
    if (fault !== undefined) throw classify({ name: fault }, OPERATIONS.publishBatch, topicName(settings.port, topic));
    const before = isOwn;
    isOwn = true;
    try {
      return there.publish(entry).messageId;
    } finally {
      isOwn = before;
    }
  };
  const publication: BrokerParts['publication'] = (topic, value) => {
    const encoded = encode(topic, value);
    if (E.isLeft(encoded)) throw encoded.left;
    return () => publish(topic, encoded.right);
  };
  const provisionFor = (of: MessagingClient, topic: AnyTopic, provisionOptions?: ProvisionOptions): Topology =>
    provisionNow(account, effects, of, topic, provisionOptions);

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
    messages: (topic, of) => snapshot(queueOf(topic, of)),
    deadLetters: (topic, of) => snapshot(deadLettersOf(queueOf(topic, of))),
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
    random: settings.random,
    queueOf,
    deadLettersOf,
    topicArnOf,
    ensure: (topic, of) => {
      if (of !== broker && !clients.includes(of)) throw new Error(FOREIGN);
      if (queueNamed(topic, of) === undefined) provisionFor(of, topic);
    },
    leftIn: (topic, of) => leftIn(queueOf(topic, of)),
    publication,
    isOwn: () => isOwn,
    unusedFaults: faults.unused,
  };
}

const FOREIGN = 'the client given to an expectation is none of this broker; make it by broker.connect()';

function missing({ name }: AnyTopic): never {
  const message = 'is not there; give it to createTestBroker({ topics }), or to broker.provision()';
  throw new ConfigurationError([{ path: `topic ${name}`, message }], { topic: name });
}

const snapshot = (queue: BrokerQueue | undefined): readonly BrokerMessage[] =>
  (queue?.messages ?? []).map((message) => {
    const { messageId: id, body, attributes, receiveCount, groupId, sequenceNumber } = message;
    return { id, body, attributes, state: stateOf(message), receiveCount, groupId, sequenceNumber };
  });

/** What a test that failed may want to know: is nobody there to receive, does a handler not end? */
function leftIn({ messages }: BrokerQueue): readonly string[] {
  const never = messages.filter(({ receiveCount }) => receiveCount === 0).length;
  const inFlight = messages.filter((message) => stateOf(message) === 'inFlight').length;
  return [
    ...(never > 0 ? [`left in the queue, never received: ${never}`] : []),
    ...(inFlight > 0 ? [`left in flight, received and not settled: ${inFlight}`] : []),
  ];
}
