import fc from 'fast-check';
import type { BrokerOperation } from '../../../src/testing/brokerOperation.js';
import type { FaultPlan } from '../../../src/testing/index.js';

/** What a handler says of its message by `message.settle`, if it says anything. */
export type Word = 'nothing' | 'ack' | 'ackTwice' | 'retry' | 'reject' | 'ignore';

/** One attempt at the work on a message: how long it takes, what it says, how it ends. */
export interface Attempt {
  readonly ms: number;
  readonly says: Word;
  /** `failForGood`: with an error that no retry can help. */
  readonly ends: 'complete' | 'fail' | 'failForGood' | 'lingerAndComplete';
}

/** Messages published at one time, to one group. */
export interface Burst {
  readonly at: number;
  readonly group: string;
  readonly count: number;
  /** A body that can't be decoded. */
  readonly isPoison: boolean;
  /** The first attempts at the work on each; what comes after them completes at once. */
  readonly attempts: readonly Attempt[];
}

export type Ending = 'stop' | 'signal' | 'unsubscribe' | 'close';

/** A consumer of the queue, and when and how it ends. */
export interface Consumption {
  readonly startsAt: number;
  /** Undefined: when all the work is done. */
  readonly endsAfter: number | undefined;
  readonly ending: Ending;
  /** By hand: each handler says itself what becomes of its message. */
  readonly settles: 'ackMap' | 'byHand';
  readonly maxInFlight: number;
  readonly maxPolls: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxLeaseSeconds: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly onInvalid: 'default' | 'ack' | 'retryOnce' | 'throws';
  readonly onError: 'default' | 'retryNow' | 'ignore' | 'throws';
}

/** All that happens to one queue. Two consumers overlap, or the second takes over: on its own client or on that of the first. */
export interface Scenario {
  readonly isFifo: boolean;
  readonly seed: number;
  readonly duplicates: number;
  readonly maxReceiveCount: number;
  readonly latencyMs: Readonly<Record<'receive' | 'delete' | 'changeVisibility' | 'send' | 'getQueueUrl', number>>;
  readonly bursts: readonly Burst[];
  readonly first: Consumption;
  readonly second: (Consumption & { readonly comes: 'meanwhile' | 'after' | 'afterOnSameClient' }) | undefined;
  readonly faults: readonly { readonly operation: BrokerOperation; readonly plan: FaultPlan }[];
  readonly outages: readonly { readonly from: number; readonly lastsMs: number }[];
}

/** What a family of scenarios holds fast. */
export interface Family {
  readonly isFifo?: boolean;
  readonly settles?: Consumption['settles'];
  readonly hasSecond?: boolean;
  readonly isCalm?: boolean;
}

const fixed = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const attempt: fc.Arbitrary<Attempt> = fc.record({
  ms: fixed(0, 5, 400, 3_000, 20_000, 90_000),
  says: fixed('nothing', 'nothing', 'nothing', 'ack', 'ackTwice', 'retry', 'reject', 'ignore'),
  ends: fixed('complete', 'complete', 'fail', 'failForGood', 'lingerAndComplete'),
});

const burst: fc.Arbitrary<Burst> = fc.record({
  at: fc.oneof(fc.constant(0), fc.nat(50), fc.nat(30_000)),
  group: fixed('a', 'b', 'c'),
  count: fixed(1, 1, 2, 5, 12),
  isPoison: fixed(false, false, false, false, true),
  attempts: fc.array(attempt, { maxLength: 3 }),
});

const consumption = (settles: fc.Arbitrary<Consumption['settles']>): fc.Arbitrary<Consumption> =>
  fc.record({
    startsAt: fixed(0, 0, 10, 4_000),
    endsAfter: fc.option(fc.oneof(fc.nat(100), fc.nat(40_000)), { nil: undefined }),
    ending: fixed('stop', 'signal', 'unsubscribe', 'close'),
    settles,
    maxInFlight: fixed(100, 10, 7, 3, 2, 1),
    maxPolls: fixed(10, 3, 1),
    waitTimeSeconds: fixed(20, 1, 0),
    visibilityTimeoutSeconds: fixed(30, 10, 4),
    maxLeaseSeconds: fixed(43_200, 43_200, 25, 7),
    concurrency: fixed(Infinity, 3, 1),
    timeoutMs: fixed(Infinity, Infinity, 2_500, 300),
    onInvalid: fixed('default', 'ack', 'retryOnce', 'throws'),
    onError: fixed('default', 'default', 'retryNow', 'ignore', 'throws'),
  });

const latency = fixed(0, 0, 1, 40, 400, 900);
const transient = fixed('InternalError', 'ServiceUnavailable', 'ThrottlingException', 'ECONNRESET', 'OverLimit');
const refusal = fixed('AccessDenied', 'InvalidParameterValue', 'ReceiptHandleIsInvalid');
const times = fixed(1, 1, 2, 6);
const fault: fc.Arbitrary<Scenario['faults'][number]> = fc.oneof(
  fc.record({
    operation: fixed('receive', 'receive', 'delete', 'changeVisibility', 'send', 'getQueueUrl', 'getQueueAttributes'),
    plan: fc.record({
      error: fc.oneof({ arbitrary: transient, weight: 6 }, { arbitrary: fixed('AccessDenied'), weight: 1 }),
      times,
      after: fc.nat(4),
      lost: fc.boolean(),
    }),
  }),
  fc.record({
    operation: fixed('delete', 'changeVisibility', 'send'),
    plan: fc.record({
      entries: fc.dictionary(fixed('0', '1', '4'), fc.oneof(transient, fixed('NotAnswered'), refusal), { minKeys: 1 }),
      times,
      after: fc.nat(4),
      lost: fc.boolean(),
    }),
  }),
);

/** Random scenarios of a family. Every part is a record of small parts, so that what fails shrinks to what it takes. */
export function scenarios({ isFifo, settles, hasSecond, isCalm = false }: Family): fc.Arbitrary<Scenario> {
  const consumer = consumption(settles === undefined ? fixed('ackMap', 'ackMap', 'byHand') : fixed(settles));
  const second = fc
    .tuple(consumer, fixed('meanwhile', 'after', 'afterOnSameClient'))
    .map(([parts, comes]) => ({ ...parts, comes }));
  return fc.record({
    isFifo: isFifo === undefined ? fc.boolean() : fixed(isFifo),
    seed: fc.nat(),
    duplicates: fixed(0, 0, 0.3),
    maxReceiveCount: fixed(1_000, 1_000, 3, 1),
    latencyMs: fc.record({
      receive: latency,
      delete: latency,
      changeVisibility: latency,
      send: latency,
      getQueueUrl: fixed(0, 0, 40),
    }),
    bursts: fc.array(burst, { minLength: 1, maxLength: 6 }),
    first: consumer,
    second: hasSecond === true ? second : fc.option(second, { nil: undefined, freq: 2 }),
    faults: fc.array(fault, { maxLength: isCalm ? 0 : 4 }),
    outages: fc.array(fc.record({ from: fc.nat(40_000), lastsMs: fixed(1, 700, 9_000, 45_000) }), {
      maxLength: isCalm ? 0 : 2,
    }),
  });
}
