import { catchError, map, mergeMap, type Observable, of, tap, throwError } from 'rxjs';
import { answered, faultOf } from '../client/entryFault.js';
import { MAX_ATTRIBUTES, MAX_SQS_MESSAGE_BYTES } from '../client/limits.js';
import { OPERATIONS } from '../client/operations.js';
import { attributeBytes } from '../message/messageAttributes.js';
import type { RawAttributes, RawMessage } from '../message/rawMessage.js';
import { REJECTION_REASON, rejectionReason } from '../message/rejection.js';
import { retryWithBackoff } from '../operators/retryWithBackoff.js';
import { deadLetterQueueUrl, forgetDeadLetterQueue, hasCode, isMissing } from '../topology/resolve.js';
import type { QueueContext } from './queueContext.js';

/**
 * Copies a message to the dead-letter queue of its queue: body and attributes as they came, and the reason as one
 * attribute more where there is room for it. Emits that queue's URL once SQS has confirmed the copy, or undefined when
 * the queue has none.
 */
export function copyToDeadLetters(
  context: QueueContext,
  raw: RawMessage,
  error: unknown,
): Observable<string | undefined> {
  return deadLetterQueueUrl(context.port, context.queueUrl).pipe(
    mergeMap((deadLetterQueue) =>
      deadLetterQueue === undefined
        ? of(undefined)
        : send(context, deadLetterQueue, raw, error).pipe(map(() => deadLetterQueue)),
    ),
  );
}

function send(
  { port, queueUrl: source }: QueueContext,
  queueUrl: string,
  raw: RawMessage,
  error: unknown,
): Observable<unknown> {
  const operation = OPERATIONS.sendBatch;
  const isFifo = raw.sequenceNumber !== undefined;
  const copy = (attributes: RawAttributes): Observable<unknown> => {
    const entry = {
      id: '0',
      body: raw.body,
      attributes,
      groupId: raw.groupId,
      // The same id for every copy of this message: a copy whose confirmation was lost is not doubled.
      deduplicationId: isFifo ? raw.messageId : undefined,
    };
    return answered(operation, port.calls.sendBatch({ queueUrl, entries: [entry] })).pipe(
      mergeMap((answer) => {
        const fault = faultOf(operation, answer, entry.id);
        return fault === undefined ? of(undefined) : throwError(() => fault.error);
      }),
      retryWithBackoff({
        maxRetries: port.settings.retryAttempts,
        backoff: { initialMs: 100, maxMs: 5_000, random: port.random },
      }),
    );
  };
  const attributes = withReason(raw, error);
  return copy(attributes).pipe(
    // The queue may take less than SQS does: then better without the reason than not at all.
    catchError((fault: unknown) =>
      isOfTheMessage(fault) && attributes !== raw.attributes ? copy(raw.attributes) : throwError(() => fault),
    ),
    tap({
      error: (fault: unknown) => {
        // The queue has another one by now, or will have: the next copy looks it up.
        if (isMissing(fault)) forgetDeadLetterQueue(port, source);
      },
    }),
  );
}

/** Whether SQS refused what was sent, rather than to take anything. */
const isOfTheMessage = (fault: unknown): boolean =>
  ['InvalidParameterValue', 'InvalidParameterValueException', 'BatchRequestTooLong', 'InvalidMessageContents'].some(
    (code) => hasCode(fault, code),
  );

/** The attributes come first: the reason is left out where it would push one out, or the message over the limit. */
function withReason({ attributes, body }: RawMessage, error: unknown): RawAttributes {
  const reason = rejectionReason(error);
  const spare = MAX_SQS_MESSAGE_BYTES - Buffer.byteLength(body) - attributeBytes(attributes);
  const fits = Object.keys(attributes).length < MAX_ATTRIBUTES && spare >= Buffer.byteLength(reason) + 64;
  return fits ? { ...attributes, [REJECTION_REASON]: { dataType: 'String', stringValue: reason } } : attributes;
}
