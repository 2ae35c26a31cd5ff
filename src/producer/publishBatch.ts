import { catchError, mergeMap, type Observable, of } from 'rxjs';
import { classify, entryFault, NOT_ANSWERED } from '../client/classify.js';
import type { BatchResponse, MessagingPort, PublishedEntry, PublishEntry } from '../client/client.js';
import { OPERATIONS } from '../client/operations.js';
import { AWSConnectionError, MessagingError } from '../errors.js';
import type { EncodedMessage } from '../message/encode.js';

/** The truth of each entry, or why the whole request failed. */
export type BatchAnswer = BatchResponse<PublishedEntry> | MessagingError;

/** Makes one request. Emits its answer; never errors. The topic's ARN may be known only now, so it is asked for each time. */
export function publishBatch(
  { calls }: Pick<MessagingPort, 'calls'>,
  topicArn$: Observable<string>,
  batch: readonly { readonly message: EncodedMessage }[],
): Observable<BatchAnswer> {
  return topicArn$.pipe(
    mergeMap((topicArn) => calls.publishBatch({ topicArn, entries: batch.map(toEntry) }), 1),
    catchError((error: unknown) =>
      of(error instanceof MessagingError ? error : classify(error, OPERATIONS.publishBatch)),
    ),
  );
}

/** Whether nothing is said of any entry: the request failed, or there is a proxy that answers 200 and nothing. */
export const isOfTheWhole = (answer: BatchAnswer): boolean =>
  answer instanceof MessagingError || answer.successful.length + answer.failed.length === 0;

/** What an answer says of the entry at a position. One that is not mentioned has failed at the receiver's. */
export function outcomeOf(answer: BatchAnswer, position: number): PublishedEntry | MessagingError {
  if (answer instanceof MessagingError) return answer;
  const id = String(position);
  // Where all were taken, each mostly stands at its position.
  const there = answer.successful[position];
  const published = there?.id === id ? there : answer.successful.find((entry) => entry.id === id);
  if (published !== undefined) return published;
  const { code, senderFault } = answer.failed.find((entry) => entry.id === id) ?? UNMENTIONED;
  return entryFault(OPERATIONS.publishBatch, code, senderFault);
}

/** Whether SNS asked for fewer requests, for one entry or for all. */
export function isThrottled(answer: BatchAnswer): boolean {
  if (answer instanceof MessagingError) return answer instanceof AWSConnectionError && answer.throttled;
  return answer.failed.some(
    ({ code, senderFault }) => entryFault(OPERATIONS.publishBatch, code, senderFault).throttled,
  );
}

const UNMENTIONED = { code: NOT_ANSWERED, senderFault: false };

/** Entry ids are positions: bodies and the user's ids are not made for it. */
function toEntry({ message }: { readonly message: EncodedMessage }, position: number): PublishEntry {
  const { body, attributes, groupId, deduplicationId, subject } = message;
  return { id: String(position), body, attributes, groupId, deduplicationId, subject };
}
