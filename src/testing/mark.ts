import { isDeepStrictEqual } from 'node:util';
import type { ObservableNotification } from 'rxjs';

/** Something at a frame of a diagram: what a stream says, or that it is subscribed or unsubscribed. */
export interface Mark {
  readonly frame: number;
  readonly kind: 'next' | 'error' | 'complete' | 'subscribed' | 'unsubscribed';
  /** The value, or the error. */
  readonly value?: unknown;
}

/** What TestScheduler records of an Observable. */
interface TestMessage {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

/** What TestScheduler records of a subscription. */
interface SubscriptionLog {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Whatever TestScheduler compares, as marks. */
export function marksOf(records: readonly unknown[]): readonly Mark[] {
  return (records as readonly (TestMessage | SubscriptionLog)[]).flatMap((record) =>
    'notification' in record ? [markOf(record)] : subscriptionMarks(record),
  );
}

function markOf({ frame, notification }: TestMessage): Mark {
  if (notification.kind === 'C') return { frame, kind: 'complete' };
  return notification.kind === 'N'
    ? { frame, kind: 'next', value: notification.value }
    : { frame, kind: 'error', value: notification.error };
}

const subscriptionMarks = ({ subscribedFrame, unsubscribedFrame }: SubscriptionLog): readonly Mark[] => [
  { frame: subscribedFrame, kind: 'subscribed' },
  ...(unsubscribedFrame === Infinity ? [] : [{ frame: unsubscribedFrame, kind: 'unsubscribed' as const }]),
];

/** Whether two marks say the same, whenever that is. */
export const isSame = (one: Mark, other: Mark): boolean =>
  one.kind === other.kind && isDeepStrictEqual(one.value, other.value);
