const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Ids that say which message, topic, queue or call an error belongs to. None of them is payload. */
export interface ErrorContext {
  /** Logical topic name. */
  readonly topic?: string | undefined;
  /** Physical queue name or queue URL. */
  readonly queue?: string | undefined;
  /** Message id as SQS or SNS gave it. */
  readonly messageId?: string | undefined;
  /** What caused it. Reachable as `error.cause`; its text is never copied into the error's own texts. */
  readonly cause?: unknown;
}

/**
 * Base of every error of this library. Match on `_tag`.
 *
 * Texts hold names, ids, paths and codes; never a payload, a credential or a signed header. `toJSON()` and Node's
 * `inspect` print the same masked fields, and of a `cause` its name and code alone, because a handler's error may quote
 * the message it failed on.
 */
export abstract class MessagingError extends Error {
  abstract readonly _tag: string;
  /** Whether trying again may help: a message is then redelivered, else it goes to the dead-letter queue. */
  readonly retryable: boolean;
  readonly topic?: string | undefined;
  readonly queue?: string | undefined;
  readonly messageId?: string | undefined;
  declare readonly cause?: unknown;

  protected constructor(message: string, retryable: boolean, context: ErrorContext = {}) {
    super(message);
    this.retryable = retryable;
    this.topic = context.topic;
    this.queue = context.queue;
    this.messageId = context.messageId;
    const { cause } = context;
    // A getter: Node prints the value of a `cause` in full when an error ends the process, and of a getter that it is one.
    if (cause !== undefined) Object.defineProperty(this, 'cause', { get: () => cause, enumerable: false });
  }

  /** The masked fields of this error, for logs. */
  toJSON(): Record<string, unknown> {
    const own = Object.entries(this).filter(([, value]) => value !== undefined);
    const cause = causeLabel(this.cause);
    return {
      name: this.name,
      message: this.message,
      ...Object.fromEntries(own),
      ...(cause === undefined ? {} : { cause }),
    };
  }

  /** Node's `util.inspect` and `console.log` show the stack and the masked fields. */
  [INSPECT](): string {
    const { name: _name, message: _message, ...fields } = this.toJSON();
    return `${this.stack ?? this.message} ${JSON.stringify(fields)}`;
  }
}

/** Name and code of a foreign error, without its text. */
function causeLabel(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error)) return typeof cause;
  const name = plainLabel(cause.name) ?? 'Error';
  const code = plainLabel((cause as { readonly code?: unknown }).code);
  return code === undefined ? name : `${name} (${code})`;
}

/** A name or code of a foreign error, if it is one word: whatever is longer could be text of a message. */
export function plainLabel(label: unknown): string | undefined {
  return typeof label === 'string' && /^[\w.:-]{1,80}$/.test(label) ? label : undefined;
}

/** One fault of a configuration: the option or variable, and what to give instead. Never the value. */
export interface ConfigurationFault {
  readonly path: string;
  readonly message: string;
}

/** A configuration, a name or an option that can't work. Lists every fault at once. Not retryable. */
export class ConfigurationError extends MessagingError {
  static {
    this.prototype.name = 'ConfigurationError';
  }
  readonly _tag = 'ConfigurationError';
  readonly faults: readonly ConfigurationFault[];

  constructor(faults: readonly ConfigurationFault[], context: ErrorContext = {}) {
    super(faults.map(({ path, message }) => `${path}: ${message}`).join('; '), false, context);
    this.faults = faults;
  }
}

/** A body that isn't JSON, an envelope that isn't one, or a message SNS or SQS would refuse. Not retryable. */
export class InvalidMessageError extends MessagingError {
  static {
    this.prototype.name = 'InvalidMessageError';
  }
  readonly _tag = 'InvalidMessageError';
  /** Machine-readable kind, such as `not-json`, `too-large`, `attributes`, `groupId`. */
  readonly reason: string;

  constructor(reason: string, message: string, context: ErrorContext = {}) {
    super(message, false, context);
    this.reason = reason;
  }
}

