import { ConfigurationError, type ConfigurationFault } from '../errors.js';
import { randomProvider } from '../operators/randomProvider.js';
import { type BrokerParts, createBrokerParts } from './brokerParts.js';
import { MarblesDifferError } from './marblesDifferError.js';
import type { MessagingTestHelpers, MessagingTestOptions } from './messagingTestHelpers.js';
import { scriptHelpers } from './scriptHelpers.js';
import { type Failure, type Timeline, withTimeline } from './timeline.js';

/**
 * Runs a test of a pipeline on virtual time, with marble diagrams for what goes in, for what comes out, and for what becomes
 * of the messages between. A visibility timeout of 30 s takes no time. It throws what test runners show, and needs none.
 *
 * ```text
 * publish          -a-------b
 * expectObservable -A-------B
 * expectSettled    -a-------b
 * ```
 *
 * Promises know nothing of virtual time: a handler under test gives an Observable.
 *
 * @example
 * ```ts
 * import { of } from 'rxjs';
 * import { ackMap, fromTopic } from 'rxjs-aws-messaging';
 * import { messagingTest } from 'rxjs-aws-messaging/testing';
 *
 * messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
 *   const names$ = fromTopic(broker, Users).pipe(ackMap(({ name }) => of(name)));
 *   publish(Users, '              -a-----b', { a: { name: 'Ada' }, b: { name: 'Bob' } });
 *   expectObservable(names$).toBe('-a-----b', { a: 'Ada', b: 'Bob' });
 *   expectSettled(Users).toBe('    -a-----b', { a: { name: 'Ada' }, b: { name: 'Bob' } });
 * });
 * ```
 *
 * @throws an Error with both diagrams, aligned, for every expectation that was not met; ConfigurationError for options that
 * can't be.
 */
export function messagingTest(
  script: (helpers: MessagingTestHelpers) => void,
  options: MessagingTestOptions = {},
): void {
  const { overtimeMs = 600_000, allowUnusedFaults = false, ...brokerOptions } = options;
  const faults = optionFaults(overtimeMs, allowUnusedFaults);
  if (faults.length > 0) throw new ConfigurationError(faults);
  withTimeline((timeline) => {
    const parts = createBrokerParts(brokerOptions);
    let isOver = false;
    const flush = (): void => {
      if (isOver) return;
      isOver = true;
      const failures = [...timeline.run(overtimeMs), ...(allowUnusedFaults ? [] : unusedFaults(parts))];
      if (failures.length > 0) throw new MarblesDifferError(failures);
    };
    const checkOpen = (): void => {
      if (isOver) throw new Error('the test is running, or has run: give every diagram before it');
    };
    const play = (): void => {
      // A compiler lets an async function pass for one that returns nothing.
      const run: (helpers: MessagingTestHelpers) => unknown = script;
      const returned = run({ ...scriptHelpers(parts, timeline, checkOpen), flush });
      if (isThenable(returned)) {
        // What it comes to follows from this error, which says what to mend.
        returned.then(undefined, () => undefined);
        throw new Error('the script of a messagingTest is no async function: virtual time runs when it returns');
      }
      flush();
    };
    randomProvider.delegate = parts.random;
    try {
      thenClose(play, () => {
        isOver = true;
        close(parts, timeline);
      });
    } finally {
      randomProvider.delegate = undefined;
    }
  });
}

/** Of two errors the first says what went wrong. */
function thenClose(play: () => void, end: () => void): void {
  try {
    play();
  } catch (error) {
    try {
      end();
    } catch {
      // It comes after the one that the test failed with, and may come of it.
    }
    throw error;
  }
  end();
}

/**
 * Closes the clients, so that a handler whose promise is resolved after the test finds nobody. What their `close()` promises is
 * not waited for, and of no interest: what such a handler holds can't be settled in virtual time.
 */
function close({ clients }: BrokerParts, timeline: Timeline): void {
  for (const client of clients) client.close().catch(() => undefined);
  timeline.runOn(Math.max(...clients.map(({ port }) => port.settings.timeoutMs)) + 1);
}

/** A fault that was planned and did not come tests nothing. */
const unusedFaults = ({ unusedFaults: unused }: BrokerParts): readonly Failure[] =>
  unused().map((operation) => ({
    report:
      `broker.fail('${operation}', …) never came to pass: there was no such call, or no such entry in it ` +
      '(allowUnusedFaults lets that be)',
    stack: '',
  }));

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (Object(value) as { readonly then?: unknown }).then === 'function';

const optionFaults = (overtimeMs: unknown, allowUnusedFaults: unknown): readonly ConfigurationFault[] => [
  ...(typeof overtimeMs === 'number' && overtimeMs >= 0 && overtimeMs < Infinity
    ? []
    : [{ path: 'overtimeMs', message: 'expected milliseconds of at least 0' }]),
  ...(typeof allowUnusedFaults === 'boolean' ? [] : [{ path: 'allowUnusedFaults', message: 'expected true or false' }]),
];
