import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler, defer, EMPTY, filter, ignoreElements, merge, type Observable, Subject, take } from 'rxjs';
import type { MessagingError } from '../errors.js';
import { errorInfo } from '../events.js';
import { decode } from '../message/decode.js';
import type { Message } from '../message/message.js';
import type { RawMessage } from '../message/rawMessage.js';
import { checkSettlement, reject, type Settlement } from '../message/settlement.js';
import type { Topic } from '../topic.js';
import type { ConsumerSettings } from './consumerOptions.js';
import { createCredits, type Credits } from './credits.js';
import { deliver } from './deliver.js';
import type { Lease } from './lease.js';
import { createLeases } from './leases.js';
import type { Batch } from './poll.js';
import { type QueueContext, tell } from './queueContext.js';
import { createSettlements } from './settlements.js';

/** One subscription's messages: held, decoded, settled. */
export interface Session<A> {
  readonly credits: Credits;
  /** False while so many settlements wait for SQS that taking more messages in would only pile them up. */
  readonly hasRoom: () => boolean;
  /** Emits when there may be room again. */
  readonly room$: Observable<void>;
  /** Takes received messages in, each with a lease, and decodes them. */
  takeIn(batch: Batch): readonly Message<A>[];
  /** Makes received messages visible to others at once. */
  putBack(batch: Batch): readonly never[];
  /** Completes once every message is settled and every settlement has its answer. */
  readonly drained$: Observable<never>;
  /** Releases what nobody settled. What was settled goes on to SQS; `then` runs when that is done. */
  end(then: () => void): void;
}

export function createSession<A>(context: QueueContext, topic: Topic<A>, settings: ConsumerSettings): Session<A> {
  const { maxInFlight } = settings;
  const credits = createCredits(maxInFlight);
  const ended = new Subject<void>();
  let isEnding = false;
  const leases = createLeases({
    ...settings,
    context,
    onEnd: () => {
      credits.giveBack(1);
      // Nobody is left whose settlement could share the call; those that end together share theirs.
      if (leases.size === 0 && !isEnding) settlements.flush();
      ended.next();
    },
  });
  const settlements = createSettlements(context, leases);
  const releaseHold = context.port.hold();
  const { settle } = settlements;

  const isDrained = (): boolean => leases.size === 0 && settlements.pending === 0;
  const drained$ = defer(() =>
    isDrained() ? EMPTY : merge(ended, settlements.concluded$).pipe(filter(isDrained), take(1), ignoreElements()),
  );

  /**
   * What was handled before is deleted, and what is being handled stays where it is. The order of a FIFO group ends at a
   * message that is on its way to the dead-letter queue: it may not get there.
   */
  const holdNew = (raw: RawMessage, receivedAt: number, broken: Set<string>): readonly Lease[] => {
    if (settlements.deleteIfDone(raw)) return [];
    const known = leases.adopt(raw, receivedAt);
    if (known === undefined) return [leases.add(raw, receivedAt)];
    const group = groupOf(raw);
    if (group !== undefined && known.settlement === 'reject') broken.add(group);
    return [];
  };

  const tellReceived = ({ raw, receivedAt }: Lease): void => {
    const { messageId, receiveCount, groupId, sequenceNumber } = raw;
    tell(context, () => ({
      type: 'received',
      id: messageId,
      receiveCount,
      ageMs: Math.max(0, receivedAt - (raw.sentTimestamp ?? receivedAt)),
      ...(groupId === undefined ? {} : { groupId }),
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    }));
  };

  /** Holds what is new of a batch. All of it is held before anybody is told: a listener may end the session. */
  const hold = ({ messages, receivedAt }: Batch, broken: Set<string>): readonly Lease[] => {
    // Whoever hears of what is over may end the session: then this comes back by its visibility timeout.
    leases.loseExpired(messages);
    // Of an answer that came too late for its leases there is nothing left: SQS hands it out again.
    const isTooLate = asyncScheduler.now() >= receivedAt + settings.visibilityTimeoutSeconds * 1_000;
    const fresh = isTooLate || isEnding ? [] : messages.flatMap((raw) => holdNew(raw, receivedAt, broken));
    credits.giveBack(messages.length - fresh.length);
    if (isTooLate)
      messages.forEach(({ messageId: id }) => tell(context, () => ({ type: 'leaseLost', id, reason: 'expired' })));
    fresh.forEach(tellReceived);
    return fresh;
  };

  const release = (lease: Lease): void => {
    // A listener may have ended the session meanwhile, and all it held.
    if (lease.state === 'held') leases.end(lease, settlements.release(lease));
  };

  /** Nobody will see this message: what becomes of it is decided here. */
  const settleInvalid = ({ raw }: Lease, error: MessagingError): Settlement => {
    tell(context, () => ({ type: 'invalid', id: raw.messageId, error: errorInfo(error) }));
    const { messageId: id, body, receiveCount } = raw;
    try {
      if (settings.onInvalid === undefined) return reject(error);
      const settlement = settings.onInvalid(error, { id, topic: topic.name, body, receiveCount });
      checkSettlement(settlement);
      return settlement;
    } catch (thrown) {
      tell(context, () => ({ type: 'callbackFailed', id, callback: 'onInvalid', error: errorInfo(thrown) }));
      return reject(error);
    }
  };

  return {
    credits,
    hasRoom: () => settlements.pending < maxInFlight * 2 + 100,
    room$: settlements.concluded$,
    takeIn: (batch) => {
      const broken = new Set<string>();
      const failedGroups = new Set<string>();
      return hold(batch, broken).flatMap((lease) => {
        const group = groupOf(lease.raw);
        if (group !== undefined && broken.has(group)) {
          // Its group's order ends at a message before it, which could not be decoded or is being dead-lettered.
          release(lease);
          return [];
        }
        const decoded = decode(topic, lease.raw);
        if (E.isRight(decoded)) return [deliver(context, lease, decoded.right, failedGroups, settle)];
        if (group !== undefined) broken.add(group);
        // It acts without a subscriber, and its failure is a `settleFailed` event.
        void settle(lease, settleInvalid(lease, decoded.left));
        return [];
      });
    },
    putBack: (batch) => {
      for (const lease of hold(batch, new Set())) release(lease);
      return [];
    },
    drained$,
    end: (then) => {
      isEnding = true;
      leases.abandon(settlements.release);
      settlements.flush();
      drained$.subscribe({
        complete: () => {
          settlements.complete();
          then();
          releaseHold();
        },
      });
    },
  };
}

/** The group whose order counts: only FIFO queues number their messages. */
const groupOf = ({ groupId, sequenceNumber }: RawMessage): string | undefined =>
  sequenceNumber === undefined ? undefined : groupId;
