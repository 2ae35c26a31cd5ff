import type { RunHelpers } from 'rxjs/testing';
import type { MessagingClient } from '../client/client.js';
import type { AnyTopic, Topic } from '../topic.js';
import type { TestBrokerOptions } from './brokerOptions.js';
import type { RawPublication, TestBroker } from './testBroker.js';

/** Options of `messagingTest`: those of its broker, and how long it goes on. */
export interface MessagingTestOptions extends TestBrokerOptions {
  /**
   * Milliseconds of virtual time for which a test goes on after the end of its longest diagram, so that what nobody expected
   * is seen. A consumer never ends by itself; a test does.
   *
   * @defaultValue 600000 (10 minutes)
   */
  readonly overtimeMs?: number;
  /**
   * Whether a fault may be planned by `broker.fail` that never comes to pass. A test whose fault does not come tests nothing.
   *
   * @defaultValue false
   */
  readonly allowUnusedFaults?: boolean;
}

/** An expectation of what becomes of the messages of a topic. */
export interface LaneExpectation<A> {
  /**
   * @param marbles - a diagram in run mode: one character is a millisecond, `30s` between blanks is a time.
   * @param values - values by letter; a letter stands for itself where neither these nor bodies are given.
   * @param bodies - texts by letter, of messages that can't be decoded.
   *
   * @throws Error for a letter without a value, and for what is no diagram.
   */
  toBe(marbles: string, values?: Readonly<Record<string, A>>, bodies?: Readonly<Record<string, string>>): void;
}

/** Options of `replay`. */
export interface ReplayOptions {
  /**
   * Columns by which something may come earlier or later than it was recorded: the network of that day is not there.
   *
   * @defaultValue 1
   */
  readonly toleranceColumns?: number;
}

/** What a messaging test works with. */
export interface MessagingTestHelpers {
  /** SNS and SQS in memory: give it to `fromTopic`, `toTopic` and the like for a client. */
  readonly broker: TestBroker;
  /** As TestScheduler's. */
  readonly hot: RunHelpers['hot'];
  /** As TestScheduler's. */
  readonly cold: RunHelpers['cold'];
  /** As TestScheduler's. */
  readonly time: RunHelpers['time'];
  /** As TestScheduler's. */
  readonly expectObservable: RunHelpers['expectObservable'];
  /** As TestScheduler's. */
  readonly expectSubscriptions: RunHelpers['expectSubscriptions'];
  /**
   * Publishes values on a timeline, as somebody else would: faults, outages and latencies do not touch it. The topic is
   * provisioned if it is not there.
   *
   * @throws Error at once that names the letter of a value that could not be published.
   */
  publish<A>(topic: Topic<A>, marbles: string, values?: Readonly<Record<string, A>>): void;
  /** Publishes texts on a timeline, for bodies that no producer of yours would write. */
  publishRaw(
    topic: AnyTopic,
    marbles: string,
    bodies: Readonly<Record<string, string>>,
    message?: RawPublication,
  ): void;
  /** Values that clients of the broker published, when SNS took them in. What the test publishes itself is not among them. */
  expectPublished<A>(topic: Topic<A>, client?: MessagingClient): LaneExpectation<A>;
  /** Values received, each time they are; by the broker's own client unless another is given. */
  expectReceived<A>(topic: Topic<A>, client?: MessagingClient): LaneExpectation<A>;
  /** Values acknowledged, when SQS has confirmed that they are deleted. */
  expectSettled<A>(topic: Topic<A>, client?: MessagingClient): LaneExpectation<A>;
  /** Values given back to be received again: retried, ignored or released. */
  expectRetried<A>(topic: Topic<A>, client?: MessagingClient): LaneExpectation<A>;
  /** Values that came into the dead-letter queue: rejected, or moved by SQS. */
  expectDeadLettered<A>(topic: Topic<A>, client?: MessagingClient): LaneExpectation<A>;
  /**
   * Publishes what a recording of `recordMarbles` says was published, and expects that it is received, settled, retried and
   * dead-lettered as it was recorded: each letter as often, each time in its column or near it; their order within that is not
   * compared. A lane that was taken out of the text is not expected. The faults of that day are yours to plan: `broker.fail`,
   * `broker.outage`, `broker.latency`.
   *
   * @param recording - the text, pasted, of one topic. @param values - a value for each letter of the lane `published`.
   */
  replay<A>(topic: Topic<A>, recording: string, values?: Readonly<Record<string, A>>, options?: ReplayOptions): void;
  /** Runs the test to its end and verifies it, so that the broker can be looked into. It comes by itself at the end. */
  flush(): void;
}
