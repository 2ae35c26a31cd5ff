import * as t from 'io-ts';
import { MAX_SQS_MESSAGE_BYTES } from './client/limits.js';
import { type ConfigurationFault, ConfigurationError } from './errors.js';
import { isCarried } from './message/characters.js';

/** A value's own message attributes: text, numbers or bytes by name. */
export type AttributeValues = Readonly<Record<string, string | number | Uint8Array>>;

/** What a standard topic may say about its values. */
export interface TopicOptions<A> extends ValueOptions<A> {
  /** Only a FIFO topic has deduplication. */
  readonly deduplicationId?: undefined;
  readonly contentBasedDeduplication?: false;
}

/** What every kind of topic may say about its values. */
interface ValueOptions<A> {
  /** Message group of a value. Required on a FIFO topic; on a standard one it is the fair-queue tenant. */
  readonly groupId?: (value: A) => string;
  /** Message attributes of a value: at most 10, the `type` of a topic of several event types included. */
  readonly attributes?: (value: A) => AttributeValues;
  /** Subject of a value: up to 99 ASCII characters. Lost with raw delivery. */
  readonly subject?: (value: A) => string;
  /**
   * Largest message in bytes, attributes included, where the SNS topic allows more than 256 KiB.
   *
   * @defaultValue 262144
   */
  readonly maxMessageBytes?: number;
}

/** What a FIFO topic has to say: its groups, and how duplicates are told. */
export type FifoTopicOptions<A> = ValueOptions<A> & {
  readonly groupId: (value: A) => string;
} & (
    | { readonly deduplicationId: (value: A) => string; readonly contentBasedDeduplication?: false }
    | { readonly contentBasedDeduplication: true; readonly deduplicationId?: undefined }
  );

/** The contract both sides share: a logical name and a codec. Pure data; nothing of AWS in it. */
export interface Topic<A> {
  /** Logical name, without environment and without `.fifo`. */
  readonly name: string;
  readonly kind: 'standard' | 'fifo';
  /** Codec of the value as the user sees it; for a topic of several types, of the tagged union. */
  readonly codec: t.Type<A, unknown>;
  /** The event types, where the topic has several: the value is then `{ type, data }`, and `data` is the body. */
  readonly types?: readonly string[];
  readonly groupId?: (value: A) => string;
  readonly deduplicationId?: (value: A) => string;
  readonly contentBasedDeduplication: boolean;
  readonly attributes?: (value: A) => AttributeValues;
  readonly subject?: (value: A) => string;
  readonly maxMessageBytes?: number;
}

/** Any topic, whatever its values: what names, queues and policies are made of. A list of several topics is one of these. */
export type AnyTopic = Pick<Topic<never>, 'name' | 'kind' | 'contentBasedDeduplication'>;

/** The value type of a topic: `TopicValue<typeof UserEvents>`. */
export type TopicValue<T> = T extends Topic<infer A> ? A : never;

/** Codecs by event type. */
export type EventCodecs = Readonly<Record<string, t.Mixed>>;

/** The tagged union of several event types. */
export type EventOf<C extends EventCodecs> = {
  readonly [K in keyof C & string]: { readonly type: K; readonly data: t.TypeOf<C[K]> };
}[keyof C & string];

/**
 * A standard topic of one event type, or of several, told apart by the message attribute `type`.
 *
 * @example
 * ```ts
 * import * as t from 'io-ts';
 * import { topic } from 'rxjs-aws-messaging';
 *
 * const UserEvents = topic('user-events', t.type({ userId: t.string }));
 * const Account = topic('account', { 'user.created': t.type({ id: t.string }), 'user.deleted': t.type({ id: t.string }) });
 * ```
 *
 * @throws ConfigurationError that lists every fault: a name with characters that SNS does not take, no event type, an
 * option of another type or out of its range.
 */
export function topic<A, O>(name: string, codec: t.Type<A, O>, options?: TopicOptions<A>): Topic<A>;
export function topic<C extends EventCodecs>(
  name: string,
  codecs: C,
  options?: TopicOptions<EventOf<C>>,
): Topic<EventOf<C>>;
export function topic(name: string, codec: t.Mixed | EventCodecs, options: LooseOptions = {}): unknown {
  return describeTopic('standard', name, codec, options);
}

/**
 * A FIFO topic: values of one group are delivered in order. The group is required, and so is a way to tell duplicates:
 * a deduplication id, or content-based deduplication said out loud.
 *
 * @example
 * ```ts
 * import * as t from 'io-ts';
 * import { fifoTopic } from 'rxjs-aws-messaging';
 *
 * const Order = t.type({ id: t.string, customerId: t.string });
 * const Orders = fifoTopic('orders', Order, { groupId: (o) => o.customerId, deduplicationId: (o) => o.id });
 * ```
 *
 * @throws ConfigurationError as `topic` does.
 */
