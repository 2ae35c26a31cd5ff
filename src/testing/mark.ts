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
export interface TestMessage {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

/** What TestScheduler records of a subscription. */
export interface SubscriptionLog {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** What a stream said, as a mark. */
export function markOf({ frame, notification }: TestMessage): Mark {
  const at = { frame: rounded(frame) };
  if (notification.kind === 'C') return { ...at, kind: 'complete' };
  return notification.kind === 'N'
    ? { ...at, kind: 'next', value: notification.value }
    : { ...at, kind: 'error', value: notification.error };
}

/** The ends of one subscription, as marks. */
export const subscriptionMarks = ({ subscribedFrame, unsubscribedFrame }: SubscriptionLog): readonly Mark[] => [
  { frame: rounded(subscribedFrame), kind: 'subscribed' },
  ...(unsubscribedFrame === Infinity ? [] : [{ frame: rounded(unsubscribedFrame), kind: 'unsubscribed' as const }]),
];

/** RxJS reads `1.001s` as 1000.9999999999999 frames. */
const rounded = (frame: number): number => Math.round(frame * 1_000) / 1_000;

/** Whether two marks say the same, whenever that is. */
export const isSame = (one: Mark, other: Mark): boolean =>
  one.kind === other.kind && isDeepStrictEqual(one.value, other.value);
