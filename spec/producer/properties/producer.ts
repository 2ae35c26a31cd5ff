import type { MessagingClient, PublishToOptions, Topic } from '../../../src/index.js';
import type { Desk } from './desk.js';
import type { Item } from './item.js';
import type { Listener } from './listener.js';
import type { Burst, Production } from './scenario.js';
import type { World } from './world.js';

/** A way to give values to a producer, and to end it. */
export interface Producer {
  begin(): void;
  handIn(burst: Burst): void;
  end(): void;
  unsubscribe(): void;
  /** Nothing of it goes on any more. */
  isOver(): boolean;
  /** What is wrong with it when everything is over. */
  faults(): readonly string[];
}

/** What a producer is made of. */
export interface ProducerParts<A> {
  readonly world: World;
  /** The client, its requests watched. */
  readonly client: MessagingClient;
  readonly desk: Desk;
  readonly topic: Topic<A>;
  readonly listener: Listener;
  /** The value of an item: its desk makes those of its topic. */
  readonly valueOf: (item: Item) => A;
  readonly close: () => void;
  /** Takes a step of the script after so many milliseconds. */
  readonly after: (ms: number, take: () => void) => void;
}

/** What a source ends with that fails, and a backoff that throws. */
export const broken = new Error('broken');

export function optionsOf(production: Production): PublishToOptions {
  const { maxRequests, maxPending, maxPendingBytes, retryUnanswered, backoff } = production;
  return {
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxPending === undefined ? {} : { maxPending }),
    ...(maxPendingBytes === undefined ? {} : { maxPendingBytes }),
    ...(backoff === undefined ? {} : { backoff: backoffOf(backoff) }),
    retryUnanswered,
  };
}

const backoffOf = (backoff: number | 'throws') => (): number => {
  if (backoff === 'throws') throw broken;
  return backoff;
};

/** Hears no results any more, unless they have ended. */
export function leave({ desk, listener }: Pick<ProducerParts<unknown>, 'desk' | 'listener'>, go: () => void): void {
  if (listener.hasEnded()) return;
  desk.loses(false);
  go();
}
