import type { FaultPlan } from '../../../src/testing/index.js';

/** By which a value comes to the producer. */
export type Door = 'toTopic' | 'publishTo' | 'publishFrom' | 'publishEvent';

export type Kind = 'standard' | 'byId' | 'byContent';

/** What is wrong with a value, beside its size. */
export type Flaw =
  | 'none'
  | 'codec'
  | 'notJson'
  | 'groupId'
  | 'deduplicationId'
  | 'attributeName'
  | 'attributeText'
  | 'tooManyAttributes';

/** Values handed in at one time, to one group. */
export interface Burst {
  /** Milliseconds from the beginning; an iterable yields them in order of it. */
  readonly at: number;
  readonly group: string;
  readonly count: number;
  /** Share of the bytes that the topic takes; beyond 1 it is one byte too many. */
  readonly share: number;
  readonly filler: string;
  readonly attributes: 'none' | 'one' | 'all' | 'ten';
  readonly flaw: Flaw;
  /** On a topic with deduplication ids: each has that of the one before. */
  readonly areTwins: boolean;
  /** After so many milliseconds `publishEvent` is aborted. */
  readonly abortsAfter: number | undefined;
}

/** What whoever hears of a result does in that very moment. */
export interface Reaction {
  /** After so many results. */
  readonly after: number;
  readonly does: 'handIn' | 'handInMany' | 'complete' | 'unsubscribe' | 'close';
}

/** A producer, what it is given, and how it ends. */
export interface Production {
  readonly door: Door;
  readonly kind: Kind;
  readonly hasTypes: boolean;
  readonly maxMessageBytes: number | undefined;
  readonly maxRequests: number | undefined;
  readonly maxPending: number | undefined;
  readonly maxPendingBytes: number | undefined;
  readonly retryUnanswered: boolean;
  /** Milliseconds, or that it throws; undefined for the standard one. */
  readonly backoff: number | 'throws' | undefined;
  readonly stopOnError: boolean;
  /** `toTopic`: values are given to `offer`, not to `next`. */
  readonly offers: boolean;
  readonly bursts: readonly Burst[];
  readonly reactions: readonly Reaction[];
  /** What an iterable does while it is being read. */
  readonly whileRead: (Reaction & { readonly does: 'unsubscribe' | 'close' }) | undefined;
  readonly ending: 'complete' | 'error';
  /** Undefined: when everything else is over. */
  readonly endsAt: number | undefined;
  readonly unsubscribesAt: number | undefined;
  readonly asksForDrainedAt: readonly number[];
}

/** All that happens to a client. Each producer has a topic of its own. */
export interface Scenario {
  readonly seed: number;
  readonly retryAttempts: number;
  readonly timeoutMs: number;
  readonly rateLimit: number | undefined;
  readonly latencies: readonly { readonly at: number; readonly ms: number }[];
  readonly productions: readonly Production[];
  readonly faults: readonly FaultPlan[];
  readonly outages: readonly { readonly from: number; readonly lastsMs: number; readonly error: string }[];
  readonly closesAt: number | undefined;
}
