import * as t from 'io-ts';
import type { Observable } from 'rxjs';
import type { AwsCalls, PortSettings } from '../../src/client/client.js';
import type { ConsumerOptions } from '../../src/consumer/consumerOptions.js';
import { fromTopic } from '../../src/consumer/fromTopic.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { Message } from '../../src/message/message.js';
import { topic } from '../../src/topic.js';
import { fakeClient, type FakeClient } from './fakeClient.js';
import { fakeQueue, type FakeQueue } from './fakeQueue.js';

export const Users = topic('users', t.string);

/** A consumer of a queue on virtual time. */
export interface FakeConsumer extends FakeClient {
  readonly queue: FakeQueue;
  readonly messages$: (options?: ConsumerOptions) => Observable<Message<string>>;
  /** How many calls of a kind were made. */
  count(call: keyof AwsCalls): number;
  /** The types of the events so far, without the calls. */
  types(): readonly string[];
}

/** `calls` replace those of the queue, which they are given. */
export function fakeConsumer(
  calls: (queue: FakeQueue['calls']) => Partial<AwsCalls> = () => ({}),
  settings: Partial<PortSettings> = {},
  queue = fakeQueue(),
): FakeConsumer {
  const fake = fakeClient({ ...queue.calls, ...calls(queue.calls) }, settings);
  const { client, requests, events } = fake;
  return {
    ...fake,
    queue,
    messages$: (options) => fromTopic(client, Users, options),
    count: (call) => requests.filter((request) => request.call === call).length,
    types: () => events.map(({ type }) => type).filter((type) => type !== 'called'),
  };
}

/** A consumer of a FIFO queue. */
export const fifoConsumer = (calls?: (queue: FakeQueue['calls']) => Partial<AwsCalls>): FakeConsumer =>
  fakeConsumer(calls, {}, fakeQueue(true));

/** Puts `v0`, `v1`… into the queue, as messages `m0`, `m1`… */
export function fill(queue: FakeQueue, count: number): void {
  for (let index = 0; index < count; index += 1) queue.send(`m${String(index)}`, `v${String(index)}`);
}

/** What a receive fails with. */
export const fault = (code: string, retryable: boolean): AWSConnectionError =>
  new AWSConnectionError({ operation: 'ReceiveMessage', code, retryable });