/** A value or body that its codec refuses. Names the paths and what was expected there, never the value. */
export class ValidationFailedError extends MessagingError {
  static {
    this.prototype.name = 'ValidationFailedError';
  }
  readonly _tag = 'ValidationFailedError';
  /** Such as `/email: expected string`. */
  readonly paths: readonly string[];

  constructor(paths: readonly string[], context: ErrorContext = {}) {
    super(`validation failed at ${paths.join(', ')}`, false, context);
    this.paths = paths;
  }
}

/** No queue, no subscription or no handler for a topic or an event type. */
export class SubscriptionNotFoundError extends MessagingError {
  static {
    this.prototype.name = 'SubscriptionNotFoundError';
  }
  readonly _tag = 'SubscriptionNotFoundError';

  constructor(message: string, context: ErrorContext = {}) {
    super(message, false, context);
  }
}

/** What an {@link AWSConnectionError} says of the call that failed. */
export interface AwsFault extends ErrorContext {
  /** Error code as AWS names it (`QueueDoesNotExist`), Node's (`ECONNREFUSED`), or ours (`Timeout`, `ClientClosed`). */
  readonly code: string;
  /** The operation, such as `ReceiveMessage`. */
  readonly operation: string;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryable: boolean;
  /** Whether AWS asked for fewer calls. */
  readonly throttled?: boolean;
  /** Whether AWS may have done it all the same: no answer came, or one that leaves it open. */
  readonly outcomeUnknown?: boolean;
  /** A sentence of ours, or one of AWS's that is known to hold names only. */
  readonly detail?: string | undefined;
  /** Physical name of the topic or queue that the call was about. */
  readonly resource?: string | undefined;
}

/** A call to AWS that failed, or could not be made. */
export class AWSConnectionError extends MessagingError {
  static {
    this.prototype.name = 'AWSConnectionError';
  }
  readonly _tag = 'AWSConnectionError';
  readonly code: string;
  readonly operation: string;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** Whether AWS asked for fewer calls. */
  readonly throttled: boolean;
  /**
   * Whether AWS may have done it all the same: the answer was lost, came too late, or leaves it open (5xx). False means that AWS
   * refused it, or was never asked.
   */
  readonly outcomeUnknown: boolean;

  constructor(fault: AwsFault) {
    const {
      code,
      operation,
      requestId,
      httpStatus,
      retryable,
      throttled = false,
      outcomeUnknown = false,
      detail,
      resource,
      ...context
    } = fault;
    const about = resource === undefined ? '' : ` of ${resource}`;
    super(`${operation}${about} failed: ${code}${detail === undefined ? '' : ` (${detail})`}`, retryable, context);
    this.code = code;
    this.operation = operation;
    this.requestId = requestId;
    this.httpStatus = httpStatus;
    this.throttled = throttled;
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** A handler that failed or took too long. `cause` is what it threw. Throw one with `retryable: false` to dead-letter. */
export class MessageProcessingError extends MessagingError {
  static {
    this.prototype.name = 'MessageProcessingError';
  }
  readonly _tag = 'MessageProcessingError';

  constructor(message: string, context: ErrorContext & { readonly retryable?: boolean } = {}) {
    const { retryable = true, ...rest } = context;
    super(message, retryable, rest);
  }
}

/** Which bound of the values that wait was reached, and where it lies. */
export interface OverflowBound {
  readonly option: 'maxPending' | 'maxPendingBytes';
  readonly limit: number;
}

/** As much waits to be published as `maxPending` or `maxPendingBytes` allows. The value was not sent; sending it later may work. */
export class OverflowError extends MessagingError {
  static {
    this.prototype.name = 'OverflowError';
  }
  readonly _tag = 'OverflowError';

  /** The option that says how much may wait. */
  readonly option: OverflowBound['option'];
  readonly limit: number;

  constructor({ option, limit }: OverflowBound, context: ErrorContext = {}) {
    const unit = option === 'maxPending' ? 'values' : 'bytes';
    const remedy = 'publishFrom reads what can be iterated only as fast as SNS accepts';
    super(`${String(limit)} ${unit} are waiting to be published (${option}); ${remedy}`, true, context);
    this.option = option;
    this.limit = limit;
  }
}
