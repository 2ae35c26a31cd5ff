import { asapScheduler, asyncScheduler, of, type Subscription, takeUntil, timer } from 'rxjs';
import type { MessagingPort, PublishedEntry } from '../client/client.js';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../client/limits.js';
import type { MessagingError } from '../errors.js';
import type { Topic } from '../topic.js';
import { topicArn } from '../topology/resolve.js';
import { channelOf } from './channel.js';
import { createOutbox } from './outbox.js';
import type { Pending } from './pending.js';
import { isThrottled, publishBatch } from './publishBatch.js';
import type { PublishSettings } from './publishOptions.js';
import { createRetryPolicy } from './retryPolicy.js';
import { createVerdicts } from './verdicts.js';

/** What a sender tells of its entries. */
export interface SenderListener<A> {
  /** SNS has it, or why not. Once for each entry that was not given up. */
  conclude(entry: Pending<A>, outcome: PublishedEntry | MessagingError): void;
  /** An entry that was given up takes no room any more. */
  passedOver(entry: Pending<A>): void;
}

/** Sends entries in batches, and again where that may help. */
export interface Sender<A> {
  send(entry: Pending<A>): void;
  /** Gives up an entry that was never sent. */
  cancel(entry: Pending<A>): void;
  /** Ends requests and waits for good; what they were for is not told. */
  abort(): void;
}

/**
 * An entry leaves in the tick it came in while a request is free, together with the others of that tick. While all
 * requests are under way, or it is not their turn, entries gather, and each request that ends makes room for the next batch. An
 * entry that waits to be sent again holds no request.
 */
export function createSender<A>(
  port: MessagingPort,
  topic: Topic<A>,
  settings: PublishSettings,
  { conclude, passedOver }: SenderListener<A>,
): Sender<A> {
  const { maxRequests, backoff } = settings;
  const channel = channelOf(port, topic);
  const topicArn$ = topicArn(port, topic);
  const running = new Set<Subscription>();
  let requests = 0;
  let isScheduled = false;
  let isPumping = false;
  /** An answer is being told: the pump follows, for all that comes meanwhile. */
  let isJudging = false;
  let isWaiting = false;
  let isAborted = false;
  let turn: Subscription | undefined;

  /** A Set, because a Subscription searches its children when one of thousands ends. */
  const track = (subscription: Subscription): void => {
    running.add(subscription);
    subscription.add(() => running.delete(subscription));
  };

  const isFree = (): boolean => !isAborted && !isWaiting && requests < maxRequests;

  /** A request that is answered at once calls back in here: the loop goes on instead of the stack growing. */
  const pump = (): void => {
    if (isPumping) return;
    isPumping = true;
    while (isFree() && outbox.isReady()) awaitTurn();
    isPumping = false;
  };

  const pumpSoon = (): void => {
    if (isScheduled || isJudging || !isFree()) return;
    isScheduled = true;
    const action = asapScheduler.schedule(() => {
      isScheduled = false;
      pump();
    });
    // The scheduler is everybody's: where another's action throws, RxJS drops those behind it.
    action.add(() => {
      if (!isScheduled) return;
      isScheduled = false;
      pumpSoon();
    });
  };

  const maxBatchBytes = topic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const outbox = createOutbox<Pending<A>>(maxBatchBytes, channel.lanes, { ready: pumpSoon, passedOver });

  /** The batch is made when its turn has come: whatever has gathered until then goes with it. */
  const awaitTurn = (): void => {
    const turn$ = channel.turn();
    if (turn$ === undefined) {
      sendNext();
      return;
    }
    isWaiting = true;
    turn = turn$.pipe(takeUntil(port.closed$)).subscribe(() => {
      isWaiting = false;
      sendNext();
      pump();
    });
    track(turn);
  };

  const sendNext = (): void => {
    const batch = outbox.next()?.filter(verdicts.isStillSafe) ?? [];
    if (batch.length > 0) request(batch);
  };

  /** A turn is for who has something to send. */
  const cancel = (entry: Pending<A>): void => {
    outbox.cancel(entry);
    if (!isWaiting || outbox.isReady()) return;
    isWaiting = false;
    turn?.unsubscribe();
  };

  const request = (batch: readonly Pending<A>[]): void => {
    const now = asyncScheduler.now();
    for (const entry of batch) {
      if (entry.attempts === 0) entry.firstSentAt = now;
      entry.attempts += 1;
      entry.failure = undefined;
    }
    requests += 1;
    const throttled = channel.begin();
    track(
      publishBatch(port, topicArn$, batch).subscribe((answer) => {
        requests -= 1;
        // Before anybody is told of a value, and hands in more.
        if (isThrottled(answer)) throttled();
        isJudging = true;
        try {
          verdicts.judge(batch, answer);
        } finally {
          isJudging = false;
          pump();
        }
      }),
    );
  };

  const sendAgain = (batch: readonly Pending<A>[], delayMs: number): void => {
    if (isAborted) return;
    track(
      (delayMs === 0 ? of(0) : timer(delayMs)).subscribe(() => {
        outbox.pushBack(batch);
        pump();
      }),
    );
  };

  const close = (entry: Pending<A>, outcome: PublishedEntry | MessagingError): void => {
    outbox.done(entry);
    conclude(entry, outcome);
  };

  const verdicts = createVerdicts<A>(createRetryPolicy(topic, port.settings, settings), backoff, { close, sendAgain });

  return {
    send: outbox.push,
    cancel,
    abort: () => {
      isAborted = true;
      for (const subscription of [...running]) subscription.unsubscribe();
    },
  };
}
