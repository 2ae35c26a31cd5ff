import { asyncScheduler, type Observable, Subject } from 'rxjs';
import type { Attributes, ReceiveRequest, SendEntry } from '../client/client.js';
import { MAX_IN_FLIGHT, MAX_LEASE_SECONDS, MAX_RECEIVE_MESSAGES, MAX_WAIT_TIME_SECONDS } from '../client/limits.js';
import type { RawMessage } from '../message/rawMessage.js';
import { readRedrivePolicy } from '../topology/redrivePolicy.js';
import { contentHash, createDeduplication } from './deduplication.js';
import { type Liberties, picked, portion, unlocked, visible } from './handOut.js';
import type { Identifiers } from './identifiers.js';
import { createMessageStore } from './messageStore.js';
import { type Destination, sendFault } from './messageRules.js';
import { changedQueueAttributes } from './queueAttributes.js';
import { handleOf, readHandle } from './receiptHandle.js';
import { createAttempts } from './receiveAttempts.js';
import { refuse } from './refusal.js';
import { type Incoming, rawOf, stateOf, type StoredMessage } from './storedMessage.js';

/** What SQS answers to a message it took in. */
export interface Sent {
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
}

/** A queue of the broker. Each method does at once what a call does when it has reached SQS. */
export interface BrokerQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly messages: readonly StoredMessage[];
  attributes(): Attributes;
  /** One attribute as it was set. */
  attribute(name: string): string | undefined;
  setAttributes(change: Attributes): void;
  /** Why SQS refuses this entry; undefined where it takes it. */
  faultOf(entry: SendEntry): string | undefined;
  send(message: Incoming): Sent;
  /** Takes a message over from the queue whose dead letters this one holds. */
  take(message: StoredMessage): void;
  /** What a receive finds right now. */
  receive(request: ReceiveRequest): readonly RawMessage[];
  /** The code that the entry fails with; undefined where SQS says that it is deleted. */
  delete(receiptHandle: string): string | undefined;
  /** The code that the entry fails with. */
  changeVisibility(receiptHandle: string, seconds: number): string | undefined;
  /** Emits whenever a message may have become visible other than by time. */
  readonly stirred$: Observable<void>;
  /** When the next message becomes visible by time; Infinity where none does. */
  nextVisibleAt(): number;
}

export interface BrokerQueueOptions {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Attributes;
  readonly ids: Identifiers;
  readonly liberties: Liberties;
  /** The queue with this ARN, for dead letters. */
  readonly queueOf: (arn: string) => BrokerQueue | undefined;
  /** Told of every message that comes in, sent or moved. */
  readonly onArrival: (queue: BrokerQueue, message: StoredMessage) => void;
}

