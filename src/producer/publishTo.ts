import * as E from 'fp-ts/lib/Either.js';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  identity,
  ignoreElements,
  map,
  merge,
  type Observable,
  type OperatorFunction,
  tap,
  throwError,
} from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import type { Topic } from '../topic.js';
import { createPublisher } from './publisher.js';
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
 * with its value. Results come as they are known, not in the order of the values.
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
    defer(() => {
      const sink = new TopicSubject(createPublisher(port, topic, settings));
      const { next, complete } = sink;
      let end$: Observable<never> = EMPTY;
      // The results are the first to say that the source ended: once everything is published, and to whoever is still there.
      const publishing$ = source.pipe(
        tap({ next, complete }),
        ignoreElements(),
        catchError((error: unknown) => {
          end$ = throwError(() => error);
          complete();
          return EMPTY;
        }),
      );
      const results$ = concat(
        sink,
        defer(() => end$),
      );
      return merge(results$.pipe(stopOnError ? errorOfFailure(sink) : identity), publishing$);
    });
}

/** Who asks for this has been told with the first failure; a process that dies of the next ones would be no service. */
function errorOfFailure<A>(sink: TopicSubject<A>): OperatorFunction<PublishResult<A>, PublishResult<A>> {
  return map((result) => {
    if (E.isRight(result)) return result;
    sink.subscribe();
    throw result.left.error;
  });
}
