import * as E from 'fp-ts/lib/Either.js';
import type { MessagingClient, MessagingPort } from '../client/client.js';
import type { Topic } from '../topic.js';
import type { Pending } from './pending.js';
import { createPublisher, type Publisher } from './publisher.js';
import { publishSettings } from './publishOptions.js';
import type { Receipt } from './publishResult.js';

/** Options of {@link publishEvent}. */
export interface PublishEventOptions {
  /** Rejects with the signal's reason when it aborts. A value that waits is then not sent; one under way may arrive. */
  readonly signal?: AbortSignal;
}

/**
 * Publishes one value. Values of concurrent calls share their requests.
 *
 * @example
 * ```ts
 * import { publishEvent } from 'rxjs-aws-messaging';
 *
 * const { messageId } = await publishEvent(client, UserEvents, { userId: '1', email: 'ada@example.org' });
 * ```
 *
 * @returns the receipt once SNS has accepted the value; rejects with the typed error, as a failure of `toTopic` has it.
 */
export function publishEvent<A>(
  { port }: MessagingClient,
  topic: Topic<A>,
  // Only the topic says what A is: from the value too it would be inferred too wide, with text for a literal.
  value: NoInfer<A>,
  { signal }: PublishEventOptions = {},
): Promise<Receipt<A>> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const publisher = publisherOf(port, topic);
    let entry: Pending<A> | undefined = undefined;
    const onAbort = (): void => {
      if (entry !== undefined) publisher.withdraw(entry);
      // The reason is whatever the caller aborted with, as fetch does it.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    entry = publisher.accept(value, (result) => {
      signal?.removeEventListener('abort', onAbort);
      if (E.isLeft(result)) reject(result.left.error);
      else resolve(result.right);
    });
    // A function of the topic may have aborted it, before there was an entry to withdraw.
    if (signal?.aborted === true && entry !== undefined) publisher.withdraw(entry);
  });
}

/** Each takes the values of the topic it is kept by. */
const publishers = new WeakMap<MessagingPort, WeakMap<object, unknown>>();

function publisherOf<A>(port: MessagingPort, topic: Topic<A>): Publisher<A> {
  const ofPort = publishers.get(port) ?? new WeakMap<object, unknown>();
  publishers.set(port, ofPort);
  const known = ofPort.get(topic) as Publisher<A> | undefined;
  const publisher = known ?? createPublisher(port, topic, publishSettings({}, port.random));
  ofPort.set(topic, publisher);
  return publisher;
}
