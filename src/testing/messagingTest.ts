import { filter, map, ReplaySubject } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import { ConfigurationError } from '../errors.js';
import type { AnyTopic, Topic } from '../topic.js';
import { type Lane, laneMarkOf } from './laneMarks.js';
import { hasError, lettersOf } from './marbleDiagram.js';
import { MarblesDifferError } from './marblesDifferError.js';
import type { LaneExpectation, MessagingTestHelpers, MessagingTestOptions } from './messagingTestHelpers.js';
import { readRecording, type ReplayedMark, replayReport } from './replay.js';
import { type BrokerParts, createBrokerParts } from './testBroker.js';
import { type Timeline, withTimeline } from './timeline.js';
import { watchLanes } from './watchLanes.js';

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
  const { overtimeMs = 600_000, ...brokerOptions } = options;
  if (!(overtimeMs >= 0 && overtimeMs < Infinity)) throw new ConfigurationError([NO_OVERTIME]);
  withTimeline((timeline) => {
    const parts = createBrokerParts(brokerOptions);
    let isOver = false;
    const flush = (): void => {
      if (isOver) return;
      isOver = true;
      timeline.run(overtimeMs);
      if (timeline.failures().length > 0) throw notAsExpected(timeline.failures());
    };
    const checkOpen = (): void => {
      if (isOver) throw new Error('flush() has ended this test: give every diagram before it');
    };
    try {
      // A compiler lets an async function pass for one that returns nothing.
      const run: (helpers: MessagingTestHelpers) => unknown = script;
      if (isThenable(run({ ...helpersOf(parts, timeline, checkOpen), flush }))) throw new Error(ASYNC);
      flush();
    } finally {
      isOver = true;
      close(parts.clients, timeline);
    }
  });
}

/** Runners show the line of the test that is at the top of the stack. */
function notAsExpected(reports: readonly string[]): MarblesDifferError {
  const error = new MarblesDifferError(reports);
  Error.captureStackTrace(error, messagingTest);
  return error;
}

const NO_OVERTIME = { path: 'overtimeMs', message: 'expected milliseconds of at least 0' };
const ASYNC = 'the script of a messagingTest is no async function: virtual time runs when it returns';

const isThenable = (value: unknown): boolean =>
  typeof (Object(value) as { readonly then?: unknown }).then === 'function';

/**
 * Closes the clients, so that a handler whose promise is resolved after the test finds nobody. What their `close()` promises is
 * not waited for, and of no interest: what such a handler holds can't be settled in virtual time.
 */
function close(clients: readonly MessagingClient[], timeline: Timeline): void {
  for (const client of clients) client.close().catch(() => undefined);
  timeline.runOn(Math.max(...clients.map(({ port }) => port.settings.timeoutMs)) + 1);
}

function helpersOf(parts: BrokerParts, timeline: Timeline, checkOpen: () => void): Omit<MessagingTestHelpers, 'flush'> {
  const { broker, ensure } = parts;

  const expectLane =
    (name: string, lane: Lane) =>
    <A>(topic: Topic<A>, client: MessagingClient = broker): LaneExpectation<A> => {
      checkOpen();
      ensure(topic, client);
      // What happens at frame 0, before TestScheduler subscribes there, counts too.
      const values = new ReplaySubject<unknown>(Infinity);
      watchLanes(parts, topic, client)
        .pipe(
          filter((seen) => seen.lane === lane),
          map(({ value }) => value),
        )
        .subscribe(values);
      return timeline.expectStream(`${name}(${topic.name})`, values);
    };

  const schedule = (name: string, marbles: string, action: (letter: string) => () => void): void => {
    checkOpen();
    if (hasError(marbles)) throw new Error(`${name}: a publisher has no error, so \`#\` says nothing`);
    for (const { letter, frame } of lettersOf(marbles)) timeline.at(frame, action(letter));
  };

  const given = <T>(name: string, values: Readonly<Record<string, T>>, letter: string): T => {
    if (!Object.hasOwn(values, letter)) throw new Error(`${name}: there is no value for \`${letter}\``);
    return values[letter] as T;
  };

  const publicationOf = <A>(
    name: string,
    topic: Topic<A>,
    values: Readonly<Record<string, A>> | undefined,
    letter: string,
  ): (() => string) => {
    // Without values a letter is its own; a topic of anything but texts then refuses it.
    const value = values === undefined ? (letter as A) : given(name, values, letter);
    return parts.publication(topic, value);
  };

  return {
    broker,
    time: timeline.time,
    hot: timeline.hot,
    cold: timeline.cold,
    expectObservable: (stream$, subscription) => {
      checkOpen();
      return timeline.expectObservable(stream$, subscription);
    },
    expectSubscriptions: timeline.expectSubscriptions,
    publish: <A>(topic: Topic<A>, marbles: string, values?: Readonly<Record<string, A>>) => {
      const name = `publish(${topic.name})`;
      ensure(topic, broker);
      schedule(name, marbles, (letter) => publicationOf(name, topic, values, letter));
    },
    publishRaw: (topic: AnyTopic, marbles, bodies, message) => {
      const name = `publishRaw(${topic.name})`;
      ensure(topic, broker);
      schedule(name, marbles, (letter) => {
        const body = given(name, bodies, letter);
        return () => broker.publishRaw(topic, body, message);
      });
    },
    replay: (topic, recording, values, { toleranceColumns = 1 } = {}) => {
      checkOpen();
      ensure(topic, broker);
      const name = `replay(${topic.name})`;
      const read = readRecording(recording);
      timeline.lastsTo(read.columns * read.columnMs);
      const { letterOf, publishAs } = watchReplay(parts, topic);
      const seen: ReplayedMark[] = [];
      for (const { letter, column } of read.lanes.get('published') ?? []) {
        const publication = publicationOf(name, topic, values, letter);
        timeline.at(column * read.columnMs, () => publishAs(letter, publication));
      }
      broker.events$.subscribe((event) => {
        const mark = laneMarkOf(event);
        if (mark?.topic !== topic.name || mark.lane === 'published') return;
        seen.push({ lane: mark.lane, letter: letterOf(mark.id), column: Math.floor(mark.at / read.columnMs) });
      });
      timeline.verify(() => replayReport(name, read, seen, toleranceColumns));
    },
    expectPublished: expectLane('expectPublished', 'published'),
    expectReceived: expectLane('expectReceived', 'received'),
    expectSettled: expectLane('expectSettled', 'settled'),
    expectRetried: expectLane('expectRetried', 'retried'),
    expectDeadLettered: expectLane('expectDeadLettered', 'dead-lettered'),
  };
}

/** Tells which message of the queue came of which letter of a replay. */
function watchReplay({ account, queueOf }: BrokerParts, topic: AnyTopic) {
  const letters = new Map<string, string>();
  return {
    letterOf: (id: string): string => letters.get(id) ?? '?',
    publishAs: (letter: string, publication: () => string): void => {
      const arrivals = account.arrivals$
        .pipe(filter(({ queue }) => queue === queueOf(topic)))
        .subscribe(({ message }) => letters.set(message.messageId, letter));
      publication();
      arrivals.unsubscribe();
    },
  };
}
