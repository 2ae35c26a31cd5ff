import type { Observable } from 'rxjs';
import type { MessagingEvent } from '../events.js';
import type { RawAttributes, RawMessage } from '../message/rawMessage.js';
import type { ConsumerHealth, Health, HealthEntry } from './health.js';

/** The two ends' shared connection to AWS. Make one a process with `createClient`, and close it at the end. */
export interface MessagingClient {
  /** Everything that happens, hot and without payloads. Costs nothing while nobody subscribes. */
  readonly events$: Observable<MessagingEvent>;
  /** How the consumers are, right now: for a readiness or liveness endpoint. Makes no call. */
  health(): Health;
  /**
   * The same: now, and when something has changed, to each subscriber at most once a second. No timer runs while nothing changes.
   * Completes when the client is closed.
   */
  readonly health$: Observable<Health>;
  /**
   * Stops every consumer, lets work in flight finish, flushes every producer, and resolves once all settlements are
   * confirmed and all sockets closed. After `timeoutMs` (of the configuration) what is left is cancelled and released.
   * Rejects with an AWSConnectionError (`CloseTimeout`) if something said could then not be confirmed.
   */
  close(): Promise<void>;
  /** The seam between the engine and AWS: what a test double implements. Not for applications. */
  readonly port: MessagingPort;
}

/** What the engine needs of a client. */
export interface MessagingPort {
  readonly settings: PortSettings;
  readonly calls: AwsCalls;
  /** Hands an event out; the event is only made when somebody listens. */
  emit(event: () => MessagingEvent): void;
  /** Emits once `close()` was called; late subscribers are told at once. Consumers stop, producers flush. */
  readonly closing$: Observable<void>;
  /** Whether `close()` was called. */
  isClosing(): boolean;
  /** Emits when `close()` has no time left: what still runs is cancelled and released. */
  readonly killed$: Observable<void>;
  /** Emits when the client is closed for good: no call is possible any more, no timer may remain. */
  readonly closed$: Observable<void>;
  /** Marks work that `close()` has to wait for; call the returned function, once, when it is done. */
  hold(): () => void;
  /** Makes a consumer part of the client's health, which asks it by this function. */
  enter(consumer: () => ConsumerHealth): HealthEntry;
  /** Random number in [0, 1), for jitter. */
  random(): number;
}

/** The configuration without its secrets, defaults filled in. */
export interface PortSettings {
  readonly region: string;
  readonly environment: string;
  readonly service?: string | undefined;
  readonly accountId?: string | undefined;
  readonly topicMap: Readonly<Record<string, string>>;
  readonly queueMap: Readonly<Record<string, string>>;
  readonly retryAttempts: number;
  readonly timeoutMs: number;
  /** Most publish requests a second; none without. */
  readonly rateLimit?: number | undefined;
  /** Most sockets of a pool, and so long polls of a consumer. */
  readonly maxSockets?: number | undefined;
}

/**
 * A call to AWS: nothing happens before subscribe, one value and complete on success, an AWSConnectionError on failure;
 * unsubscribing aborts it. A call is made once: retrying is the caller's.
 */
export type Call<Request, Response> = (request: Request) => Observable<Response>;

/** The calls the library makes. */
export interface AwsCalls {
  readonly receive: Call<ReceiveRequest, readonly RawMessage[]>;
  readonly deleteBatch: Call<BatchRequest<DeleteEntry>, BatchResponse>;
  readonly changeVisibilityBatch: Call<BatchRequest<VisibilityEntry>, BatchResponse>;
  readonly sendBatch: Call<BatchRequest<SendEntry>, BatchResponse>;
  readonly publishBatch: Call<PublishRequest, BatchResponse<PublishedEntry>>;
  readonly getQueueUrl: Call<{ readonly queueName: string; readonly accountId?: string | undefined }, string>;
  readonly createQueue: Call<{ readonly queueName: string; readonly attributes: Attributes }, string>;
  readonly getQueueAttributes: Call<{ readonly queueUrl: string; readonly names: readonly string[] }, Attributes>;
  readonly setQueueAttributes: Call<{ readonly queueUrl: string; readonly attributes: Attributes }, void>;
  readonly createTopic: Call<{ readonly name: string; readonly attributes: Attributes }, string>;
  readonly subscribe: Call<
    { readonly topicArn: string; readonly queueArn: string; readonly attributes: Attributes },
    string
  >;
  readonly getSubscriptionAttributes: Call<{ readonly subscriptionArn: string }, Attributes>;
  readonly setSubscriptionAttribute: Call<
    { readonly subscriptionArn: string; readonly name: string; readonly value: string },
    void
  >;
}

/** Attributes of a queue, a topic or a subscription, as AWS names them. */
export type Attributes = Readonly<Record<string, string>>;

export interface ReceiveRequest {
  readonly queueUrl: string;
  readonly maxMessages: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** ReceiveRequestAttemptId, on FIFO queues. */
  readonly attemptId?: string | undefined;
}

/** A batch on one queue: 1 to 10 entries, ids unique. */
export interface BatchRequest<Entry> {
  readonly queueUrl: string;
  readonly entries: readonly Entry[];
}
export interface DeleteEntry {
  readonly id: string;
  readonly receiptHandle: string;
}
export interface VisibilityEntry extends DeleteEntry {
  readonly visibilityTimeoutSeconds: number;
}
export interface SendEntry {
  readonly id: string;
  readonly body: string;
  readonly attributes: RawAttributes;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}
export interface PublishRequest {
  readonly topicArn: string;
  readonly entries: readonly PublishEntry[];
}
export interface PublishEntry extends SendEntry {
  readonly subject?: string | undefined;
}

/** The truth of each entry: one that is in neither list was not answered, and counts as failed by the receiver. */
export interface BatchResponse<Done extends { readonly id: string } = { readonly id: string }> {
  readonly successful: readonly Done[];
  readonly failed: readonly FailedEntry[];
}
export interface PublishedEntry {
  readonly id: string;
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
}
export interface FailedEntry {
  readonly id: string;
  readonly code: string;
  /** True when the request was at fault: trying again gives the same. */
  readonly senderFault: boolean;
}
