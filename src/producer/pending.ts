import type { EncodedMessage } from '../message/encode.js';
import type { OutboxEntry } from './outbox.js';
import type { PublishResult } from './publishResult.js';

/** A value that was accepted and has no answer yet. */
export interface Pending<A> extends OutboxEntry<Pending<A>> {
  readonly value: A;
  readonly message: EncodedMessage;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Runs once, with the answer. */
  readonly tell: (result: PublishResult<A>) => void;
  /** Requests that carried it; 0 while it was never sent. */
  attempts: number;
}