export function createBrokerQueue(options: BrokerQueueOptions): BrokerQueue {
  const { name, url, arn, ids, liberties, queueOf, onArrival } = options;
  const isFifo = name.endsWith('.fifo');
  const stirred = new Subject<void>();
  const sent = createDeduplication<Sent>();
  const attempts = createAttempts();
  let attributes = options.attributes;
  const store = createMessageStore();

  const now = (): number => asyncScheduler.now();
  const number = (attribute: string): number => Number(attributes[attribute]);

  const arrive = (message: StoredMessage): void => {
    store.add(message);
    onArrival(queue, message);
    stirred.next();
  };

  const expire = (): void => store.expire(now() - number('MessageRetentionPeriod') * 1_000);

  const takeIn = (incoming: Incoming): Sent => {
    const { body, attributes: own, groupId, deduplicationId } = incoming;
    const add = (messageId: string, sequenceNumber?: string): void =>
      arrive({
        body,
        attributes: own,
        groupId,
        deduplicationId,
        serial: ids.serial(),
        messageId,
        sequenceNumber,
        sentTimestamp: now(),
        receiveCount: 0,
        visibleAt: now() + number('DelaySeconds') * 1_000,
        receivedAt: undefined,
      });
    const messageId = ids.messageId('sqs');
    const sequenceNumber = isFifo ? ids.sequenceNumber() : undefined;
    add(messageId, sequenceNumber);
    if (!isFifo && liberties.duplicates > 0 && liberties.chance() < liberties.duplicates) add(messageId);
    return { messageId, sequenceNumber };
  };

  /** The message of a handle of this queue, as long as it is here. */
  const find = (handle: string) => {
    expire();
    const receipt = readHandle(name, handle);
    const message = receipt === undefined ? undefined : store.get(receipt.serial);
    return { receipt, message, isCurrent: message?.receiveCount === receipt?.receiveCount };
  };

  const deadLetters = () => {
    const policy = readRedrivePolicy(attributes.RedrivePolicy);
    const target = policy === undefined ? undefined : queueOf(policy.deadLetterTargetArn);
    return { target, maxReceiveCount: policy?.maxReceiveCount ?? Infinity };
  };

  /** Moves what was received too often out of the way. */
  const moveDeadLetters = (candidates: readonly StoredMessage[]): readonly StoredMessage[] => {
    const { target, maxReceiveCount } = deadLetters();
    if (target === undefined) return candidates;
    return candidates.filter((message) => {
      if (message.receiveCount < maxReceiveCount) return true;
      store.remove(message);
      target.take(message);
      return false;
    });
  };

  const handOut = (message: StoredMessage, visibilityTimeoutSeconds: number): RawMessage => {
    message.receivedAt = now();
    message.visibleAt = now() + visibilityTimeoutSeconds * 1_000;
    message.receiveCount += 1;
    return rawOf(message, handleOf(name, message));
  };

  const destination = (): Destination => ({
    isFifo,
    contentBasedDeduplication: attributes.ContentBasedDeduplication === 'true',
    maxBytes: number('MaximumMessageSize'),
  });

  const queue: BrokerQueue = {
    name,
    url,
    arn,
    isFifo,
    get messages() {
      expire();
      return store.all();
    },
    attributes: () => {
      expire();
      const inState = (state: ReturnType<typeof stateOf>): string =>
        String(store.all().filter((message) => stateOf(message) === state).length);
      return {
        ...attributes,
        QueueArn: arn,
        ApproximateNumberOfMessages: inState('visible'),
        ApproximateNumberOfMessagesNotVisible: inState('inFlight'),
        ApproximateNumberOfMessagesDelayed: inState('delayed'),
      };
    },
    attribute: (attribute) => attributes[attribute],
    setAttributes: (change) => {
      attributes = changedQueueAttributes(attributes, change, isFifo);
    },
    faultOf: (entry) => sendFault(entry, destination()),
    send: (incoming) => {
      if (!isFifo) return takeIn(incoming);
      const { deduplicationId = contentHash(incoming.body), groupId = '' } = incoming;
      const scope = attributes.DeduplicationScope === 'messageGroup' ? groupId : '';
      return sent.once(`${scope} ${deduplicationId}`, () => takeIn({ ...incoming, deduplicationId }));
    },
    take: (message) => {
      // On a FIFO queue its retention begins anew. [D: SQS dead-letter queues and message retention]
      const sentTimestamp = isFifo ? now() : message.sentTimestamp;
      arrive({ ...message, sentTimestamp, visibleAt: now(), receivedAt: undefined });
    },
    receive: (request) => {
      checkReceive(request);
      expire();
      const { visibilityTimeoutSeconds, maxMessages, waitTimeSeconds, attemptId } = request;
      const until = now() + visibilityTimeoutSeconds * 1_000;
      const again = isFifo
        ? attempts.recall(attemptId, store.has, (message) => {
            message.visibleAt = Math.min(until, latestOf(message));
          })
        : undefined;
      if (again !== undefined) return again.map((message) => rawOf(message, handleOf(name, message)));
      const messages = store.all();
      const at = now();
      const inFlight = messages.filter((message) => stateOf(message, at) === 'inFlight').length;
      if (inFlight >= MAX_IN_FLIGHT) return isFifo ? [] : refuse('OverLimit');
      const candidates = moveDeadLetters(isFifo ? unlocked(messages) : visible(messages));
      const most = Math.min(maxMessages, MAX_IN_FLIGHT - inFlight, candidates.length);
      const count = portion(most, waitTimeSeconds > 0, liberties);
      const chosen = isFifo ? candidates.slice(0, count) : picked(candidates, count, liberties);
      const received = chosen.map((message) => handOut(message, visibilityTimeoutSeconds));
      if (isFifo) attempts.remember(attemptId, chosen);
      return received;
    },
    delete: (handle) => {
      const { receipt, message, isCurrent } = find(handle);
      if (receipt === undefined) return 'ReceiptHandleIsInvalid';
      if (message === undefined) {
        const isMoved = deadLetters().target?.messages.some(({ serial }) => serial === receipt.serial) === true;
        return isMoved ? 'AWS.SimpleQueueService.NonExistentQueue' : undefined;
      }
      if (isFifo && (!isCurrent || stateOf(message) !== 'inFlight')) return 'InvalidParameterValue';
      // With an old handle SQS says yes, and the message may stay.
      if (!isCurrent) return undefined;
      store.remove(message);
      stirred.next();
      return undefined;
    },
    changeVisibility: (handle, seconds) => {
      const { receipt, message, isCurrent } = find(handle);
      if (receipt === undefined) return 'ReceiptHandleIsInvalid';
      if (message?.receivedAt === undefined || !isCurrent) return 'InvalidParameterValue';
      if (stateOf(message) !== 'inFlight') return 'MessageNotInflight';
      const isInRange = Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_LEASE_SECONDS;
      const visibleAt = now() + seconds * 1_000;
      // Beyond twelve hours from receipt SQS refuses; it does not clamp.
      if (!isInRange || visibleAt > latestOf(message)) return 'InvalidParameterValue';
      message.visibleAt = visibleAt;
      stirred.next();
      return undefined;
    },
    stirred$: stirred.asObservable(),
    nextVisibleAt: () => {
      const at = now();
      return store.all().reduce((next, { visibleAt }) => (visibleAt > at ? Math.min(next, visibleAt) : next), Infinity);
    },
  };
  return queue;
}

/** Twelve hours from its receipt a message can't be hidden any longer. [A: ChangeMessageVisibility] */
const latestOf = ({ receivedAt = Infinity }: StoredMessage): number => receivedAt + MAX_LEASE_SECONDS * 1_000;

/** [A: ReceiveMessage] */
function checkReceive({ maxMessages, waitTimeSeconds, visibilityTimeoutSeconds }: ReceiveRequest): void {
  const isWithin = (value: number, from: number, to: number): boolean =>
    Number.isInteger(value) && value >= from && value <= to;
  const fits =
    isWithin(maxMessages, 1, MAX_RECEIVE_MESSAGES) &&
    isWithin(waitTimeSeconds, 0, MAX_WAIT_TIME_SECONDS) &&
    isWithin(visibilityTimeoutSeconds, 0, MAX_LEASE_SECONDS);
  if (!fits) refuse('InvalidParameterValue');
}
