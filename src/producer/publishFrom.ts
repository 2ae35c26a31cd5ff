import { defer, map, type Observable, takeUntil } from 'rxjs';
import type { MessagingClient, MessagingPort } from '../client/client.js';
import { clientClosed } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import { ConfigurationError } from '../errors.js';
import { pull } from '../operators/pull.js';
import type { Topic } from '../topic.js';
import { createPublisher } from './publisher.js';
import { publishing } from './publishing.js';
import { publishSettings } from './publishOptions.js';
import type { PublishResult } from './publishResult.js';
import type { PublishToOptions } from './publishTo.js';
import { TopicSubject } from './toTopic.js';

/** Options of {@link publishFrom}. */
export interface PublishFromOptions extends PublishToOptions {
  /**
   * Values read and not yet answered: as many are under way or ready to go, and no more is read.
   *
   * @defaultValue 20 × `maxRequests`: the batches under way, and as many again
   */
  readonly maxPending?: number;
}

/** Batches under way, of ten, and as many ready to follow them. */
const PENDING_PER_REQUEST = 20;

/**
 * Publishes what an iterable yields, and reads it only as fast as SNS accepts: arrays, generators, async generators, Node object
 * streams. A million values take no more memory than `maxPending` of them. Emits what became of each, as `publishTo` does.
 *
 * ```text
 * values       abcdef      read as there is room, here for two
 * requests     [ab]-[cd]-[ef]
 * publishFrom  -----(AB)-(CD)-(EF|)
 * ```
 *
 * Cold: each subscription opens the iterable anew. Completes when everything is read and every value has its result; an error
 * of the iterable comes after the results of what was read. Unsubscribing, and the first failure with `stopOnError`, stop the
 * reading: the iterator is returned, or the Node stream destroyed, and what was read before is published all the same. So does
 * `client.close()`; the Observable then errors with an AWSConnectionError (`ClientClosed`), because the rest was not read.
 *
 * @example
 * ```ts
 * import { publishFrom } from 'rxjs-aws-messaging';
 *
 * async function* unsent() {
 *   for (let page = await firstPage(); page !== undefined; page = await page.next()) yield* page.orders;
 * }
 * publishFrom(client, Orders, unsent(), { stopOnError: true }).subscribe(log);
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range, or `values` is no iterable.
 */
export function publishFrom<A>(
  { port }: MessagingClient,
  topic: Topic<A>,
  // Only the topic says what A is: from the values too it would be inferred too wide.
  values: Iterable<NoInfer<A>> | AsyncIterable<NoInfer<A>>,
  { stopOnError = false, ...options }: PublishFromOptions = {},
): Observable<PublishResult<A>> {
  const settings = publishSettings(options, port.random, (maxRequests) => PENDING_PER_REQUEST * maxRequests);
  checkIterable(values);
  return defer(() => {
    const publisher = createPublisher(port, topic, settings);
    const read$ = pull<A>(values, publisher).pipe(takeUntil(closed(port)));
    return publishing(read$, new TopicSubject(publisher), stopOnError);
  });
}

/** Errors when the client is closing. */
function closed({ closing$ }: MessagingPort): Observable<never> {
  return closing$.pipe(
    map(() => {
      throw clientClosed(OPERATIONS.publishBatch);
    }),
  );
}

/** From where no compiler looked, anything may come. */
function checkIterable(values: unknown): void {
  const isIterable = (of: object): boolean => Symbol.iterator in of || Symbol.asyncIterator in of;
  if (values !== null && values !== undefined && isIterable(Object(values) as object)) return;
  const message = 'expected an iterable or an async iterable; an Observable goes through publishTo';
  throw new ConfigurationError([{ path: 'values', message }]);
}
