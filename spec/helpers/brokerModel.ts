import { asyncScheduler } from 'rxjs';
import type { ReceiveRequest } from '../../src/client/client.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import type { BrokerQueue } from '../../src/testing/brokerQueue.js';
import { readHandle } from '../../src/testing/receiptHandle.js';
import type { StoredMessage } from '../../src/testing/storedMessage.js';
import type { BrokerParts } from '../../src/testing/brokerParts.js';
import type { AnyTopic } from '../../src/topic.js';

/** What the queue was made with. */
export interface ModelRules {
  readonly maxReceiveCount: number;
  readonly unordered: boolean;
  readonly partialReceives: boolean;
  readonly delaySeconds: number;
}

/** A second opinion of a queue and its dead-letter queue, beside each call that reaches them. */
export interface BrokerModel {
  readonly queue: BrokerQueue;
  readonly deadLetters: BrokerQueue;
  /** The first rule that was broken; what comes after it follows from it. */
  readonly faults: string[];
  /** All that reached the queues, in order. */
  readonly log: string[];
  /** Every handle that was ever given, of messages that nobody got included. */
  readonly handles: { readonly queueUrl: string; readonly receiptHandle: string }[];
  /** How many messages with this body came in. */
  arrivalsOf(body: string): number;
  fault(text: string): void;
}

/** A message, or one of its copies. */
interface Copy {
  readonly serial: number;
  readonly groupId: string;
  count: number;
  hiddenUntil: number;
  receivedAt: number | undefined;
}

type Attempt = { readonly at: number; readonly held: readonly string[] } | undefined;

const TWELVE_HOURS_MS = 43_200_000;
const FIVE_MINUTES_MS = 300_000;

