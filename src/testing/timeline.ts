import type { Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { differenceReport } from './differenceReport.js';
import { guardAgainstStandstill } from './guardAgainstStandstill.js';
import { endOf, lettersOf } from './marbleDiagram.js';
import { type Mark, markOf, type SubscriptionLog, subscriptionMarks, type TestMessage } from './mark.js';

/** An expectation that was not met. */
export interface Failure {
  readonly report: string;
  /** Where its diagram stands in the test: lines of a stack. */
  readonly stack: string;
}

/** Virtual time with diagrams on it. It knows how long its longest diagram is, and what was not as expected. */
export interface Timeline extends Pick<
  RunHelpers,
  'hot' | 'cold' | 'time' | 'expectSubscriptions' | 'expectObservable'
> {
  /** Expects something of a stream. The title says what in a report, and the notes help to see why. */
  expectStream(
    title: string,
    stream$: Observable<unknown>,
    notes?: () => readonly string[],
  ): Pick<ReturnType<RunHelpers['expectObservable']>, 'toBe'>;
  /** Does something at the frame of a diagram. */
  at(frame: number, action: () => void): void;
  /** Verifies something when the test has run: what it returns is a report of a failure. */
  verify(check: () => string | undefined): void;
  /** Says that there is something until this frame. */
  lastsTo(frame: number): void;
  /** Runs from now to so many frames after the end of the longest diagram, and tells what was not as expected. */
  run(overtime: number): readonly Failure[];
  /** Runs so many frames more, of which nothing is expected. */
  runOn(frames: number): void;
}

/** An expectation; ready once it has its diagram. */
interface Expectation {
  readonly title: string;
  readonly notes: () => readonly string[];
  isReady: boolean;
  letters?: readonly string[];
  values?: ReadonlyMap<string, unknown>;
  stack: string;
}

/** RxJS has one virtual time at a time. */
let isRunning = false;

/** Runs `play` in run mode, on a timeline of its own. @throws Error within another one. */
export function withTimeline(play: (timeline: Timeline) => void): void {
  if (isRunning) throw new Error('a messagingTest within another: RxJS has one virtual time at a time');
  const expectations: Expectation[] = [];
  const checks: { readonly check: () => string | undefined; readonly stack: string }[] = [];
  let failures: Failure[] = [];
  let compared = 0;
  let end = 0;
  let isOver = false;

  const scheduler = new TestScheduler((actual: unknown, expected: unknown) => {
    if (isOver) return;
    // TestScheduler compares in the order in which expectations were made, and there is none without a diagram here.
    const expectation = expectations[compared];
    compared += 1;
    if (expectation === undefined) return;
    // What it compares is what it recorded.
    const report = reportOf(expectation, actual as Recorded, expected as Recorded);
    if (report !== undefined) failures.push({ report, stack: expectation.stack });
  });
  const standstill = guardAgainstStandstill(scheduler);

  const lastsTo = (frame: number): void => {
    end = Math.max(end, frame);
  };
  const drawn = (marbles: string): string => {
    lastsTo(endOf(marbles));
    return marbles;
  };
  const open = (title: string, notes: () => readonly string[] = () => []): Expectation => {
    const expectation = { title, notes, isReady: false, stack: '' };
    expectations.push(expectation);
    return expectation;
  };
  const ready = (expectation: Expectation, stack: string, more: Pick<Expectation, 'letters' | 'values'> = {}): void => {
    Object.assign(expectation, { ...more, stack, isReady: true });
  };

  const expectNamed = <T>(expectation: Expectation, source: Observable<T>, subscription?: string | null) => {
    if (typeof subscription === 'string') drawn(subscription);
    const { toBe, toEqual } = scheduler.expectObservable(source, subscription ?? null);
    const self = {
      toBe: (marbles: string, values?: unknown, errorValue?: unknown): void => {
        // Read before TestScheduler takes it: what it can't read it would compare all the same.
        const letters = lettersOf(marbles).map(({ letter }) => letter);
        const given = valuesOf(values);
        const missing = given === undefined ? undefined : letters.find((letter) => !given.has(letter));
        if (missing !== undefined) throw new Error(`${expectation.title}: there is no value for \`${missing}\``);
        toBe(drawn(marbles), values, errorValue);
        ready(expectation, stackAbove(self.toBe), given === undefined ? { letters } : { letters, values: given });
      },
      toEqual: (other$: Observable<T>): void => {
        toEqual(other$);
        ready(expectation, stackAbove(self.toEqual));
      },
    };
    return self;
  };

  const expectSubscriptions: Timeline['expectSubscriptions'] = (logs) => {
    const expectation = open('expectSubscriptions');
    const { toBe } = scheduler.expectSubscriptions(logs);
    const self = {
      toBe: (marbles: string | string[]): void => {
        for (const each of [marbles].flat()) {
          TestScheduler.parseMarblesAsSubscriptions(each, true);
          drawn(each);
        }
        toBe(marbles);
        ready(expectation, stackAbove(self.toBe));
      },
    };
    return self;
  };

  let observables = 0;
  isRunning = true;
  try {
    scheduler.run((helpers) => {
      play({
        time: helpers.time,
        hot: (marbles, values, error) => helpers.hot(drawn(marbles), values, error),
        cold: (marbles, values, error) => helpers.cold(drawn(marbles), values, error),
        expectObservable: (stream$, subscription) => {
          observables += 1;
          const title = observables === 1 ? 'expectObservable' : `expectObservable no. ${observables}`;
          return expectNamed(open(title), stream$, subscription);
        },
        expectSubscriptions,
        expectStream: (title, stream$, notes) => expectNamed(open(title, notes), stream$),
        at: (frame, action) => {
          lastsTo(frame);
          scheduler.schedule(action, frame);
        },
        verify: (check) => checks.push({ check, stack: stackAbove(undefined) }),
        lastsTo,
        run: (overtime) => {
          const unfinished = expectations.find(({ isReady }) => !isReady);
          if (unfinished !== undefined) throw new Error(`${unfinished.title} has no diagram: give it one by toBe(…)`);
          scheduler.maxFrames = end + overtime;
          scheduler.flush();
          standstill.check();
          isOver = true;
          const checked = checks.map(({ check, stack }) => ({ report: check(), stack }));
          failures = [
            ...failures,
            ...checked.flatMap(({ report = '', stack }) => (report === '' ? [] : [{ report, stack }])),
          ];
          return failures;
        },
        runOn: (frames) => {
          isOver = true;
          scheduler.maxFrames =
            Math.max(scheduler.frame, scheduler.maxFrames < Infinity ? scheduler.maxFrames : 0) + frames;
          scheduler.flush();
        },
      });
    });
  } finally {
    isRunning = false;
  }
}

/** What TestScheduler records: of one stream, or of the subscriptions to one. */
type Recorded = readonly TestMessage[] | readonly SubscriptionLog[];

const isSubscriptions = (records: Recorded): records is readonly SubscriptionLog[] =>
  records.some((record) => 'subscribedFrame' in record);

function reportOf(expectation: Expectation, actual: Recorded, expected: Recorded): string | undefined {
  const { title, letters, values, notes } = expectation;
  if (isSubscriptions(actual) || isSubscriptions(expected)) {
    return subscriptionsReport(title, actual as readonly SubscriptionLog[], expected as readonly SubscriptionLog[]);
  }
  const [had, wanted] = [actual.map(markOf), expected.map(markOf)];
  const hints = values === undefined && hasOtherValues(had) ? ['no values were given: a letter stands for itself'] : [];
  return differenceReport({
    title,
    expected: wanted,
    actual: had,
    ...(letters === undefined ? {} : { letters, notes: [...hints, ...notes()] }),
    ...(values === undefined ? {} : { values }),
  });
}

const hasOtherValues = (marks: readonly Mark[]): boolean =>
  marks.some(({ kind, value }) => kind === 'next' && typeof value !== 'string');

/** Each subscription is compared with its own: two of them in one line would be none. */
function subscriptionsReport(
  title: string,
  actual: readonly SubscriptionLog[],
  expected: readonly SubscriptionLog[],
): string | undefined {
  const reports = Array.from({ length: Math.max(actual.length, expected.length) }, (_, index) => {
    const [had, wanted] = [actual[index], expected[index]].map((log) =>
      log === undefined ? [] : subscriptionMarks(log),
    );
    const name = index === 0 ? title : `${title}, subscription ${index + 1},`;
    return differenceReport({ title: name, expected: wanted ?? [], actual: had ?? [] });
  });
  const told = reports.filter((report) => report !== undefined);
  return told.length === 0 ? undefined : told.join('\n');
}

/** Values by letter, where they were given. */
const valuesOf = (values: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof values === 'object' && values !== null ? new Map(Object.entries(values)) : undefined;

/** Lines of the stack, from where this function was called. */
function stackAbove(called: ((...given: never[]) => unknown) | undefined): string {
  const holder = { stack: '' };
  Error.captureStackTrace(holder, called ?? stackAbove);
  return holder.stack.split('\n').slice(1).join('\n');
}
