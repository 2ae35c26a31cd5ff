import { asyncScheduler, type Observable } from 'rxjs';
import type { Decoded } from '../message/decode.js';
import type { Message } from '../message/message.js';
import type { Settlement } from '../message/settlement.js';
import { type Lease, lostSignal } from './lease.js';
import type { QueueContext } from './queueContext.js';

/** Where a message came from: what `ackMap` needs and users don't. */
export interface Origin {
  readonly context: QueueContext;
  /** Groups of a FIFO queue of which a message of this very receive has failed: what follows it waits for it. */
  readonly failedGroups: Set<string>;
  /** It knows what was said of the message; the first settlement wins. */
  readonly lease: Pick<Lease, 'settlement'>;
}

export const ORIGIN = Symbol('rxjs-aws-messaging.origin');

/** A message as `fromTopic` emits it; a copy by spread keeps its origin. */
export interface Delivered<A> extends Message<A> {
  readonly [ORIGIN]?: Origin;
}

/** What not every message has. They are added one by one: spread into the literal they would cost more than all the rest. */
type Optional = 'type' | 'groupId' | 'sequenceNumber';
type Draft<A> = Omit<Delivered<A>, Optional> & Partial<Record<Optional, string>>;

/** The user's view of a lease. */
export function deliver<A>(
  context: QueueContext,
  lease: Lease,
  { value, type, attributes }: Decoded<A>,
  failedGroups: Set<string>,
  settle: (lease: Lease, settlement: Settlement) => Observable<void>,
): Message<A> {
  const { messageId, groupId, sequenceNumber, receiveCount, sentTimestamp = asyncScheduler.now() } = lease.raw;
  const message: Draft<A> = {
    value,
    id: messageId,
    topic: context.topic,
    attributes,
    receiveCount,
    sentAt: new Date(sentTimestamp),
    receivedAt: new Date(lease.receivedAt),
    lost$: lostSignal(lease),
    settle: (settlement) => settle(lease, settlement),
    [ORIGIN]: { context, failedGroups, lease },
  };
  if (type !== undefined) message.type = type;
  if (groupId !== undefined) message.groupId = groupId;
  if (sequenceNumber !== undefined) message.sequenceNumber = sequenceNumber;
  return message;
}
