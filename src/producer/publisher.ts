import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler, defer, filter, type Observable, of, Subject, Subscription, take } from 'rxjs';
import type { MessagingPort, PublishedEntry } from '../client/client.js';
import { MessagingError, OverflowError } from '../errors.js';
import { encode, type EncodedMessage } from '../message/encode.js';
import type { Topic } from '../topic.js';
import type { Pending } from './pending.js';
import type { PublishSettings } from './publishOptions.js';
import type { PublishResult } from './publishResult.js';
import { clientGone, closeTimeout, createResults, sinkEnded } from './results.js';
import { createRoom } from './room.js';
import { createSender } from './sender.js';

/** Accepts values of a topic, and answers for each. */
export interface Publisher<A> {
  /**
   * Takes a value in; `tell` runs once, with what became of it: at once where it is refused, and nothing is returned then.
   */
  accept(value: A, tell: (result: PublishResult<A>) => void): Pending<A> | undefined;
  /** Gives a value up that was never sent: no answer follows. One that was sent stays. */
  withdraw(entry: Pending<A>): void;
  /** What a value fails with that came after the end of its sink, told in an event: nobody hears of results any more. */
  turnAway(value: A): PublishResult<A>;
  /** Emits once and completes: when every accepted value has its answer, and all have heard of it. */
  readonly idle$: Observable<void>;
  /** Whether one more value would find room. */
  hasRoom(): boolean;
  /** Emits whenever there is more of it. */
  readonly room$: Observable<void>;
}

export function createPublisher<A>(port: MessagingPort, topic: Topic<A>, settings: PublishSettings): Publisher<A> {
  const { published, failed } = createResults<A>(port, topic);
  const room = createRoom(settings);
  const pending = new Set<Pending<A>>();
  const rested = new Subject<void>();
  const vacated = new Subject<void>();
  /** Results being told: whoever is told may end the sink, which has to wait until all have heard. */
  let telling = 0;
  /** While anything is pending, the client waits for it. */
  let busy: Subscription | undefined;

  const isIdle = (): boolean => pending.size === 0 && telling === 0;

  const rest = (): void => {
    if (!isIdle()) return;
    busy?.unsubscribe();
    busy = undefined;
    rested.next();
  };

  const tellResult = (tell: Pending<A>['tell'], result: () => PublishResult<A>): void => {
    telling += 1;
    tell(result());
    telling -= 1;
    rest();
  };

  /** An entry is closed before it is told of, and told of before anybody hears that nothing is pending. */
  const conclude = (entry: Pending<A>, outcome: PublishedEntry | MessagingError): void => {
    // Whoever is told may bring the end of the client about, in the middle of a batch's answers.
    if (!pending.delete(entry)) return;
    room.give(entry.bytes);
    tellResult(entry.tell, () =>
      outcome instanceof MessagingError ? failed(entry.value, outcome, entry) : published(entry, outcome),
    );
    vacated.next();
  };

  const passedOver = ({ bytes }: Pending<A>): void => {
    room.give(bytes);
    vacated.next();
  };

  const sender = createSender<A>(port, topic, settings, { conclude, passedOver });

  /** Whether a value may come in, and as what it will travel. */
  const admit = (value: A): E.Either<MessagingError, EncodedMessage> => {
    if (port.isClosing()) return E.left(clientGone(topic.name));
    const bound = room.full();
    return bound === undefined ? encode(topic, value) : E.left(new OverflowError(bound, { topic: topic.name }));
  };

  const occupy = (): Subscription => {
    const occupied = new Subscription(port.hold());
    occupied.add(port.killed$.subscribe(giveUp));
    return occupied;
  };

  /** `close()` has no time left to wait for answers. */
  const giveUp = (): void => {
    sender.abort();
    for (const entry of [...pending]) conclude(entry, closeTimeout(entry, topic.name));
  };

  return {
    accept: (value, tell) => {
      const admitted = admit(value);
      if (E.isLeft(admitted)) {
        tellResult(tell, () => failed(value, admitted.left));
        return undefined;
      }
      const entry = pendingOf(topic, value, admitted.right, tell);
      pending.add(entry);
      room.take(entry.bytes);
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
    turnAway: (value) => failed(value, sinkEnded(topic.name)),
    idle$: defer(() => (isIdle() ? of(undefined) : rested.pipe(filter(isIdle), take(1)))),
    hasRoom: () => room.full() === undefined,
    room$: vacated.asObservable(),
  };
}

function pendingOf<A>(topic: Topic<A>, value: A, message: EncodedMessage, tell: Pending<A>['tell']): Pending<A> {
  return {
    value,
    message,
    bytes: message.bytes,
    lane: topic.kind === 'fifo' ? message.groupId : undefined,
    acceptedAt: asyncScheduler.now(),
    tell,
    attempts: 0,
    spared: 0,
    firstSentAt: 0,
    failure: undefined,
    isUnsure: false,
    isCancelled: false,
    isAdmitted: false,
    place: undefined,
  };
}
