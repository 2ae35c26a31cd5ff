import type { MessagingEvent } from '../events.js';

/**
 * What becomes of a message, each a line of a diagram: published, received, settled (acknowledged), retried (given back, to be
 * received again: retried, ignored or released), dead-lettered (rejected).
 */
export const LANES = ['published', 'received', 'settled', 'retried', 'dead-lettered'] as const;
export type Lane = (typeof LANES)[number];

/** What an event says of a message. */
export interface LaneMark {
  readonly lane: Lane;
  /** Logical topic name. */
  readonly topic: string;
  /** Queue URL; none of a publication. */
  readonly queue?: string | undefined;
  /** Message id: SNS's of a publication, SQS's of all else. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Which lane an event belongs to; undefined where to none. */
export function laneMarkOf(event: MessagingEvent): LaneMark | undefined {
  switch (event.type) {
    case 'published':
      return { lane: 'published', topic: event.topic, id: event.id, at: event.at };
    case 'received':
      return markOf('received', event);
    case 'rejected':
      return markOf('dead-lettered', event);
    case 'settled':
      if (event.settlement === 'ack') return markOf('settled', event);
      // What was copied to the dead-letter queue has its mark already; without such a queue it comes back after a delay.
      return event.settlement === 'reject' && event.delayMs === undefined ? undefined : markOf('retried', event);
    default:
      return undefined;
  }
}

const markOf = (lane: Lane, { topic, queue, id, at }: Omit<LaneMark, 'lane'>): LaneMark => ({
  lane,
  topic,
  queue,
  id,
  at,
});
