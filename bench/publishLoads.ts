import { setImmediate, setTimeout } from 'node:timers/promises';
import { PublishBatchCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import * as E from 'fp-ts/lib/Either.js';
import { lastValueFrom } from 'rxjs';
import { type MessagingClient, toTopic } from '../src/index.js';
import type { Meter } from './meter.js';
import { type Order, Orders } from './orders.js';

// Each publishes until the meter has its reading.

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:bench-orders';
const SIDE_BY_SIDE = 10;
const BATCH = 10;

/** A message is then about half a kilobyte. */
const NAME = 'somebody '.repeat(50);

let serial = 0;
function nextOrder(): Order {
  serial += 1;
  return { id: serial, name: NAME, cents: serial % 1_000 };
}

/** Twice as many values as the requests can carry: when one batch is answered, the next is there. */
export async function alwaysFull(client: MessagingClient, maxRequests: number, meter: Meter): Promise<void> {
  const { sink, handIn } = meteredSink(client, maxRequests, meter);
  const published = lastValueFrom(sink);
  sink.subscribe(() => {
    if (meter.isOver()) sink.complete();
    else handIn();
  });
  for (let count = 0; count < maxRequests * BATCH * 2; count += 1) handIn();
  await published;
}

/** So many values a second, each in a turn of its own, whatever becomes of those before it. */
export async function oneByOne(
  client: MessagingClient,
  maxRequests: number,
  perSecond: number,
  meter: Meter,
): Promise<void> {
  const { sink, handIn } = meteredSink(client, maxRequests, meter);
  const published = lastValueFrom(sink);
  const calls = client.events$.subscribe(({ type }) => {
    if (type === 'called') meter.requested();
  });
  const startedAt = performance.now();
  for (let count = 0; !meter.isOver(); count += 1) {
    handIn();
    await setImmediate();
    const dueAt = startedAt + (count * 1_000) / perSecond;
    // A timer knows no less than a millisecond: those that it makes late come in the next turns.
    if (performance.now() < dueAt) await setTimeout(1);
  }
  sink.complete();
  await published;
  calls.unsubscribe();
}

/** A sink whose answers are metered; a failure is the end of the benchmark. */
function meteredSink(client: MessagingClient, maxRequests: number, meter: Meter) {
  const sink = toTopic(client, Orders, { maxRequests });
  const handedInAt = new Map<Order, number>();
  sink.subscribe((result) => {
    if (E.isLeft(result)) throw result.left.error;
    const { value } = result.right;
    meter.answered(handedInAt.get(value) ?? NaN);
    handedInAt.delete(value);
  });
  const handIn = (): void => {
    const order = nextOrder();
    handedInAt.set(order, performance.now());
    sink.next(order);
  };
  return { sink, handIn };
}

/** As fast as the SDK goes: each loop sends its next batch when it has the answer to the last. */
export async function loopsOfBatches(sns: SNSClient, meter: Meter): Promise<void> {
  const loop = async (): Promise<void> => {
    while (!meter.isOver()) await sendBatch(sns, meter);
  };
  await sideBySide(loop);
}

/** As it is mostly written: all have their answers before the next are sent. */
export async function batchesTogether(sns: SNSClient, meter: Meter): Promise<void> {
  while (!meter.isOver()) await sideBySide(() => sendBatch(sns, meter));
}

export async function singlesTogether(sns: SNSClient, meter: Meter): Promise<void> {
  while (!meter.isOver()) await sideBySide(() => sendSingle(sns, meter));
}

async function sideBySide(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}

async function sendBatch(sns: SNSClient, meter: Meter): Promise<void> {
  const handedInAt = performance.now();
  const entries = Array.from({ length: BATCH }, (_, position) => ({
    Id: String(position),
    Message: JSON.stringify(nextOrder()),
  }));
  const { Successful = [] } = await sns.send(
    new PublishBatchCommand({ TopicArn: TOPIC_ARN, PublishBatchRequestEntries: entries }),
  );
  if (Successful.length !== BATCH) throw new Error('a batch was not taken');
  for (let count = 0; count < BATCH; count += 1) meter.answered(handedInAt);
}

async function sendSingle(sns: SNSClient, meter: Meter): Promise<void> {
  const handedInAt = performance.now();
  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn: TOPIC_ARN, Message: JSON.stringify(nextOrder()) }),
  );
  if (MessageId === undefined) throw new Error('a message was not taken');
  meter.answered(handedInAt);
}
