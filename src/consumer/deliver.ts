import { asyncScheduler, type Observable } from 'rxjs';
import type { SettlementKind } from '../events.js';
import type { Decoded } from '../message/decode.js';
import type { Message } from '../message/message.js';
import type { Settlement } from '../message/settlement.js';
import { type Lease, lostSignal } from './lease.js';
import type { QueueContext } from './queueContext.js';

/** Where a message came from: what `ackMap` needs and users don't. */
export interface Origin extends QueueContext {
  /** Groups of a FIFO queue of which a message of this very receive has failed: what follows it waits for it. */
  readonly failedGroups: Set<string>;
  /** What was said of the message; the first settlement wins. */
  settlement(): SettlementKind | undefined;
}

export const ORIGIN = Symbol('rxjs-aws-messaging.origin');

/** A message as `fromTopic` emits it; a copy by spread keeps its origin. */
export interface Delivered<A> extends Message<A> {
  readonly [ORIGIN]?: Origin;
}

/** The user's view of a lease. */
export function deliver<A>(
  context: QueueContext,
  lease: Lease,
  decoded: Decoded<A>,
  failedGroups: Set<string>,
  settle: (lease: Lease, settlement: Settlement) => Observable<void>,
): Message<A> {
  const { messageId, groupId, sequenceNumber, receiveCount, sentTimestamp = asyncScheduler.now() } = lease.raw;
  const message: Delivered<A> = {
    value: decoded.value,
    id: messageId,
    topic: context.topic,
    ...(decoded.type === undefined ? {} : { type: decoded.type }),
    attributes: decoded.attributes,
    ...(groupId === undefined ? {} : { groupId }),
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    receiveCount,
    sentAt: new Date(sentTimestamp),
    receivedAt: new Date(lease.receivedAt),
    lost$: lostSignal(lease),
    settle: (settlement) => settle(lease, settlement),
    [ORIGIN]: { ...context, failedGroups, settlement: () => lease.settlement },
  };
  return message;
}
