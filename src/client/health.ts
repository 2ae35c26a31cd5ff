/** How a consumer is. */
export interface ConsumerHealth {
  /** Logical topic name. */
  readonly topic: string;
  /** Queue URL; until it is known, the queue's name. */
  readonly queue: string;
  /**
   * `connecting`: looking for its queue. `polling`: all is well, also when nothing arrives. `backingOff`: the last polls failed.
   * `paused`: by its `pause$`. `stopping`: it takes nothing in any more, and finishes.
   */
  readonly state: 'connecting' | 'polling' | 'backingOff' | 'paused' | 'stopping';
  /** Whether it has held all it may hold for a minute without one settlement: see the event `stuck`. */
  readonly isStuck: boolean;
  /** When a poll was last answered, with messages or without. */
  readonly lastPollAt?: Date;
  /** Polls that failed one after another since then. */
  readonly consecutiveFailures: number;
  /** Messages received and not yet settled. */
  readonly inFlight: number;
  /** Milliseconds since the oldest of them was received. */
  readonly oldestInFlightMs?: number;
  /** Settlements said and not yet confirmed by SQS. */
  readonly pendingSettlements: number;
}

/** How a client and its consumers are, at one moment. */
export interface Health {
  /** Whether `close()` was called. */
  readonly isClosing: boolean;
  /** Every consumer that is subscribed to, or has something left to settle. One that has ended, or failed, is not there. */
  readonly consumers: readonly ConsumerHealth[];
}

/** A consumer's entry in the health of its client. */
export interface HealthEntry {
  /** Something is different now. Costs nothing while nobody listens. */
  changed(): void;
  /** The consumer is over. */
  remove(): void;
}
