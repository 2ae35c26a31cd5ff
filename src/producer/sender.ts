import { asapScheduler, type Subscription, timer } from 'rxjs';
import type { MessagingPort, PublishedEntry } from '../client/client.js';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../client/limits.js';
import { MessagingError } from '../errors.js';
import type { Topic } from '../topic.js';
import { createOutbox } from './outbox.js';
import type { Pending } from './pending.js';
import { type BatchAnswer, outcomeOf, publishBatch } from './publishBatch.js';
import type { PublishSettings } from './publishOptions.js';

/** What a sender tells of an entry: SNS has it, or why not. Once for each. */
export type Conclude<A> = (entry: Pending<A>, outcome: PublishedEntry | MessagingError) => void;

/** Sends entries in batches, and again where that may help. */
export interface Sender<A> {
  send(entry: Pending<A>): void;
  /** Gives up an entry that was never sent. */
  cancel(entry: Pending<A>): void;
  /** Entries given up that still take room. */
  readonly cancelled: number;
  /** Ends requests and waits for good; what they were for is not told. */
  abort(): void;
}

/**
 * An entry leaves in the tick it came in while a request is free, together with the others of that tick. While all
 * requests are under way entries gather, and each request that ends makes room for the next batch. An entry that waits
 * to be sent again holds no request.
 */
export function createSender<A>(
  port: MessagingPort,
  topic: Topic<A>,
  { maxRequests, backoff }: PublishSettings,
  conclude: Conclude<A>,
): Sender<A> {
  const outbox = createOutbox<Pending<A>>(topic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES);
  const running = new Set<Subscription>();
  let requests = 0;
  let isScheduled = false;
  let isPumping = false;
  let isAborted = false;

  /** A Set, because a Subscription searches its children when one of thousands ends. */
  const track = (subscription: Subscription): void => {
    running.add(subscription);
    subscription.add(() => running.delete(subscription));
  };

  /** A request that is answered at once calls back in here: the loop goes on instead of the stack growing. */
  const pump = (): void => {
    if (isPumping) return;
    isPumping = true;
    for (let batch = take(); batch !== undefined; batch = take()) request(batch);
    isPumping = false;
  };

  const pumpSoon = (): void => {
    isScheduled = true;
    const action = asapScheduler.schedule(() => {
      isScheduled = false;
      pump();
    });
    // The scheduler is everybody's: where another's action throws, RxJS drops those behind it.
    action.add(() => {
      if (isScheduled) pumpSoon();
    });
  };

  const take = (): readonly Pending<A>[] | undefined =>
    requests < maxRequests && !isAborted ? outbox.next() : undefined;

  const request = (batch: readonly Pending<A>[]): void => {
    requests += 1;
    for (const entry of batch) entry.attempts += 1;
    const messages = batch.map(({ message }) => message);
    track(
      publishBatch(port, topic, messages).subscribe((answer) => {
        requests -= 1;
        settle(batch, answer);
        pump();
      }),
    );
  };

  const settle = (batch: readonly Pending<A>[], answer: BatchAnswer): void => {
    const again: Pending<A>[] = [];
    for (const [position, entry] of batch.entries()) {
      const outcome = outcomeOf(answer, position);
      if (isWorthRetrying(entry, outcome)) {
        again.push(entry);
      } else {
        outbox.done(entry);
        conclude(entry, outcome);
      }
    }
    // A request that failed goes again as it was. Where the request did not fail, each entry that did goes alone.
    if (answer instanceof MessagingError) retry(again);
    else for (const entry of again) retry([entry]);
  };

  const isWorthRetrying = ({ attempts }: Pending<A>, outcome: PublishedEntry | MessagingError): boolean =>
    outcome instanceof MessagingError && outcome.retryable && attempts <= port.settings.retryAttempts;

  const retry = (batch: readonly Pending<A>[]): void => {
    const [first] = batch;
    if (first === undefined || isAborted) return;
    track(
      timer(backoff(first.attempts)).subscribe(() => {
        outbox.pushBack(batch);
        pump();
      }),
    );
  };

  return {
    send: (entry) => {
      outbox.push(entry);
      if (!isScheduled && requests < maxRequests) pumpSoon();
    },
    cancel: outbox.cancel,
    get cancelled() {
      return outbox.cancelled;
    },
    abort: () => {
      isAborted = true;
      for (const subscription of [...running]) subscription.unsubscribe();
    },
  };
}
