import { defer, map, type Observable, takeUntil } from 'rxjs';
import type { MessagingClient, MessagingPort } from '../client/client.js';
import { ConfigurationError } from '../errors.js';
import { pull } from '../operators/pull.js';
import type { Topic } from '../topic.js';
import { createPublisher } from './publisher.js';
import { publishing } from './publishing.js';
import { publishSettings } from './publishOptions.js';
import type { PublishResult } from './publishResult.js';
import { clientGone } from './results.js';
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
  /**
   * Bytes of them, as SNS counts them. Once they are reached, no more is read.
   *
   * @defaultValue 67108864 (64 MiB)
   */
  readonly maxPendingBytes?: number;
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
 * While SNS is away, or denies access, values fail one after another, each after its retries, and reading goes on: where all have to
 * be published, use `stopOnError`, or keep the failures' values.
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
    const read$ = defer(() => pull<A>(open(), publisher)).pipe(takeUntil(closed(port, topic.name)));
    return publishing(read$, new TopicSubject(publisher), stopOnError);
  });
}

/** Errors when the client is closing. */
function closed({ closing$ }: MessagingPort, topic: string): Observable<never> {
  return closing$.pipe(
    map(() => {
      throw clientGone(topic);
    }),
  );
}

/** Gives what is to be read, for each subscription. What can be read once only is given once. */
function openerOf<A>(values: Values<A> | (() => Values<A>)): () => Values<A> {
  if (typeof values === 'function' && !isIterable(values)) return () => givenOnce(checked(values()));
  checked(values);
  return () => givenOnce(values);
}

/** What can be read once, and was. */
const opened = new WeakSet();

function givenOnce<T extends object>(values: T): T {
  if (!isForOnce(values)) return values;
  if (opened.has(values)) throw refusal('this was read before; give a function that makes it anew');
  opened.add(values);
  return values;
}

/** An iterator, as a generator makes it, or a stream of Node or of the web. */
function isForOnce(values: object): boolean {
  const { next, read, getReader } = values as Partial<Record<'next' | 'read' | 'getReader', unknown>>;
  return [next, read, getReader].some((method) => typeof method === 'function');
}

/** From where no compiler looked, anything may come. */
function checked<T>(values: T): T {
  if (typeof values === 'string') throw refusal('expected an iterable of values, and not a text');
  const { readableObjectMode } = (values ?? {}) as { readonly readableObjectMode?: unknown };
  if (readableObjectMode === false) throw refusal('expected a stream in object mode');
  if (isIterable(values)) return values;
  throw refusal(
    'expected an iterable or an async iterable, or a function that makes one; an Observable goes to publishTo',
  );
}

function isIterable(values: unknown): values is Values<never> {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: later } = (values ?? {}) as Partial<Record<symbol, unknown>>;
  return typeof sync === 'function' || typeof later === 'function';
}

const refusal = (message: string): ConfigurationError => new ConfigurationError([{ path: 'values', message }]);
