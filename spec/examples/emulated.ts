import { startEmulator } from '../../examples/emulator.js';

/** What an emulator holds of a queue. */
export interface QueueState {
  readonly visible: number;
  /** When each message in flight comes back, in milliseconds since the epoch. */
  readonly comeBackAt: readonly number[];
}

/** An emulator in this process, whose queues can be looked into. */
export interface Emulated {
  readonly url: string;
  /** The environment with which an example finds it. */
  readonly env: Readonly<Record<string, string>>;
  queue(name: string): Promise<QueueState>;
  /** Puts a body into a queue, past SNS and the library. */
  send(name: string, body: string): Promise<void>;
  deleteQueue(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** The part of fauxqs' inspection that is looked at. */
interface Inspected {
  readonly messages: {
    readonly ready: readonly unknown[];
    readonly delayed: readonly unknown[];
    readonly inflight: readonly { readonly visibilityDeadline: number }[];
  };
}

export async function emulate(): Promise<Emulated> {
  const { url, stop } = await startEmulator();
  const sqs = async (target: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${target}` };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.text().then((answer): unknown => (answer === '' ? undefined : JSON.parse(answer)));
  };
  const queueUrl = async (name: string): Promise<string> => {
    const { QueueUrl } = (await sqs('GetQueueUrl', { QueueName: name })) as { readonly QueueUrl: string };
    return QueueUrl;
  };
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION_NAME: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'top-secret',
    },
    queue: async (name) => {
      const response = await fetch(`${url}/_fauxqs/queues/${name}`);
      const { messages } = (await response.json()) as Inspected;
      return {
        visible: messages.ready.length + messages.delayed.length,
        comeBackAt: messages.inflight.map(({ visibilityDeadline }) => visibilityDeadline),
      };
    },
    send: async (name, body) => {
      await sqs('SendMessage', { QueueUrl: await queueUrl(name), MessageBody: body });
    },
    deleteQueue: async (name) => {
      await sqs('DeleteQueue', { QueueUrl: await queueUrl(name) });
    },
    stop,
  };
}
