import { setImmediate } from 'node:timers/promises';
import { filter, firstValueFrom, type Observable, ReplaySubject, take, toArray } from 'rxjs';
import { startEmulator } from '../../examples/emulator.js';
import { type AWSMessagingConfig, createClient, type MessagingClient, type MessagingEvent } from '../../src/index.js';

/** The account of every emulator. */
export const ACCOUNT = '000000000000';

/** A message attribute as SQS has it; bytes in base64. */
export interface StoredAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** A message as the emulator holds it. */
export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, StoredAttribute>>;
  readonly messageGroupId?: string;
}

/** A message that somebody has received. */
export interface HeldMessage extends StoredMessage {
  /** Another one for each receipt. */
  readonly receiptHandle: string;
}

/** What a queue holds: what anybody can receive, and what somebody has received. */
export interface Holding {
  readonly visible: readonly StoredMessage[];
  readonly inFlight: readonly HeldMessage[];
}

/** An event of one type. */
export type EventOfType<T extends MessagingEvent['type']> = Extract<MessagingEvent, { readonly type: T }>;

/** A client and all it has told. */
export interface Watched {
  readonly client: MessagingClient;
  /** Every event so far. */
  readonly events: readonly MessagingEvent[];
  /** The first `count` events of a type that fit, those of the past included. */
  seen<T extends MessagingEvent['type']>(
    type: T,
    count?: number,
    fits?: (event: EventOfType<T>) => boolean,
  ): Promise<readonly EventOfType<T>[]>;
  /** How many calls of an operation were made so far. */
  calls(operation: string): number;
}

/** An emulator for each spec of the block it is made in. Afterwards its clients are closed, and nothing is left open. */
export interface Emulation {
  readonly url: () => string;
  connect(options?: Partial<AWSMessagingConfig>): Watched;
  /** A call to SQS past the library. */
  sqs(operation: string, request: object): Promise<Readonly<Record<string, unknown>>>;
  /** Puts a body into a queue, past SNS and the library. */
  send(queue: string, body: string, attributes?: Readonly<Record<string, StoredAttribute>>): Promise<void>;
  holding(queue: string): Promise<Holding>;
  /** What a queue holds as soon as that fits. */
  until(queue: string, fits: (held: Holding) => boolean): Promise<Holding>;
  /** What a queue holds once nothing of it is in flight; the emulator takes a moment to see that a poll was given up. */
  atRest(queue: string): Promise<Holding>;
}

/** What of this process is open. Node's own pipes and mocha's timer are there before and after. */
const openHandles = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCP\w*|TLS\w*)$/.test(name)).length;

export function useEmulator(): Emulation {
  let url = '';
  let stop: () => Promise<void> = () => Promise.resolve();
  let clients: MessagingClient[] = [];
  let openBefore = 0;

  beforeEach(async () => {
    // Mocha starts a hook's timer once the hook has returned its promise.
    await Promise.resolve();
    openBefore = openHandles();
    ({ url, stop } = await startEmulator());
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await stop();
    // A socket that was ended is closed some turns later; what is never closed ends in mocha's timeout.
    while (openHandles() > openBefore) await setImmediate();
  });

  const sqs: Emulation['sqs'] = async (operation, request) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${answer}`);
    return answer === '' ? {} : (JSON.parse(answer) as Readonly<Record<string, unknown>>);
  };

  const holding: Emulation['holding'] = async (queue) => {
    const response = await fetch(`${url}/_fauxqs/queues/${queue}`);
    const { messages } = (await response.json()) as {
      readonly messages: {
        readonly ready: readonly StoredMessage[];
        readonly inflight: readonly { readonly message: StoredMessage; readonly receiptHandle: string }[];
      };
    };
    const inFlight = messages.inflight.map(({ message, receiptHandle }) => ({ ...message, receiptHandle }));
    return { visible: messages.ready, inFlight };
  };

  const until: Emulation['until'] = async (queue, fits) => {
    let held = await holding(queue);
    while (!fits(held)) held = await holding(queue);
    return held;
  };

  return {
    url: () => url,
    connect: (options = {}) => {
      const watched = watch(
        createClient({
          region: 'us-east-1',
          credentials: { accessKeyId: 'test', secretAccessKey: 'top-secret' },
          environment: 'dev',
          accountId: ACCOUNT,
          endpoint: url,
          ...options,
        }),
      );
      clients.push(watched.client);
      return watched;
    },
    sqs,
    send: async (queue, body, attributes = {}) => {
      const { QueueUrl } = await sqs('GetQueueUrl', { QueueName: queue });
      await sqs('SendMessage', { QueueUrl, MessageBody: body, MessageAttributes: attributes });
    },
    holding,
    until,
    atRest: (queue) => until(queue, ({ inFlight }) => inFlight.length === 0),
  };
}

function watch(client: MessagingClient): Watched {
  const told = new ReplaySubject<MessagingEvent>(Infinity);
  const events: MessagingEvent[] = [];
  client.events$.subscribe(told);
  told.subscribe((event) => events.push(event));
  const ofType = <T extends MessagingEvent['type']>(type: T): Observable<EventOfType<T>> =>
    told.pipe(filter((event): event is EventOfType<T> => event.type === type));
  return {
    client,
    events,
    seen: (type, count = 1, fits = () => true) =>
      firstValueFrom(ofType(type).pipe(filter(fits), take(count), toArray())),
    calls: (operation) => events.filter((event) => event.type === 'called' && event.operation === operation).length,
  };
}
