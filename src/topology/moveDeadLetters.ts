import { concatMap, defer, from, map, type Observable, of, reduce, tap } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import { faultOf } from '../client/entryFault.js';
import { OPERATIONS } from '../client/operations.js';
import type { RawMessage } from '../message/rawMessage.js';
import { type Copy, redriveBatches } from './redriveBatches.js';
import { retrying } from './resolve.js';

/** From where to where dead letters are moved. */
export interface Route {
  readonly deadLetterQueueUrl: string;
  readonly queueUrl: string;
  readonly isFifo: boolean;
}

/**
 * Moves received dead letters: sends a copy, and deletes those whose copy is confirmed. Emits how many are gone from the
 * dead-letter queue. Of a FIFO group nothing is sent any more once one of it could not be.
 */
export function moveDeadLetters(
  port: MessagingPort,
  route: Route,
  messages: readonly RawMessage[],
): Observable<number> {
  return defer(() => {
    const brokenGroups = new Set<string | undefined>();
    const sendIntact = (batch: readonly Copy[]): Observable<readonly Copy[]> => {
      const copies = batch.filter(({ original }) => !route.isFifo || !brokenGroups.has(original.groupId));
      return send(port, route, copies).pipe(
        tap((sent) => {
          for (const copy of copies) if (!sent.includes(copy)) brokenGroups.add(copy.original.groupId);
        }),
      );
    };
    return from(redriveBatches(messages, route.isFifo)).pipe(
      concatMap(sendIntact),
      concatMap((sent) => remove(port, route, sent)),
      reduce((sum, removed) => sum + removed, 0),
    );
  });
}

/** Emits the copies that SQS confirmed. */
function send(port: MessagingPort, { queueUrl }: Route, copies: readonly Copy[]): Observable<readonly Copy[]> {
  if (copies.length === 0) return of([]);
  return port.calls.sendBatch({ queueUrl, entries: copies.map(({ entry }) => entry) }).pipe(
    retrying(port),
    map((answer) => copies.filter(({ entry }) => faultOf(OPERATIONS.sendBatch, answer, entry.id) === undefined)),
  );
}

/** Emits how many SQS confirmed to be deleted. */
function remove(port: MessagingPort, route: Route, sent: readonly Copy[]): Observable<number> {
  if (sent.length === 0) return of(0);
  const entries = sent.map(({ original, entry }) => ({ id: entry.id, receiptHandle: original.receiptHandle }));
  return port.calls.deleteBatch({ queueUrl: route.deadLetterQueueUrl, entries }).pipe(
    retrying(port),
    map((answer) => entries.filter(({ id }) => faultOf(OPERATIONS.deleteBatch, answer, id) === undefined).length),
  );
}
