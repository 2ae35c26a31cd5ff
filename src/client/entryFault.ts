import { catchError, type Observable, of } from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import { classify, entryFault, NOT_ANSWERED } from './classify.js';
import type { BatchResponse } from './client.js';

/** Why an entry of a batch did not succeed. */
export interface EntryFault {
  readonly error: AWSConnectionError;
  /** SQS or SNS refused this very entry: the same request will be refused again. */
  readonly refused: boolean;
}

/** What a batch call came to: the truth of each entry, or why there is none. */
export type BatchAnswer<R extends BatchResponse> = R | AWSConnectionError;

/** Makes a failed call an answer, so that each entry can be told what happened to it. */
export function answered<R extends BatchResponse>(
  operation: string,
  response$: Observable<R>,
): Observable<BatchAnswer<R>> {
  return response$.pipe(catchError((error: unknown) => of(classify(error, operation))));
}

/** Why the entry failed; undefined when it is among the successful. An entry that was not answered at all has failed. */
export function faultOf(operation: string, answer: BatchAnswer<BatchResponse>, id: string): EntryFault | undefined {
  if (answer instanceof AWSConnectionError) return { error: answer, refused: false };
  if (answer.successful.some((done) => done.id === id)) return undefined;
  const failed = answer.failed.find((entry) => entry.id === id);
  const error = entryFault(operation, failed?.code ?? NOT_ANSWERED, failed?.senderFault ?? false);
  return { error, refused: !error.retryable };
}
