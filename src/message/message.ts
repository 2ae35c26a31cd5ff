import type { Observable } from 'rxjs';
import type { Settlement } from './settlement.js';

/** A decoded message and its lease. */
export interface Message<A> {
  /** The decoded value. */
  readonly value: A;
  /** Message id as SQS gave it. */
  readonly id: string;
  /** Logical topic name. */
  readonly topic: string;
  /** Event type, for a topic of several. */
  readonly type?: string;
  /** Message attributes; a `Number` is its decimal text. */
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
  /** Message group id. On a FIFO queue the lane, on a standard queue the fair-queue tenant. */
  readonly groupId?: string;
  /** Sequence number within the group. Present on FIFO queues only. */
  readonly sequenceNumber?: string;
  /** How many times SQS has handed this message out, this time included. */
  readonly receiveCount: number;
  /** When SQS took the message in. */
  readonly sentAt: Date;
  /** When this process received it. */
  readonly receivedAt: Date;
  /** Emits once and completes when the lease is lost before the message was settled; completes when it is settled. */
  readonly lost$: Observable<void>;
  /**
   * Settles the message. Acts at once, subscribed or not; the first settlement wins. The Observable completes when SQS
   * has confirmed that very entry, and errors when it could not be confirmed or the lease was lost before.
   */
  settle(settlement: Settlement): Observable<void>;
}
