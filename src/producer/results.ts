import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler } from 'rxjs';
import type { MessagingPort, PublishedEntry } from '../client/client.js';
import { OPERATIONS } from '../client/operations.js';
import { AWSConnectionError, type MessagingError } from '../errors.js';
import { errorInfo } from '../events.js';
import type { AnyTopic } from '../topic.js';
import type { Pending } from './pending.js';
import { PublishFailure, type PublishResult, type Receipt } from './publishResult.js';

/** Makes the results of a topic's values, and the events of them. */
export interface Results<A> {
  published(entry: Pending<A>, answer: PublishedEntry): PublishResult<A>;
  failed(value: A, error: MessagingError, sent?: Pick<Pending<A>, 'attempts' | 'isUnsure'>): PublishResult<A>;
}

const NEVER_SENT = { attempts: 0, isUnsure: false };

export function createResults<A>({ emit }: Pick<MessagingPort, 'emit'>, { name: topic }: AnyTopic): Results<A> {
  return {
    published: ({ value, acceptedAt, attempts }, { messageId, sequenceNumber }) => {
      emit(() => {
        const at = asyncScheduler.now();
        return { type: 'published', at, topic, id: messageId, durationMs: at - acceptedAt, attempts };
      });
      const receipt: Receipt<A> =
        sequenceNumber === undefined ? { value, messageId } : { value, messageId, sequenceNumber };
      return E.right(receipt);
    },
    failed: (value, error, { attempts, isUnsure } = NEVER_SENT) => {
      const failure = new PublishFailure(value, error, isUnsure);
      emit(() => {
        const { outcomeUnknown } = failure;
        return {
          type: 'publishFailed',
          at: asyncScheduler.now(),
          topic,
          error: errorInfo(error),
          attempts,
          outcomeUnknown,
        };
      });
      return E.left(failure);
    },
  };
}

/** What a value fails with that comes when the client is closed: it was not sent, and another client may publish it. */
export const clientGone = (topic: string): AWSConnectionError =>
  new AWSConnectionError({
    operation: OPERATIONS.publishBatch,
    code: 'ClientClosed',
    // A handler that fails with it has its message redelivered, not dead-lettered.
    retryable: true,
    topic,
    detail: 'close() was called on this client',
  });

/** What a value without an answer fails with when `close()` can wait no longer. */
export function closeTimeout<A>({ attempts, failure, isUnsure }: Pending<A>, topic: string): AWSConnectionError {
  const isUnderWay = attempts > 0 && failure === undefined;
  const outcomeUnknown = isUnsure || isUnderWay;
  const fate = outcomeUnknown
    ? 'SNS may or may not have it'
    : attempts > 0
      ? 'SNS does not have it'
      : 'it was not sent';
  return new AWSConnectionError({
    operation: OPERATIONS.publishBatch,
    code: 'CloseTimeout',
    retryable: true,
    outcomeUnknown,
    topic,
    detail: `the client was closed; ${fate}`,
  });
}

/** What a value failed with that was handed to a sink after its end. */
export const sinkEnded = (topic: string): AWSConnectionError =>
  new AWSConnectionError({
    operation: OPERATIONS.publishBatch,
    code: 'SinkEnded',
    retryable: true,
    topic,
    detail: 'the sink was completed or errored before',
  });
