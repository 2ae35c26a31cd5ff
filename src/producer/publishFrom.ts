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

/** What can be read value by value: arrays, generators, async generators, Node object streams. */
export type Values<A> = Iterable<A> | AsyncIterable<A>;

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
 * Cold: each subscription opens the iterable anew. A generator or a stream can be read once only: where `retry` or a second
 * subscriber is to begin anew, give the function that makes it. Completes when everything is read and every value has its result; an error
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
 * publishFrom(client, Orders, unsent, { stopOnError: true }).subscribe(log);
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range, or `values` is none of these.
 */
export function publishFrom<A>(
  { port }: MessagingClient,
  topic: Topic<A>,
  // Only the topic says what A is: from the values too it would be inferred too wide.
  values: Values<NoInfer<A>> | (() => Values<NoInfer<A>>),
  { stopOnError = false, ...options }: PublishFromOptions = {},
): Observable<PublishResult<A>> {
  const settings = publishSettings(options, port.random, (maxRequests) => PENDING_PER_REQUEST * maxRequests);
  const open = openerOf(values);
  return defer(() => {
    const publisher = createPublisher(port, topic, settings);
    const read$ = defer(() => pull<A>(open(), publisher)).pipe(takeUntil(closed(port)));
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

/** Gives what is to be read, for each subscription. What can be read once only is given once. */
function openerOf<A>(values: Values<A> | (() => Values<A>)): () => Values<A> {
  if (typeof values === 'function') return () => checked(values());
  checked(values);
  let isOpened = false;
  return () => {
    if (isOpened && isForOnce(values)) throw refusal('this can be read once; give the function that makes it');
    isOpened = true;
    return values;
  };
}

/** An iterator, as a generator makes it, or a Node stream. */
const isForOnce = (values: object | string): boolean =>
  typeof values === 'object' && ('next' in values || 'read' in values);

/** From where no compiler looked, anything may come. */
function checked<T>(values: T): T {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: later } = (values ?? {}) as Partial<Record<symbol, unknown>>;
  if (typeof sync === 'function' || typeof later === 'function') return values;
  throw refusal(
    'expected an iterable or an async iterable, or a function that makes one; an Observable goes to publishTo',
  );
}

const refusal = (message: string): ConfigurationError => new ConfigurationError([{ path: 'values', message }]);
