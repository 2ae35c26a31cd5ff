import * as E from 'fp-ts/lib/Either.js';
import type { Books } from './books.js';
import type { QueueCounts } from './queues.js';
import { invalidAmong } from './scenario.js';

/** All that is known when a run is over. */
export interface Outcome extends Omit<Books, 'welcomed'> {
  /** Events handed to `toTopic`. */
  readonly count: number;
  /** The signal after which nothing more was sent. */
  readonly stoppedBy: string | undefined;
  /** Messages put into the queue that are no UserCreated. */
  readonly injected: number;
  readonly before: QueueCounts;
  /** Or why the queues can't be read any more. */
  readonly after: E.Either<string, QueueCounts>;
  /** What else went wrong. */
  readonly troubles: readonly string[];
}

/** What is missing, left or wrong, one sentence each; none when all is accounted for. */
export function complaintsOf(outcome: Outcome): readonly string[] {
  const { count, tally, users, badBodies, after, troubles } = outcome;
  const invalid = invalidAmong(count);
  return [
    ...troubles,
    users.missing.size > 0 && `${users.missing.size} valid events were not handled: ${someOf(users.missing)}`,
    tally.refused !== invalid && `${tally.refused} events were refused, ${invalid} are invalid`,
    badBodies.missing.size > 0 &&
      `${badBodies.missing.size} bad messages were not dead-lettered: ${someOf(badBodies.missing)}`,
    badBodies.surplus.size > 0 && `${badBodies.surplus.size} other messages were dead-lettered`,
    tally.settleFailed > 0 && `${tally.settleFailed} settlements could not be confirmed`,
    ...(E.isLeft(after) ? [`the queues can't be read: ${after.left}`] : complaintsOfQueues(outcome, after.right)),
  ].filter((complaint) => complaint !== false);
}

function complaintsOfQueues({ injected, before }: Outcome, after: QueueCounts): readonly (string | false)[] {
  const left = after.visible + after.inFlight;
  const grown = after.deadLetters - before.deadLetters;
  return [
    left > 0 && `${left} messages are left in the queue, ${after.inFlight} of them in flight or waiting for a retry`,
    grown !== injected && `the dead-letter queue grew by ${grown}, ${injected} bad messages were put in`,
  ];
}

function someOf(ids: ReadonlySet<string>): string {
  const some = [...ids].slice(0, 5);
  return some.join(', ') + (ids.size > some.length ? ', …' : '');
}
