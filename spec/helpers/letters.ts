import * as t from 'io-ts';
import { concat, defer, ignoreElements, type Observable, of } from 'rxjs';
import { AWSConnectionError, fifoTopic, type Message, type Settlement, topic } from '../../src/index.js';
import type { MessagingTestOptions, TestBroker } from '../../src/testing/index.js';

/** Its values are their own letters. */
export const Letters = topic('letters', t.string);

/** A FIFO topic; the group is the first character of a value: `a1`, `a2`, `b1`. */
export const Lanes = fifoTopic('lanes', t.string, {
  groupId: (text) => text.charAt(0),
  contentBasedDeduplication: true,
});

/** A queue that hands out all it has, in order, for diagrams that are not about SQS's liberties. */
export const inOrder: MessagingTestOptions = { unordered: false, partialReceives: false };

/** Publishes `v0`, `v1`… at once. */
export function publishMany(broker: TestBroker, count: number): void {
  broker.provision(Letters);
  for (let index = 0; index < count; index += 1) broker.publish(Letters, `v${index}`);
}

/** Settles a message, and emits its value when that is confirmed. */
export const confirmed = (message: Message<string>, settlement: Settlement): Observable<string> =>
  concat(defer(() => message.settle(settlement)).pipe(ignoreElements()), of(message.value));

/** For `catchError`: the code of what AWS failed with. */
export const codeOf = (error: unknown): readonly string[] => [
  error instanceof AWSConnectionError ? error.code : String(error),
];
