import type { UserCreated } from '../events.js';

// Which events are invalid, and which the handler fails on at first: fixed by their number, so that a run can be checked.

const EVERY = { invalid: 50, flaky: 33 };

/** Every 50th event is one that its codec refuses. */
export const isInvalid = (number: number): boolean => number % EVERY.invalid === 13;

/** The handler fails on every 33rd event when it sees it the first time. */
export const isFlaky = (number: number): boolean => number % EVERY.flaky === 7;

/** How many of the first `count` events are invalid. */
export const invalidAmong = (count: number): number => Math.floor((count + EVERY.invalid - 14) / EVERY.invalid);

/** How many messages to put into the queue that are none: 1 %, at least one of each kind. */
export const badBodiesFor = (count: number): number => Math.max(4, Math.floor(count / 100));

/** The number of the event about a user. */
export const numberOf = (userId: string): number => Number(userId.slice(userId.lastIndexOf('-') + 1));

/** Event number `number` of a run; the run is in the ids, so that what another run left in the queue is told apart. */
export function userCreated(run: string, number: number): UserCreated {
  const userId = `${run}-${number}`;
  const valid = { userId, email: `user${number}@example.org`, createdAt: new Date() };
  if (!isInvalid(number)) return valid;
  // What an import from elsewhere hands over, whatever its type says: no address, or a date that is none.
  return (number % 100 < 50 ? { ...valid, email: undefined } : { ...valid, createdAt: new Date(NaN) }) as UserCreated;
}

/** Message number `number` that is no UserCreated. */
export function badBody(number: number): string {
  const kinds = [
    '<html><body>502 Bad Gateway</body></html>',
    '{"userId": "cut off in the mid',
    JSON.stringify({ userId: number, email: 'a number for an id', createdAt: new Date() }),
    JSON.stringify({ userId: 'yesterday', email: 'no@date.example', createdAt: 'yesterday' }),
  ];
  return kinds[number % kinds.length] ?? '';
}