/** Watches the queue of a topic, and its dead-letter queue, from now on. */
export function brokerModel(parts: BrokerParts, topic: AnyTopic, rules: ModelRules): BrokerModel {
  const queue = parts.queueOf(topic);
  const deadLetters = parts.deadLettersOf(queue) ?? queue;
  const places = new Map<BrokerQueue, Map<number, Copy>>([queue, deadLetters].map((place) => [place, new Map()]));
  const faults: string[] = [];
  const log: string[] = [];
  const handles: { readonly queueUrl: string; readonly receiptHandle: string }[] = [];
  const bodies = new Map<string, number>();

  const now = (): number => asyncScheduler.now();
  const note = (text: string): void => void log.push(`${now()}: ${text}`);
  const fault = (text: string): void => {
    if (faults.length === 0) faults.push(`${now()} ms: ${text}`);
  };
  const copiesOf = (place: BrokerQueue): Map<number, Copy> => places.get(place) ?? new Map<number, Copy>();
  const isHidden = ({ hiddenUntil }: Copy): boolean => hiddenUntil > now();
  const isInFlight = (copy: Copy): boolean => isHidden(copy) && copy.receivedAt !== undefined;
  const markOf = ({ serial, count, hiddenUntil }: Copy): string => `${serial}#${count}@${hiddenUntil}`;

  /** Nothing has vanished, and nothing has changed but by the calls. */
  const compare = (): void => {
    for (const [place, copies] of places) {
      const modelled = [...copies.values()].map(markOf).join(' ');
      const there = place.messages.map((message) =>
        markOf({ ...message, groupId: '', count: message.receiveCount, hiddenUntil: message.visibleAt }),
      );
      if (there.join(' ') !== modelled) fault(`${place.name} has ${there.join(' ')}, expected ${modelled}`);
    }
  };

  parts.account.arrivals$.subscribe(({ queue: place, message }) => {
    const copies = copiesOf(place);
    // One that was moved is here already.
    if (copies.has(message.serial)) return;
    if (place !== queue) fault(`${message.body} came into the dead-letter queue by itself`);
    bodies.set(message.body, (bodies.get(message.body) ?? 0) + 1);
    const hiddenUntil = now() + rules.delaySeconds * 1_000;
    const { serial, groupId = '' } = message;
    copies.set(serial, { serial, groupId, count: 0, hiddenUntil, receivedAt: undefined });
    note(`${message.messageId} ${message.body} arrived`);
  });

  const watch = (place: BrokerQueue, maxReceiveCount: number): void => {
    const copies = copiesOf(place);
    const attempts = new Map<string, Attempt>();
    const { receive, delete: remove, changeVisibility, take } = place;

    const lockedGroups = (): Set<string> =>
      new Set([...copies.values()].filter(isInFlight).map(({ groupId }) => groupId));

    /** What can be handed out now: on FIFO nothing of a group in flight, and nothing behind a message that is delayed. */
    const open = (): readonly Copy[] => {
      if (!place.isFifo) return [...copies.values()].filter((copy) => !isHidden(copy));
      const locked = lockedGroups();
      return [...copies.values()].filter((copy) => {
        if (isHidden(copy)) locked.add(copy.groupId);
        return !locked.has(copy.groupId);
      });
    };

    /** What an attempt brought, where it can be had again; `usedUp` where it can be no more. */
    const recalled = ({ attemptId = '' }: ReceiveRequest): readonly number[] | 'usedUp' | undefined => {
      const attempt = attempts.get(attemptId);
      if (attempt === undefined || now() - attempt.at >= FIVE_MINUTES_MS) return undefined;
      const held = [...copies.values()].filter((copy) => isInFlight(copy) && attempt.held.includes(markOf(copy)));
      return held.length === attempt.held.length ? held.map(({ serial }) => serial) : 'usedUp';
    };

    const checkCount = (count: number, there: number, { maxMessages, waitTimeSeconds }: ReceiveRequest): void => {
      const most = Math.min(maxMessages, there);
      if (count > maxMessages) fault(`${count} messages, more than asked for`);
      else if (count < most && !rules.partialReceives) fault(`${count} messages of ${most}`);
      else if (count === 0 && most > 0 && waitTimeSeconds > 0) fault('nothing, though there was something');
    };

    const checkOrder = (received: readonly RawMessage[], there: readonly Copy[]): void => {
      if (!place.isFifo && rules.unordered) return;
      const laneOf = (groupId = ''): string => (place.isFifo ? groupId : '');
      for (const lane of new Set(received.map(({ groupId }) => laneOf(groupId)))) {
        const got = received.filter(({ groupId }) => laneOf(groupId) === lane).map(serialOf);
        const due = there.filter(({ groupId }) => laneOf(groupId) === lane).map(({ serial }) => serial);
        if (got.join() !== due.slice(0, got.length).join()) fault(`out of order: ${got.join()} before ${due.join()}`);
      }
    };

    const serialOf = ({ receiptHandle }: RawMessage): number => readHandle(place.name, receiptHandle)?.serial ?? -1;

    const handOut = (raw: RawMessage, locked: Set<string>, hiddenUntil: number): void => {
      const copy = copies.get(serialOf(raw));
      if (copy === undefined) {
        fault(`${raw.body} was received though it is not there`);
        return;
      }
      if (isHidden(copy)) fault(`${raw.body} is in two hands at once`);
      if (place.isFifo && locked.has(copy.groupId)) fault(`${raw.body} was received while its group is locked`);
      if (copy.count >= maxReceiveCount) fault(`${raw.body} was received more than maxReceiveCount times`);
      if (raw.receiveCount !== copy.count + 1) fault(`${raw.body}: ${copy.count} receives, then ${raw.receiveCount}`);
      copy.count += 1;
      copy.receivedAt = now();
      copy.hiddenUntil = hiddenUntil;
    };

    Object.assign(place, {
      receive: (request: ReceiveRequest): readonly RawMessage[] => {
        const { attemptId, visibilityTimeoutSeconds } = request;
        const again = recalled(request);
        if (again === 'usedUp') {
          // It is refused, by an error.
          receive(request);
          fault(`attempt ${String(attemptId)} was had again though it is used up`);
          return [];
        }
        const locked = lockedGroups();
        const candidates = open();
        const tired = again === undefined ? candidates.filter(({ count }) => count >= maxReceiveCount) : [];
        const due = candidates.filter(({ count }) => count < maxReceiveCount);
        const received = receive(request);
        const hiddenUntil = now() + visibilityTimeoutSeconds * 1_000;
        note(`${place.name} gives ${received.map(({ receiptHandle }) => receiptHandle).join(' ')}`);
        if (again !== undefined) {
          const got = received.map(serialOf);
          if (got.join() !== again.join())
            fault(`attempt ${String(attemptId)} brought ${again.join()}, then ${got.join()}`);
          for (const serial of again) Object.assign(copies.get(serial) ?? {}, { hiddenUntil });
        } else {
          checkCount(received.length, due.length, request);
          checkOrder(received, due);
          for (const raw of received) handOut(raw, locked, hiddenUntil);
          const left = tired.filter(({ serial }) => copies.has(serial));
          if (left.length > 0) fault(`${left.map(markOf).join(' ')} was not moved to the dead-letter queue`);
        }
        if (place.isFifo && attemptId !== undefined && received.length > 0) {
          const got = received.map(serialOf);
          const held = [...copies.values()].filter(({ serial }) => got.includes(serial)).map(markOf);
          attempts.set(attemptId, { at: now(), held });
        }
        for (const { receiptHandle } of received) handles.push({ queueUrl: place.url, receiptHandle });
        compare();
        return received;
      },
      take: (message: StoredMessage): void => {
        const source = copiesOf(queue);
        const copy = source.get(message.serial);
        if (copy?.count !== rules.maxReceiveCount)
          fault(`${message.body} was moved after ${copy?.count ?? 0} receives`);
        if (copy !== undefined && isHidden(copy)) fault(`${message.body} was moved while it was hidden`);
        // What the move makes known comes while it is made: the model has to be there before.
        source.delete(message.serial);
        const { serial, groupId = '', receiveCount: count } = message;
        copies.set(serial, { serial, groupId, count, hiddenUntil: now(), receivedAt: undefined });
        note(`${message.body} moves`);
        take(message);
        compare();
      },
      delete: (handle: string): string | undefined => {
        const receipt = readHandle(place.name, handle);
        const copy = copies.get(receipt?.serial ?? -1);
        const isMoved = place === queue && copiesOf(deadLetters).has(receipt?.serial ?? -1);
        const isCurrent = copy?.count === receipt?.receiveCount;
        let expected: string | undefined;
        if (copy === undefined) expected = isMoved ? 'AWS.SimpleQueueService.NonExistentQueue' : undefined;
        else if (place.isFifo && !(isCurrent && isInFlight(copy))) expected = 'InvalidParameterValue';
        else if (isCurrent) copies.delete(copy.serial);
        const code = remove(handle);
        note(`delete ${handle}: ${String(code)}`);
        if (code !== expected) fault(`delete ${handle}: ${String(code)}, expected ${String(expected)}`);
        compare();
        return code;
      },
      changeVisibility: (handle: string, seconds: number): string | undefined => {
        const receipt = readHandle(place.name, handle);
        const copy = copies.get(receipt?.serial ?? -1);
        const hiddenUntil = now() + seconds * 1_000;
        const isCurrent = copy?.count === receipt?.receiveCount;
        const isInTime = copy?.receivedAt !== undefined && hiddenUntil <= copy.receivedAt + TWELVE_HOURS_MS;
        const isTaken = copy !== undefined && isCurrent && isInFlight(copy) && isInTime;
        if (isTaken) copy.hiddenUntil = hiddenUntil;
        const code = changeVisibility(handle, seconds);
        note(`change ${handle} to ${seconds} s: ${String(code)}`);
        if ((code === undefined) !== isTaken) fault(`change ${handle} to ${seconds} s: ${String(code)}`);
        compare();
        return code;
      },
    });
  };

  watch(queue, rules.maxReceiveCount);
  watch(deadLetters, Infinity);
  return { queue, deadLetters, faults, log, handles, arrivalsOf: (body) => bodies.get(body) ?? 0, fault };
}
