import type { Attributes, AwsCalls, PublishedEntry, ReceiveRequest } from '../../src/client/client.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import type { Draft } from './drafts.js';
import type { Script } from './script.js';

export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** A receive waits a second unless it says otherwise: a short poll may bring nothing though there is something. */
export type ReceiveOptions = Partial<Omit<ReceiveRequest, 'queueUrl'>>;

/** What scripts play on: the calls of a client, names that nobody else has, and steps that many scripts have. */
export interface Stage {
  readonly calls: AwsCalls;
  name(kind: string): string;
  wait(ms: number): Script;
  queue(attributes?: Attributes): Script<Queue>;
  fifoQueue(attributes?: Attributes): Script<Queue>;
  /** A topic's ARN. */
  topic(attributes?: Attributes): Script<string>;
  fifoTopic(attributes?: Attributes): Script<string>;
  /** Lets the topic send to the queue. */
  allow(topicArn: string, queue: Queue): Script;
  /** Allows and subscribes; the subscription's ARN. */
  subscribe(topicArn: string, queue: Queue, attributes?: Attributes): Script<string>;
  /** Sends one batch that is taken in as a whole. */
  send(queue: Queue, ...drafts: readonly Draft[]): Script;
  publish(topicArn: string, ...drafts: readonly Draft[]): Script<readonly PublishedEntry[]>;
  receive(queue: Queue, options?: ReceiveOptions): Script<readonly RawMessage[]>;
  /** Receives until so many have come; fails when a second passes without any. */
  take(queue: Queue, count: number, options?: ReceiveOptions): Script<readonly RawMessage[]>;
  takeOne(queue: Queue, options?: ReceiveOptions): Script<RawMessage>;
  /** Expects that nothing comes for a second. */
  nothing(queue: Queue): Script;
  delete(queue: Queue, ...messages: readonly RawMessage[]): Script;
  hide(queue: Queue, message: RawMessage, visibilityTimeoutSeconds: number): Script;
  /** What the one entry fails with; undefined where it succeeds. */
  deleteFault(queue: Queue, receiptHandle: string): Script<string | undefined>;
  visibilityFault(queue: Queue, receiptHandle: string, seconds: number): Script<string | undefined>;
  sendFault(queue: Queue, draft: Draft): Script<string | undefined>;
  publishFault(topicArn: string, draft: Draft): Script<string | undefined>;
}
