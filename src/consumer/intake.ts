import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler } from 'rxjs';
import { decode } from '../message/decode.js';
import type { Message } from '../message/message.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { Topic } from '../topic.js';
import type { ConsumerSettings } from './consumerOptions.js';
import type { Credits } from './credits.js';
import { deliver } from './deliver.js';
import { settlementOfInvalid } from './invalid.js';
import type { Lease } from './lease.js';
import type { Leases } from './leases.js';
import type { Batch } from './poll.js';
import { type QueueContext, tell } from './queueContext.js';
import type { Settlements } from './settlements.js';

/** The way of what was received, into the consumer or back. */
export interface Intake<A> {
  /** Takes received messages in, each with a lease, and decodes them. */
  takeIn(batch: Batch): readonly Message<A>[];
  /** Makes received messages visible to others at once. */
  putBack(batch: Batch): readonly never[];
}

/** What a consumer holds, and what it settles by. */
export interface IntakeParts {
  readonly credits: Credits;
  readonly leases: Leases;
  readonly settlements: Settlements;
}

/** What became of a received message: it is new here and has a lease, held already, done already, or came too late for its lease. */
type Fate = Lease | 'held' | 'done' | 'late';

export function createIntake<A>(
  context: QueueContext,
  topic: Topic<A>,
  { visibilityTimeoutSeconds, onInvalid }: ConsumerSettings,
  { credits, leases, settlements }: IntakeParts,
): Intake<A> {
  /**
   * What was handled before is deleted, and what is being handled stays where it is. The order of a FIFO group ends at a
   * message that is on its way to the dead-letter queue: it may not get there.
   */
  const holdNew = (raw: RawMessage, receivedAt: number, broken: Set<string>): Fate => {
    if (settlements.deleteIfDone(raw)) return 'done';
    const known = leases.adopt(raw, receivedAt);
    if (known === undefined) return leases.add(raw, receivedAt);
    const group = groupOf(raw);
    if (group !== undefined && known.settlement === 'reject') broken.add(group);
    return 'held';
  };

  const tellOf = (raw: RawMessage, fate: Fate, receivedAt: number): void => {
    const { messageId, receiveCount, groupId, sequenceNumber } = raw;
    if (fate === 'held' || fate === 'done') {
      tell(context, () => ({ type: 'redelivered', id: messageId, receiveCount, because: fate }));
      return;
    }
    tell(context, () => ({
      type: 'received',
      id: messageId,
      receiveCount,
      ageMs: Math.max(0, receivedAt - (raw.sentTimestamp ?? receivedAt)),
      ...(groupId === undefined ? {} : { groupId }),
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    }));
    if (fate === 'late') tell(context, () => ({ type: 'leaseLost', id: messageId, receiveCount, reason: 'expired' }));
  };

  /** Holds what is new of a batch. All of it is held before anybody is told: a listener may end the session. */
  const hold = ({ messages, receivedAt }: Batch, broken: Set<string>): readonly Lease[] => {
    const tellOfLost = leases.loseExpired(messages);
    // Of an answer that came too late for its leases there is nothing left: SQS hands it out again.
    const isTooLate = asyncScheduler.now() >= receivedAt + visibilityTimeoutSeconds * 1_000;
    const fates = messages.map((raw): Fate => (isTooLate ? 'late' : holdNew(raw, receivedAt, broken)));
    const fresh = fates.filter((fate) => typeof fate === 'object');
    credits.giveBack(messages.length - fresh.length);
    tellOfLost();
    fates.forEach((fate, index) => {
      const raw = messages[index];
      if (raw !== undefined) tellOf(raw, fate, receivedAt);
    });
    return fresh;
  };

  const release = (lease: Lease): void => {
    // A listener may have ended the session meanwhile, and all it held.
    if (lease.state === 'held') leases.end(lease, settlements.release(lease));
  };

  /** What is handed out of a held message: nothing, when it can't be decoded or its group's order has ended. */
  const open = (lease: Lease, broken: Set<string>, failedGroups: Set<string>): Message<A> | undefined => {
    const group = groupOf(lease.raw);
    if (group !== undefined && broken.has(group)) {
      // Its group's order ends at a message before it, which could not be decoded or is being dead-lettered.
      release(lease);
      return undefined;
    }
    const decoded = decode(topic, lease.raw);
    if (E.isRight(decoded)) return deliver(context, lease, decoded.right, failedGroups, settlements.settle);
    if (group !== undefined) broken.add(group);
    // It acts without a subscriber, and its failure is a `settleFailed` event.
    void settlements.settle(lease, settlementOfInvalid(context, lease.raw, decoded.left, onInvalid));
    return undefined;
  };

  return {
    takeIn: (batch) => {
      const broken = new Set<string>();
      const failedGroups = new Set<string>();
      const opened: Message<A>[] = [];
      for (const lease of hold(batch, broken)) {
        const message = lease.state === 'held' ? open(lease, broken, failedGroups) : undefined;
        if (message !== undefined) opened.push(message);
      }
      return opened;
    },
    putBack: (batch) => {
      for (const lease of hold(batch, new Set())) release(lease);
      return [];
    },
  };
}

/** The group whose order counts: only FIFO queues number their messages. */
const groupOf = ({ groupId, sequenceNumber }: RawMessage): string | undefined =>
  sequenceNumber === undefined ? undefined : groupId;
