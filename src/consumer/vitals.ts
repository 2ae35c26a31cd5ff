import { asyncScheduler } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import type { ConsumerHealth } from '../client/health.js';
import type { Pauser } from './pauser.js';
import type { Session } from './session.js';
import type { Stopper } from './stopper.js';

/** What a consumer's health is read from. */
export interface Vitals {
  /** The queue is found; from now on messages are held. */
  opened(queueUrl: string, session: Session<unknown>): void;
  /** A poll was answered. */
  polled(): void;
  /** So many polls failed one after another. */
  failed(consecutiveFailures: number): void;
  /** Something else is different. */
  changed(): void;
  /** The subscriber has left: over, unless something has to be settled yet. */
  leave(): void;
  /** The consumer is over. */
  end(): void;
}

export interface VitalsOptions {
  readonly port: MessagingPort;
  readonly topic: string;
  readonly queueName: string;
  readonly stopper: Stopper;
  readonly pauser: Pauser;
}

/** Enters a consumer in the health of its client. */
export function createVitals({ port, topic, queueName, stopper, pauser }: VitalsOptions): Vitals {
  let queue = queueName;
  let held: Session<unknown> | undefined;
  let lastPollAt: Date | undefined;
  let consecutiveFailures = 0;
  let hasLeft = false;

  const state = (): ConsumerHealth['state'] => {
    if (hasLeft || stopper.reason !== undefined) return 'stopping';
    if (held === undefined) return 'connecting';
    if (pauser.isPaused) return 'paused';
    return consecutiveFailures > 0 ? 'backingOff' : 'polling';
  };

  const entry = port.enter(() => {
    const oldest = held?.oldest;
    return {
      topic,
      queue,
      state: state(),
      isStuck: held?.isStuck ?? false,
      ...(lastPollAt === undefined ? {} : { lastPollAt }),
      consecutiveFailures,
      inFlight: held?.inFlight ?? 0,
      ...(oldest === undefined ? {} : { oldestInFlightMs: Math.max(0, asyncScheduler.now() - oldest) }),
      pendingSettlements: held?.pendingSettlements ?? 0,
    };
  });

  return {
    opened: (queueUrl, session) => {
      queue = queueUrl;
      held = session;
      consecutiveFailures = 0;
      entry.changed();
    },
    polled: () => {
      lastPollAt = new Date(asyncScheduler.now());
      consecutiveFailures = 0;
      entry.changed();
    },
    failed: (failures) => {
      consecutiveFailures = failures;
      entry.changed();
    },
    changed: entry.changed,
    leave: () => {
      hasLeft = true;
      if (held === undefined) entry.remove();
      else entry.changed();
    },
    end: entry.remove,
  };
}
