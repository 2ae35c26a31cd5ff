import { defaultIfEmpty, defer, EMPTY, ignoreElements, lastValueFrom, type ObservableInput } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { ConfigurationError } from '../errors.js';
import type { Message } from '../message/message.js';
import type { Topic } from '../topic.js';
import { ackMap, type AckMapOptions } from './ackMap.js';
import { functionFaults } from './ackMapOptions.js';
import type { ConsumerOptions } from './consumerOptions.js';
import { fromTopic } from './fromTopic.js';
import type { HandlerContext } from './handlerContext.js';

/** Options of {@link runConsumer}: those of `fromTopic` and of `ackMap`, and the signal that stops it. */
export interface RunConsumerOptions<A> extends Omit<ConsumerOptions, 'stop'>, AckMapOptions<A> {
  /** Stops in order when it aborts: work in flight finishes and is settled. */
  readonly signal?: AbortSignal;
}

/**
 * Handles the messages of a topic until the signal aborts or the client closes: `fromTopic` and `ackMap` for those who
 * want a promise. A message is acknowledged when the handler returns, or when what it returns resolves or completes.
 *
 * @example
 * ```ts
 * import { runConsumer } from 'rxjs-aws-messaging';
 *
 * const stop = new AbortController();
 * process.once('SIGTERM', () => stop.abort());
 * await runConsumer(client, UserEvents, async (user) => save(user), { signal: stop.signal });
 * ```
 *
 * @returns a promise that resolves once stopped and drained, and rejects with the typed error `fromTopic` ends with.
 */
export function runConsumer<A>(
  client: MessagingClient,
  topic: Topic<A>,
  // A handler that only does something returns nothing; `void` is how its type says so.
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type
  handler: (value: A, message: Message<A>, context: HandlerContext) => ObservableInput<unknown> | void,
  { signal, ...options }: RunConsumerOptions<A> = {},
): Promise<void> {
  const faults = [
    ...functionFaults('handler', handler),
    ...(signal === undefined || signal instanceof AbortSignal
      ? []
      : [{ path: 'signal', message: 'expected an AbortSignal' }]),
  ];
  if (faults.length > 0) return Promise.reject(new ConfigurationError(faults));
  const handled$ = defer(() =>
    fromTopic(client, topic, signal === undefined ? options : { ...options, stop: signal }).pipe(
      ackMap((value, message, context) => handler(value, message, context) ?? EMPTY, options),
    ),
  );
  return lastValueFrom(handled$.pipe(ignoreElements(), defaultIfEmpty(undefined)));
}
