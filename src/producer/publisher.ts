import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler, Subscription } from 'rxjs';
import type { MessagingPort, PublishedEntry } from '../client/client.js';
import { clientClosed } from '../client/observeCalls.js';
import { OPERATIONS } from '../client/operations.js';
import { AWSConnectionError, MessagingError, OverflowError } from '../errors.js';
import { errorInfo } from '../events.js';
import { encode, type EncodedMessage } from '../message/encode.js';
import type { Topic } from '../topic.js';
import type { Pending } from './pending.js';
import type { PublishSettings } from './publishOptions.js';
import { PublishFailure, type PublishResult, type Receipt } from './publishResult.js';
import { createSender } from './sender.js';

/** Accepts values of a topic, and answers for each. */
export interface Publisher<A> {
  /**
   * Takes a value in; `tell` runs once, with what became of it: at once where it is refused, and nothing is returned then.
   */
  accept(value: A, tell: (result: PublishResult<A>) => void): Pending<A> | undefined;
  /** Gives a value up that was never sent: no answer follows. One that was sent stays. */
  withdraw(entry: Pending<A>): void;
  /** Runs `then` once every accepted value has its answer. */
  whenIdle(then: () => void): void;
}

export function createPublisher<A>(port: MessagingPort, topic: Topic<A>, settings: PublishSettings): Publisher<A> {
  const { maxPending } = settings;
  const pending = new Set<Pending<A>>();
  let waiting: (() => void)[] = [];
  /** Results being told: whoever is told may end the sink, which has to wait until all have heard. */
  let telling = 0;
  /** While anything is pending, the client waits for it. */
  let busy: Subscription | undefined;

  const sender = createSender<A>(port, topic, settings, (entry, outcome) => {
    conclude(entry, outcome);
  });

  /** An entry is closed before it is told of, and told of before anybody hears that nothing is pending. */
  const conclude = (entry: Pending<A>, outcome: PublishedEntry | MessagingError): void => {
    // Whoever is told may bring the end of the client about, in the middle of a batch's answers.
    if (!pending.delete(entry)) return;
    tellResult(entry.tell, () =>
      outcome instanceof MessagingError ? failed(entry.value, outcome, entry.attempts) : published(entry, outcome),
    );
  };

  const tellResult = (tell: Pending<A>['tell'], result: () => PublishResult<A>): void => {
    telling += 1;
    tell(result());
    telling -= 1;
    rest();
  };

  const rest = (): void => {
    if (pending.size > 0 || telling > 0) return;
    busy?.unsubscribe();
    busy = undefined;
    const idle = waiting;
    waiting = [];
    for (const then of idle) then();
  };

  const published = ({ value, acceptedAt, attempts }: Pending<A>, entry: PublishedEntry): PublishResult<A> => {
    const { messageId, sequenceNumber } = entry;
    port.emit(() => {
      const at = asyncScheduler.now();
      return { type: 'published', at, topic: topic.name, id: messageId, durationMs: at - acceptedAt, attempts };
    });
    const receipt: Receipt<A> = { value, messageId, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) };
    return E.right(receipt);
  };

  const failed = (value: A, error: MessagingError, attempts: number): PublishResult<A> => {
    port.emit(() => {
      const at = asyncScheduler.now();
      return { type: 'publishFailed', at, topic: topic.name, error: errorInfo(error), attempts };
    });
    return E.left(new PublishFailure(value, error));
  };

  /** Whether a value may come in, and as what it will travel. */
  const admit = (value: A): E.Either<MessagingError, EncodedMessage> => {
    if (port.isClosing()) return E.left(clientClosed(OPERATIONS.publishBatch));
    if (pending.size + sender.cancelled >= maxPending)
      return E.left(new OverflowError(maxPending, { topic: topic.name }));
    return encode(topic, value);
  };

  const occupy = (): Subscription => {
    const occupied = new Subscription(port.hold());
    occupied.add(port.killed$.subscribe(giveUp));
    return occupied;
  };

  /** `close()` has no time left to wait for answers. */
  const giveUp = (): void => {
    sender.abort();
    for (const entry of [...pending]) conclude(entry, closeTimeout(entry.attempts));
  };

  return {
    accept: (value, tell) => {
      const admitted = admit(value);
      if (E.isLeft(admitted)) {
        tellResult(tell, () => failed(value, admitted.left, 0));
        return undefined;
      }
      const message = admitted.right;
      const entry: Pending<A> = {
        value,
        message,
        bytes: message.bytes,
        lane: topic.kind === 'fifo' ? message.groupId : undefined,
        acceptedAt: asyncScheduler.now(),
        tell,
        attempts: 0,
        isCancelled: false,
        following: undefined,
      };
      pending.add(entry);
      busy ??= occupy();
      sender.send(entry);
      return entry;
    },
    withdraw: (entry) => {
      if (entry.attempts > 0) return;
      if (!pending.delete(entry)) return;
      sender.cancel(entry);
      rest();
    },
    whenIdle: (then) => {
      waiting.push(then);
      rest();
    },
  };
}

function closeTimeout(attempts: number): AWSConnectionError {
  const operation = OPERATIONS.publishBatch;
  const detail = `the client was closed; ${attempts > 0 ? 'SNS may or may not have it' : 'it was not sent'}`;
  return new AWSConnectionError({ operation, code: 'CloseTimeout', retryable: false, detail });
}
