import type { MessagingClient } from '../client/client.js';
import type { RawAttributes } from '../message/rawMessage.js';
import type { ProvisionOptions, Topology } from '../topology/provision.js';
import type { AnyTopic, Topic } from '../topic.js';
import type { BrokerOperation } from './brokerOperation.js';
import type { BrokerClientOptions, Latency, TestBrokerOptions } from './brokerOptions.js';
import type { FaultPlan, Outage } from './faults.js';
import type { MessageState } from './storedMessage.js';

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
  /**
   * Makes a topic with the queue and the dead-letter queue of the broker's own service, at once; what `topicMap` and `queueMap`
   * name by ARN or URL, too. @throws as `provision` errors.
   */
  provision(topic: AnyTopic, options?: ProvisionOptions): Topology;
  /**
   * Another client of the same account: another service, or another process of the same one. `topics` are provisioned for it.
   *
   * @throws ConfigurationError that lists every option that can't be.
   */
  connect(options?: BrokerClientOptions & Pick<TestBrokerOptions, 'topics'>): MessagingClient;
  /**
   * Publishes a value at once, as somebody else would: no call of this client's is made, no event told.
   *
   * @returns the message id of SNS. @throws ValidationFailedError or InvalidMessageError for what could not be published,
   * ConfigurationError for a topic that is not there.
   */
  publish<A>(topic: Topic<A>, value: A): string;
  /**
   * Publishes a text as it is, for bodies that no producer of yours would write.
   *
   * @throws AWSConnectionError where SNS would refuse it, ConfigurationError for a topic that is not there.
   */
  publishRaw(topic: AnyTopic, body: string, message?: RawPublication): string;
  /** What is in the queue of a topic, in the order of coming; in that of the broker's own service, unless a client is given. */
  messages(topic: AnyTopic, client?: MessagingClient): readonly BrokerMessage[];
  /** What is in the dead-letter queue of a topic's queue. */
  deadLetters(topic: AnyTopic, client?: MessagingClient): readonly BrokerMessage[];
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
