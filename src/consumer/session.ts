import * as E from 'fp-ts/lib/Either.js';
import { defer, EMPTY, filter, ignoreElements, merge, type Observable, Subject, take } from 'rxjs';
import type { MessagingError } from '../errors.js';
import { errorInfo } from '../events.js';
import { decode } from '../message/decode.js';
import type { Message } from '../message/message.js';
import type { RawMessage } from '../message/rawMessage.js';
import { reject, type Settlement } from '../message/settlement.js';
import type { Topic } from '../topic.js';
import type { ConsumerSettings } from './consumerOptions.js';
import { createCredits, type Credits } from './credits.js';
import { deliver } from './deliver.js';
import type { Lease } from './lease.js';
import { createLeases } from './leases.js';
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
  takeIn(batch: readonly RawMessage[]): readonly Message<A>[];
  /** Makes received messages visible to others at once. */
  putBack(batch: readonly RawMessage[]): readonly never[];
  /** Completes once every message is settled and every settlement has its answer. */
  readonly drained$: Observable<never>;
  /** Releases what nobody settled. What was settled goes on to SQS; `then` runs when that is done. */
  end(then: () => void): void;
}

export function createSession<A>(context: QueueContext, topic: Topic<A>, settings: ConsumerSettings): Session<A> {
  const { maxInFlight } = settings;
  const credits = createCredits(maxInFlight);
  const ended = new Subject<void>();
  const leases = createLeases({
    ...settings,
    context,
    onEnd: () => {
      credits.giveBack(1);
      // Nobody is left whose settlement could share the call.
      if (leases.size === 0) settlements.flush();
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

  /** What was handled before is deleted, and what is being handled stays where it is. */
  const isKnown = (raw: RawMessage): boolean => settlements.deleteIfDone(raw) || leases.adopt(raw);

  const hold = (raw: RawMessage): Lease => {
    const lease = leases.add(raw);
    const { groupId, sequenceNumber } = raw;
    tell(context, () => ({
      type: 'received',
      id: raw.messageId,
      receiveCount: raw.receiveCount,
      ageMs: Math.max(0, lease.receivedAt - (raw.sentTimestamp ?? lease.receivedAt)),
      ...(groupId === undefined ? {} : { groupId }),
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    }));
    return lease;
  };

  const release = (lease: Lease): void => {
    leases.end(lease, () => {
      settlements.release(lease);
    });
  };

  /** Nobody will see this message: what becomes of it is decided here. */
  const settleInvalid = ({ raw }: Lease, error: MessagingError): Settlement => {
    tell(context, () => ({ type: 'invalid', id: raw.messageId, error: errorInfo(error) }));
    const { messageId: id, body, receiveCount } = raw;
    try {
      return settings.onInvalid?.(error, { id, topic: topic.name, body, receiveCount }) ?? reject(error);
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
      const fresh = batch.flatMap((raw) => (isKnown(raw) ? [] : [hold(raw)]));
      credits.giveBack(batch.length - fresh.length);
      const broken = new Set<string>();
      return fresh.flatMap((lease) => {
        const group = lease.raw.sequenceNumber === undefined ? undefined : lease.raw.groupId;
        if (group !== undefined && broken.has(group)) {
          // Its group's order ends at the message that could not be decoded.
          release(lease);
          return [];
        }
        const decoded = decode(topic, lease.raw);
        if (E.isRight(decoded)) return [deliver(context, lease, decoded.right, settle)];
        if (group !== undefined) broken.add(group);
        // It acts without a subscriber, and its failure is a `settleFailed` event.
        void settle(lease, settleInvalid(lease, decoded.left));
        return [];
      });
    },
    putBack: (batch) => {
      const fresh = batch.flatMap((raw) => (isKnown(raw) ? [] : [hold(raw)]));
      credits.giveBack(batch.length - fresh.length);
      for (const lease of fresh) release(lease);
      return [];
    },
    drained$,
    end: (then) => {
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
