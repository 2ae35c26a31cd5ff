import type { MessagingError } from '../../../src/index.js';
import type { Meaning } from './codes.js';
import type { Parcel } from './parcel.js';
import type { Burst } from './scenario.js';

/** What has to become of a value when it is handed in. */
export type Expectation = 'accepted' | 'ended' | 'closed' | 'maxPending' | 'maxPendingBytes' | 'invalid';

/** A request that carried a value. */
export interface Attempt {
  readonly at: number;
  /** How many values it carried. */
  readonly company: number;
  endedAt: number | undefined;
  /** Accepted by the answer; or what was answered. Undefined while it is under way. */
  fate: 'accepted' | Meaning | undefined;
  code: string;
}

/** What SNS did with a value that reached it. */
export interface Arrival {
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
  /** It was not dropped for a duplicate. */
  readonly isNew: boolean;
}

/** One value, and everything that is known of it. */
export interface Item {
  readonly parcel: Parcel;
  readonly burst: Burst;
  value: unknown;
  readonly type: string;
  /** As it has to travel. */
  readonly body: string;
  readonly bytes: number;
  readonly handedInAt: number;
  readonly expected: Expectation;
  /** The accepted one before it in its group. */
  readonly previous: Item | undefined;
  readonly attempts: Attempt[];
  readonly arrivals: Arrival[];
  /** Told: a message id, or why not. */
  result:
    | { readonly at: number; readonly messageId: string }
    | { readonly at: number; readonly error: MessagingError }
    | undefined;
  /** Where SNS would not tell it by the body, as it was first sent. */
  deduplicationId?: string | undefined;
  /** `publishEvent` was aborted, and told so. */
  isAborted: boolean;
  /** It was aborted before any request had carried it. */
  isWithdrawn: boolean;
}

export const lastAttempt = ({ attempts }: Item): Attempt | undefined => attempts.at(-1);

export const isUnderWay = (item: Item): boolean => lastAttempt(item)?.endedAt === undefined && item.attempts.length > 0;

/** A request that carried it had no definite answer. */
export const isUnsure = ({ attempts }: Item): boolean =>
  attempts.some(({ fate }) => fate !== undefined && fate !== 'accepted' && !fate.isDefinite);

/** Requests that were tries of the value itself: not one that SNS refused, and that was then taken apart. */
export const triesOf = ({ attempts }: Item): number => attempts.filter((attempt) => !wasTakenApart(attempt)).length;

/** Requests that it may have: one more where one with others was refused for what may be the fault of one of them. */
export function mostAttempts({ attempts }: Item, retryAttempts: number): number {
  return 1 + retryAttempts + Number(attempts.some(wasTakenApart));
}

/** A refused request whose values go again one by one. */
export const wasTakenApart = ({ fate, company }: Attempt): boolean =>
  company > 1 && typeof fate === 'object' && fate.isOfAnEntry;
