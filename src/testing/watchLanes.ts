import * as E from 'fp-ts/lib/Either.js';
import { filter, map, merge, type Observable, share } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { decode } from '../message/decode.js';
import type { RawMessage } from '../message/rawMessage.js';
import type { Topic } from '../topic.js';
import { type Lane, laneMarkOf } from './laneMarks.js';
import type { BrokerParts } from './testBroker.js';

/** A value in a lane. */
export interface LaneValue {
  readonly lane: Lane;
  readonly id: string;
  /** As its topic's codec decodes it, or the text of a body that can't be decoded. */
  readonly value: unknown;
}

/**
 * What happens to the messages of a topic, with their values, which events do not have: published by a client, as SNS takes it
 * in; received, settled and retried by this client, as its events tell; dead-lettered, as it arrives there, whoever moved it.
 */
export function watchLanes<A>(parts: BrokerParts, topic: Topic<A>, client: MessagingClient): Observable<LaneValue> {
  const { account, queueOf, deadLettersOf, topicArnOf, isOwn } = parts;
  const queue = queueOf(topic, client);
  const values = new Map<string, unknown>();
  const valueOf = (message: Pick<RawMessage, 'messageId' | 'body' | 'attributes'>): unknown => {
    const decoded = decode(topic, { receiptHandle: '', receiveCount: 1, ...message });
    return E.isRight(decoded) ? decoded.right.value : message.body;
  };

  const published$ = account.published$.pipe(
    filter(({ topicArn }) => topicArn === topicArnOf(topic) && !isOwn()),
    map(({ messageId, entry }): LaneValue => ({
      lane: 'published',
      id: messageId,
      value: valueOf({ messageId, ...entry }),
    })),
  );
  const deadLettered$ = account.arrivals$.pipe(
    filter((arrival) => arrival.queue === deadLettersOf(queue)),
    map(({ message }): LaneValue => ({ lane: 'dead-lettered', id: message.messageId, value: valueOf(message) })),
  );
  const told$ = client.events$.pipe(
    map(laneMarkOf),
    filter((mark) => mark?.queue === queue.url && mark.lane !== 'dead-lettered'),
    map((mark): LaneValue => {
      const { lane = 'received', id = '' } = mark ?? {};
      if (lane === 'received') {
        const message = queue.messages.find(({ messageId }) => messageId === id);
        if (message !== undefined) values.set(id, valueOf(message));
      }
      return { lane, id, value: values.get(id) };
    }),
  );
  return merge(published$, deadLettered$, told$).pipe(share());
}
