import { defer, type OperatorFunction } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import type { Topic } from '../topic.js';
import { createPublisher } from './publisher.js';
import { publishing } from './publishing.js';
import { type PublishOptions, publishSettings } from './publishOptions.js';
import type { PublishResult } from './publishResult.js';
import { TopicSubject } from './toTopic.js';

/** Options of {@link publishTo}. */
export interface PublishToOptions extends PublishOptions {
  /**
   * Error with the first failure, instead of emitting it as a result, and end the source. What was accepted before is
   * published all the same; its failures are then in `client.events$` only.
   *
   * @defaultValue false
   */
  readonly stopOnError?: boolean;
}

/**
 * Publishes each value of the source, and emits what became of it: `Right` with the receipt, `Left` with the failure, each
 * with its value. Results come as they are known: those of refused values at once, those of a FIFO group in its order,
 * others in any order.
 *
 * ```text
 * source     --a-(bc)-------d--|
 * requests     [-a-]
 *                [bc-]
 *                           [-d-]
 * publishTo  ------A-(BC)-------(D|)
 * ```
 *
 * A value is validated and encoded before anything is sent. Completes when the source has and every value has its result;
 * an error of the source comes after the results of what was accepted. Unsubscribing ends the source, and does not cancel
 * what was accepted: a failure of it is then reported as RxJS reports unhandled errors. Failures, retries and FIFO topics
 * are as with `toTopic`; each subscription has requests and a `maxPending` of its own.
 *
 * A source can't be told to wait: what it pushes beyond `maxPending` fails with an OverflowError. `publishFrom` reads iterables,
 * generators and Node streams only as fast as SNS accepts.
 *
 * @example
 * ```ts
 * import { publishTo } from 'rxjs-aws-messaging';
 *
 * orders$.pipe(publishTo(client, Orders)).subscribe(log);
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range.
 */
export function publishTo<A>(
  { port }: MessagingClient,
  topic: Topic<A>,
  { stopOnError = false, ...options }: PublishToOptions = {},
): OperatorFunction<A, PublishResult<A>> {
  const settings = publishSettings(options, port.random);
  return (source) =>
    defer(() => publishing(source, new TopicSubject(createPublisher(port, topic, settings)), stopOnError));
}
