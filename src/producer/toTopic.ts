import * as E from 'fp-ts/lib/Either.js';
import { Observable, type Observer, Subject } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import type { Topic } from '../topic.js';
import { createPublisher, type Publisher } from './publisher.js';
import { type PublishOptions, publishSettings } from './publishOptions.js';
import type { PublishFailure, PublishResult } from './publishResult.js';
import { reportUnhandled } from '../operators/reportUnhandled.js';

/**
 * A sink of values and a hot source of what became of them, as {@link toTopic} makes it. Like a Subject it takes values of
 * several sources, until one of them completes or errors it.
 */
// The one class beside the errors: it must be an Observable and an Observer at once, as RxJS's own Subject is.
// eslint-disable-next-line rxjs-x/no-subclass
export class TopicSubject<A> extends Observable<PublishResult<A>> implements Observer<A> {
  /**
   * Emits once and completes when every value accepted so far, and until then, has its result: at once where nothing waits. Ends
   * nothing: values may come after it.
   */
  readonly drained$: Observable<void>;
  readonly #publisher: Publisher<A>;
  readonly #results: Subject<PublishResult<A>>;
  #isStopped = false;

  /** @internal */
  constructor(publisher: Publisher<A>) {
    const results = new Subject<PublishResult<A>>();
    super((subscriber) => results.subscribe(subscriber));
    this.drained$ = publisher.idle$;
    this.#publisher = publisher;
    this.#results = results;
  }

  // Properties, so that each can be handed on without its object.

  /**
   * Publishes a value. Never throws: a value that is refused has its result at once. After the end it is ignored, as by any
   * Subject; `client.events$` tells of it (`publishFailed`, `SinkEnded`).
   */
  readonly next = (value: A): void => {
    if (this.#isStopped) this.#publisher.turnAway(value);
    else this.#publisher.accept(value, this.#tell);
  };

  /**
   * Publishes a value as `next` does, and returns why it was refused, where that is known at once: it is not valid, too much
   * waits, or the sink or the client has ended. Undefined: it was accepted, and its result will come. Whoever is returned a refusal
   * has observed it; the results have it as well, until they end.
   */
  readonly offer = (value: A): PublishFailure<A> | undefined => {
    if (this.#isStopped) return refusalOf(this.#publisher.turnAway(value));
    let refusal: PublishFailure<A> | undefined;
    let isOffering = true;
    this.#publisher.accept(value, (result) => {
      if (!isOffering) {
        this.#tell(result);
        return;
      }
      refusal = refusalOf(result);
      this.#results.next(result);
    });
    isOffering = false;
    return refusal;
  };

  /** Ends the sink. What was accepted is published first; then the results error. */
  readonly error = (error: unknown): void => {
    this.#end(() => {
      if (!this.#results.observed) reportUnhandled(error);
      this.#results.error(error);
    });
  };

  /** Ends the sink. What was accepted is published first; then the results complete. */
  readonly complete = (): void => {
    this.#end(() => {
      this.#results.complete();
    });
  };

  readonly #tell = (result: PublishResult<A>): void => {
    if (E.isLeft(result) && !this.#results.observed) reportUnhandled(result.left.error);
    this.#results.next(result);
  };

  #end(then: () => void): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#publisher.idle$.subscribe(then);
  }
}

const refusalOf = <A>(result: PublishResult<A>): PublishFailure<A> | undefined =>
  E.isLeft(result) ? result.left : undefined;

/**
 * An Observer that validates each value and publishes it to a topic, and an Observable of the results, like `webSocket()`.
 *
 * ```text
 * next      --a-(bc)-------d--|
 * requests    [-a-]
 *               [bc-]
 *                          [-d-]
 * results   ------A-(BC)-------(D|)
 * ```
 *
 * `next` after an invalid value goes on working. One result for each value, which carries it: `Right` with the receipt, or
 * `Left` with the failure. They come as they are known: those of refused values at once, those of a FIFO group in its order, others in
 * any order. They are hot: who subscribes late misses the earlier ones, and after the end is told of the end. A failure that nobody
 * observes is reported as RxJS reports unhandled errors: as an uncaught exception, which ends a Node process, unless RxJS's
 * `config.onUnhandledError` says otherwise. Unsubscribing from the results cancels nothing.
 *
 * Several sources may share a sink; the first to complete or error ends it for all, so end it yourself where they end apart:
 * `merge(a$, b$).subscribe(sink)`, or `a$.subscribe(sink.next)`. `client.close()` waits for what was accepted; values that come
 * after it fail with an AWSConnectionError (`ClientClosed`), which says that trying again may help: by another client.
 *
 * A failure's error is a ValidationFailedError or InvalidMessageError for a value that can't be sent, an OverflowError when
 * `maxPending` values or `maxPendingBytes` wait, a ConfigurationError without an ARN of the topic, and an AWSConnectionError when SNS
 * refused it or could not be reached: after `retryAttempts` where trying again could help. `outcomeUnknown` says whether SNS may have
 * the value all the same: a request without an answer is made again too (see `retryUnanswered`), so a standard topic may get a value
 * twice; of a FIFO topic SNS drops the second.
 *
 * When SNS throttles, the requests of the topic slow down, and come back to their rate within seconds (`slowed` in the events);
 * `rateLimit` of the configuration caps those of the client.
 *
 * On a FIFO topic a value waits for its answer before the next of its group is sent, whichever sinks of the client they come
 * from: one value of a group a round trip. A value that failed for good does not stop those behind it.
 *
 * @example
 * ```ts
 * import { toTopic } from 'rxjs-aws-messaging';
 *
 * const users = toTopic(client, UserEvents);
 * users.subscribe((result) => log(result));
 * created$.subscribe(users);
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range.
 */
export function toTopic<A>({ port }: MessagingClient, topic: Topic<A>, options: PublishOptions = {}): TopicSubject<A> {
  return new TopicSubject(createPublisher(port, topic, publishSettings(options, port.random)));
}
