import type * as E from 'fp-ts/lib/Either.js';
import { AWSConnectionError, type MessagingError } from '../errors.js';

/** SNS has accepted a value. */
export interface Receipt<A> {
  readonly value: A;
  /** Message id as SNS gave it. */
  readonly messageId: string;
  /** Place within its group, on FIFO topics. */
  readonly sequenceNumber?: string;
}

/** A value that was not published, or of which it is not known. No log and no JSON shows the value. */
export class PublishFailure<A> {
  readonly _tag = 'PublishFailure';
  /** Why. */
  readonly error: MessagingError;
  /** Whether publishing the value again may help. */
  readonly retryable: boolean;
  /**
   * Whether SNS may have the value all the same, because an answer was lost. False means that it has not: SNS
   * said so, or was never asked.
   */
  readonly outcomeUnknown: boolean;
  readonly #value: A;

  constructor(value: A, error: MessagingError, isUnsure = false) {
    this.#value = value;
    this.error = error;
    this.retryable = error.retryable;
    this.outcomeUnknown = isUnsure || (error instanceof AWSConnectionError && error.outcomeUnknown);
  }

  /** The value as it was handed in. */
  get value(): A {
    return this.#value;
  }
}

/** What became of one value. */
export type PublishResult<A> = E.Either<PublishFailure<A>, Receipt<A>>;
