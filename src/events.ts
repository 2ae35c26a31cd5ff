import { MessagingError, plainLabel } from './errors.js';

/** What an event tells of an error: names and codes. */
export interface ErrorInfo {
  readonly name: string;
  readonly code?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly retryable?: boolean | undefined;
}

/** Where it happened. */
interface At {
  /** Milliseconds since the epoch. */
  readonly at: number;
}
interface OnTopic extends At {
  /** Logical topic name. */
  readonly topic: string;
}
interface OnQueue extends OnTopic {
  /** Queue URL. */
  readonly queue: string;
}
interface OnMessage extends OnQueue {
  /** Message id as SQS gave it. */
  readonly id: string;
  /** How many times SQS had handed it out, this receipt included: tells the events of one receipt from those of the next. */
  readonly receiveCount: number;
}

/** How a settlement is named in events; `release` is the library's own, for what nobody settled. */
export type SettlementKind = 'ack' | 'retryAfter' | 'reject' | 'ignore' | 'release';

/** Everything that happens, without payloads: the audit log, and the source of metrics and traces. */
export type MessagingEvent =
  /** A call to AWS ended. `entries` is how many messages it carried, in or out. */
  | (At & {
      readonly type: 'called';
      readonly operation: string;
      readonly durationMs: number;
      readonly entries: number;
      readonly error?: ErrorInfo;
    })
  /** SNS accepted a value. `durationMs` counts from the moment it was handed in. */
  | (OnTopic & {
      readonly type: 'published';
      readonly id: string;
      readonly durationMs: number;
      readonly attempts: number;
    })
  /** A value was refused or could not be published. `outcomeUnknown`: SNS may have it all the same. */
  | (OnTopic & {
      readonly type: 'publishFailed';
      readonly error: ErrorInfo;
      readonly attempts: number;
      readonly outcomeUnknown: boolean;
    })
  /**
   * SNS throttled the requests of a topic: they begin at most so often a second from now, and by and by more often. Told with
   * each step down.
   */
  | (OnTopic & { readonly type: 'slowed'; readonly requestsPerSecond: number })
  /** A consumer began to poll. */
  | (OnQueue & { readonly type: 'started' })
  /** A consumer was paused by its `pause$`, or goes on. */
  | (OnQueue & { readonly type: 'paused' | 'resumed' })
  /**
   * A consumer has held all it may hold for a minute, and nothing of it was settled or lost: nothing more comes in. `oldestMs` is how
   * long the oldest message has been held. Told once, until something is settled.
   */
  | (OnQueue & {
      readonly type: 'stuck';
      readonly inFlight: number;
      readonly oldestMs: number;
      readonly remedy: string;
    })
  /** A message came in. `ageMs` is the time since SQS took it in. */
  | (OnMessage & {
      readonly type: 'received';
      readonly ageMs: number;
      readonly groupId?: string;
      readonly sequenceNumber?: string;
    })
  /**
   * A message came in again, and is not handed out: it is still `held`, and its lease goes on; or it was handled before
   * (`done`) and only its deletion is missing, which is asked for again.
   */
  | (OnMessage & { readonly type: 'redelivered'; readonly because: 'held' | 'done' })
  /** A body, envelope or value that could not be decoded. */
  | (OnMessage & { readonly type: 'invalid'; readonly error: ErrorInfo })
  /** Work on a message ended. `cancelled` means unsubscribed, or the lease was lost. */
  | (OnMessage & {
      readonly type: 'handled';
      readonly outcome: 'completed' | 'failed' | 'timedOut' | 'cancelled';
      readonly durationMs: number;
      readonly error?: ErrorInfo;
    })
  /** A callback of an option threw; what it was to decide was decided without it. */
  | (OnMessage & {
      readonly type: 'callbackFailed';
      readonly callback: 'onError' | 'onInvalid';
      readonly error: ErrorInfo;
    })
  /** SQS confirmed a settlement, `durationMs` after it was said; `ignore` needs no confirmation. */
  | (OnMessage & {
      readonly type: 'settled';
      readonly settlement: SettlementKind;
      readonly durationMs: number;
      readonly delayMs?: number;
    })
  /** A settlement could not be confirmed: the message may come back. `durationMs` since it was said. */
  | (OnMessage & {
      readonly type: 'settleFailed';
      readonly settlement: SettlementKind;
      readonly durationMs: number;
      readonly error: ErrorInfo;
    })
  /** A message was copied to the dead-letter queue; its deletion follows as `settled`. */
  | (OnMessage & { readonly type: 'rejected'; readonly deadLetterQueue: string; readonly error: ErrorInfo })
  /** The visibility timeout was renewed. */
  | (OnMessage & { readonly type: 'leaseRenewed'; readonly visibilityTimeoutSeconds: number })
  /** A renewal failed and will be tried again while the lease holds. */
  | (OnMessage & { readonly type: 'renewalFailed'; readonly error: ErrorInfo })
  /** The lease ended before the message was settled; SQS may hand it to another consumer. */
  | (OnMessage & { readonly type: 'leaseLost'; readonly reason: 'expired' | 'refused' | 'limit' })
  /** A receive failed. Without `retryInMs` the consumer ends with this error. */
  | (OnQueue & {
      readonly type: 'pollFailed';
      readonly error: ErrorInfo;
      readonly consecutiveFailures: number;
      readonly retryInMs?: number;
    })
  /** AWS asked for fewer calls. */
  | (At & { readonly type: 'throttled'; readonly operation: string })
  /** A consumer ended. */
  | (OnQueue & { readonly type: 'stopped'; readonly reason: 'stop' | 'unsubscribe' | 'error' });

/** What errors of any make may say beside their name. */
type Told = Partial<Record<'code' | 'reason' | 'paths' | 'retryable', unknown>>;

/** What an event may say of an error: name and code, and of the library's own the reason and the paths too. */
export function errorInfo(error: unknown): ErrorInfo {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, code, reason, paths, retryable } = error as Error & Told;
  const isOwn = error instanceof MessagingError;
  const label = plainLabel(code ?? (isOwn ? reason : undefined));
  return {
    name: plainLabel(name) ?? 'Error',
    ...(label === undefined ? {} : { code: label }),
    // Of the library's errors only ValidationFailedError has paths, and they are texts.
    ...(isOwn && Array.isArray(paths) ? { paths: paths as readonly string[] } : {}),
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
  };
}
