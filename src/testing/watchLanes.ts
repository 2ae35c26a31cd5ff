import * as E from 'fp-ts/lib/Either.js';
import { filter, map, merge, type Observable } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { decode } from '../message/decode.js';
import { isEnvelope } from '../message/envelope.js';
import { readJson } from '../message/json.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { Topic } from '../topic.js';
import type { BrokerParts } from './brokerParts.js';
import { type Lane, laneMarkOf } from './laneMarks.js';

/** A value in a lane. */
export interface LaneValue {
  readonly lane: Lane;
  /** As its topic's codec decodes it, or the text that was published where it can't be decoded. */
  readonly value: unknown;
}

/**
 * What happens to the messages of a topic, with their values, which events do not have: published by a client, as SNS takes it
 * in; received, settled and retried by this client, as its events tell; dead-lettered, as it arrives there, whoever moved it.
 */
export function watchLanes<A>(parts: BrokerParts, topic: Topic<A>, client: MessagingClient): Observable<LaneValue> {
  const { account, queueOf, deadLettersOf, topicArnOf, isOwn } = parts;
  const queue = queueOf(topic, client);
  const arn = topicArnOf(topic, client);
  const values = new Map(queue.messages.map((message) => [message.messageId, valueOf(topic, message)]));

  const published$ = account.published$.pipe(
    filter(({ topicArn }) => topicArn === arn && !isOwn()),
    map(({ messageId, entry }): LaneValue => ({ lane: 'published', value: valueOf(topic, { messageId, ...entry }) })),
  );
  const deadLettered$ = account.arrivals$.pipe(
    filter((arrival) => {
      // It is known by its id from then on: a message may be gone when the event of its receive comes.
      if (arrival.queue === queue) values.set(arrival.message.messageId, valueOf(topic, arrival.message));
      return arrival.queue === deadLettersOf(queue);
    }),
    map(({ message }): LaneValue => ({ lane: 'dead-lettered', value: valueOf(topic, message) })),
  );
  const told$ = client.events$.pipe(
    map(laneMarkOf),
    filter((mark) => mark?.queue === queue.url && mark.lane !== 'dead-lettered'),
    map((mark): LaneValue => ({ lane: mark?.lane ?? 'received', value: values.get(mark?.id ?? '') })),
  );
  return merge(published$, deadLettered$, told$);
}

function valueOf<A>(topic: Topic<A>, message: Pick<RawMessage, 'messageId' | 'body' | 'attributes'>): unknown {
  const decoded = decode(topic, { receiptHandle: '', receiveCount: 1, ...message });
  return E.isRight(decoded) ? decoded.right.value : publishedText(message.body);
}

/** The text in the envelope, where there is one. */
function publishedText(body: string): string {
  try {
    const json = readJson(body);
    return isEnvelope(json) ? json.Message : body;
  } catch {
    return body;
  }
}
