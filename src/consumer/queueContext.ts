import { asyncScheduler } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import type { MessagingEvent } from '../events.js';

/** The queue a consumer reads, and the client it reads it by. */
export interface QueueContext {
  readonly port: MessagingPort;
  /** Logical topic name. */
  readonly topic: string;
  readonly queueUrl: string;
}

type Located = 'at' | 'topic' | 'queue';
/** The part of an event that its place does not say already; distributes over the union. */
type Told<E> = E extends { readonly queue: string } ? Omit<E, Located> : never;

/** Hands out an event of this queue, made only when somebody listens. */
export function tell({ port, topic, queueUrl }: QueueContext, event: () => Told<MessagingEvent>): void {
  // Omit and the three fields together are the event again; the compiler can't see that through a union.
  port.emit(() => ({ ...event(), at: asyncScheduler.now(), topic, queue: queueUrl }));
}
