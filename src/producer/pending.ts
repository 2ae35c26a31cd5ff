import type { MessagingError } from '../errors.js';
import type { EncodedMessage } from '../message/encode.js';
import type { OutboxEntry } from './outbox.js';
import type { PublishResult } from './publishResult.js';

/** A value that was accepted and has no answer yet. */
export interface Pending<A> extends OutboxEntry {
  readonly value: A;
  readonly message: EncodedMessage;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Runs once, with the answer. */
  readonly tell: (result: PublishResult<A>) => void;
  /** Requests that carried it; 0 while it was never sent. */
  attempts: number;
  /** How many of them were refused for what may be another's fault: they are no tries of this value. */
  spared: number;
  /** When the first of them began, in milliseconds since the epoch. */
  firstSentAt: number;
  /** Why the last of them did not succeed. */
  failure: MessagingError | undefined;
  /** One of them had no answer: SNS may have it. */
  isUnsure: boolean;
}