export function fifoTopic<A, O>(name: string, codec: t.Type<A, O>, options: FifoTopicOptions<A>): Topic<A>;
export function fifoTopic<C extends EventCodecs>(
  name: string,
  codecs: C,
  options: FifoTopicOptions<EventOf<C>>,
): Topic<EventOf<C>>;
export function fifoTopic(name: string, codec: t.Mixed | EventCodecs, options: LooseOptions = {}): unknown {
  return describeTopic('fifo', name, codec, options);
}

/** Options as they may come from where no compiler looked. */
type LooseOptions = Readonly<Partial<Record<keyof FifoTopicOptions<never>, unknown>>>;

/** The overloads above tie codec and options to one value type; in here any value will do. */
function describeTopic(
  kind: Topic<never>['kind'],
  name: string,
  codec: t.Mixed | EventCodecs,
  options: LooseOptions,
): unknown {
  const faults = [...nameFaults(name), ...codecFaults(codec), ...optionFaults(options), ...fifoFaults(kind, options)];
  if (faults.length > 0) throw new ConfigurationError(faults);
  const shape = isCodec(codec) ? { codec } : { codec: unionOf(codec), types: Object.keys(codec) };
  const contentBasedDeduplication = options.contentBasedDeduplication === true;
  return { ...options, contentBasedDeduplication, name, kind, ...shape };
}

function nameFaults(name: string): readonly ConfigurationFault[] {
  // From JavaScript, or of a variable that is not set, it may be undefined.
  if (typeof (name as unknown) === 'string' && /^[A-Za-z0-9_-]+$/.test(name)) return [];
  return [{ path: 'topic name', message: 'expected letters, digits, `-` and `_` only' }];
}

function codecFaults(codec: t.Mixed | EventCodecs): readonly ConfigurationFault[] {
  if (isCodec(codec)) return [];
  const entries = isObject(codec) ? Object.entries(codec) : undefined;
  if (entries?.every(([, one]) => isCodec(one)) !== true) {
    return [{ path: 'topic codec', message: 'expected an io-ts codec, or an object of one for each event type' }];
  }
  const types = entries.map(([type]) => type);
  if (types.length === 0) return [{ path: 'topic codecs', message: 'expected at least one event type' }];
  if (types.every((type) => type !== '' && isCarried(type))) return [];
  return [{ path: 'topic codecs', message: 'expected event types of characters that a message attribute takes' }];
}

function optionFaults(options: LooseOptions): readonly ConfigurationFault[] {
  const { maxMessageBytes: bytes = MAX_SQS_MESSAGE_BYTES } = options;
  const range = `expected a whole number from 1 to ${String(MAX_SQS_MESSAGE_BYTES)}`;
  const isInRange =
    typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_SQS_MESSAGE_BYTES;
  const functions = (['groupId', 'deduplicationId', 'attributes', 'subject'] as const).filter(
    (name) => options[name] !== undefined && typeof options[name] !== 'function',
  );
  return [
    ...functions.map((path) => ({ path, message: 'expected a function of the value' })),
    ...(isInRange ? [] : [{ path: 'maxMessageBytes', message: range }]),
  ];
}

/** Without its group a value has no order, and without either of the two SNS refuses it. */
function fifoFaults(
  kind: Topic<never>['kind'],
  { groupId, deduplicationId, contentBasedDeduplication }: LooseOptions,
): readonly ConfigurationFault[] {
  if (kind !== 'fifo') {
    const said = Object.entries({
      deduplicationId,
      contentBasedDeduplication: contentBasedDeduplication === true,
    }).filter(([, value]) => value !== undefined && value !== false);
    return said.map(([path]) => ({ path, message: 'a standard topic has no deduplication; fifoTopic has' }));
  }
  const isSaid = deduplicationId !== undefined || contentBasedDeduplication === true;
  const message = 'expected it, or `contentBasedDeduplication: true`';
  return [
    ...(groupId === undefined ? [{ path: 'groupId', message: 'expected a function of the value' }] : []),
    ...(isSaid ? [] : [{ path: 'deduplicationId', message }]),
  ];
}

/** Not `instanceof`: an application may hold a second copy of io-ts. No codec of an event is a function. */
const isCodec = (codec: t.Mixed | EventCodecs | undefined): codec is t.Mixed => typeof codec?.decode === 'function';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Codec of `{ type, data }` over all event types. */
function unionOf(codecs: EventCodecs): t.Mixed {
  const members: t.Mixed[] = Object.entries(codecs).map(([type, data]) =>
    t.type({ type: t.literal(type), data }, type),
  );
  // Its type asks for two members; it works with one.
  return t.union(members as [t.Mixed, t.Mixed]);
}
