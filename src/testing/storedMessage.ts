import { asyncScheduler } from 'rxjs';
import type { RawAttributes, RawMessage } from '../message/rawMessage.js';

/** What comes into a queue, checked. */
export interface Incoming {
  readonly body: string;
  readonly attributes: RawAttributes;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** A message as a queue holds it. */
export interface StoredMessage extends Incoming {
  /** Tells copies of one message apart: a duplicate has the same message id. */
  readonly serial: number;
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
  readonly sentTimestamp: number;
  receiveCount: number;
  /** When it can be received, again or for the first time. Milliseconds since the epoch. */
  visibleAt: number;
  /** When it was received last; undefined while it never was. */
  receivedAt: number | undefined;
}

/** Visible: anybody can receive it. In flight: received, and hidden for its visibility timeout. Delayed: not yet visible. */
export type MessageState = 'visible' | 'inFlight' | 'delayed';

export function stateOf({ visibleAt, receivedAt }: StoredMessage, now = asyncScheduler.now()): MessageState {
  if (visibleAt <= now) return 'visible';
  return receivedAt === undefined ? 'delayed' : 'inFlight';
}

/** A message as a receive answers it. */
export function rawOf(message: StoredMessage, receiptHandle: string): RawMessage {
  const { messageId, body, attributes, sentTimestamp, receiveCount } = message;
  const { groupId, deduplicationId, sequenceNumber } = message;
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    sentTimestamp,
    receiveCount,
    groupId,
    deduplicationId,
    sequenceNumber,
  };
}
