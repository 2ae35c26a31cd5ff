import { filter } from 'rxjs';
import type { MessagingClient } from 'rxjs-aws-messaging';
import type { Welcomed } from './consuming.js';
import { createLatencies, type Latencies } from './latencies.js';
import { createLedger, type Ledger } from './ledger.js';
import { type Tally, tallyOf } from './tally.js';

/** What is written down during a run. */
export interface Books {
  readonly tally: Tally;
  /** Ids of the users of valid events: each has to be handled. */
  readonly users: Ledger;
  /** Message ids of what was put into the queue and is no UserCreated: each has to be dead-lettered. */
  readonly badBodies: Ledger;
  readonly latencies: { readonly first: Latencies; readonly redelivered: Latencies };
  welcomed(user: Welcomed): void;
}

export function openBooks(client: MessagingClient): Books {
  const users = createLedger();
  const badBodies = createLedger();
  const latencies = { first: createLatencies(), redelivered: createLatencies() };
  client.events$.pipe(filter((event) => event.type === 'rejected')).subscribe(({ id }) => badBodies.done(id));
  return {
    tally: tallyOf(client),
    users,
    badBodies,
    latencies,
    welcomed: ({ userId, receiveCount, latencyMs }) => {
      users.done(userId);
      latencies[receiveCount === 1 ? 'first' : 'redelivered'].add(latencyMs);
    },
  };
}
