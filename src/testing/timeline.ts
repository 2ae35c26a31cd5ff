import type { Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { differenceReport } from './differenceReport.js';
import { endOf } from './marbleDiagram.js';
import { marksOf } from './mark.js';

/** Virtual time with diagrams on it. It knows how long its longest diagram is, and what was not as expected. */
export interface Timeline extends Pick<
  RunHelpers,
  'hot' | 'cold' | 'time' | 'expectSubscriptions' | 'expectObservable'
> {
  /** Expects something of a stream; the title says what in a report. */
  expectStream(title: string, stream$: Observable<unknown>): Pick<ReturnType<RunHelpers['expectObservable']>, 'toBe'>;
  /** Does something at the frame of a diagram. */
  at(frame: number, action: () => void): void;
  /** Verifies something when the test has run: what it returns is a report of a failure. */
  verify(check: () => string | undefined): void;
  /** Says that there is something until this frame. */
  lastsTo(frame: number): void;
  /** Runs from now to so many frames after the end of the longest diagram. */
  run(overtime: number): void;
  /** Runs so many frames more. */
  runOn(frames: number): void;
  /** What was not as expected, a report each. */
  failures(): readonly string[];
}

/** An expectation; ready once it has its diagram. */
interface Expectation {
  readonly title: string;
  letters?: ReadonlyMap<string, unknown>;
}

/** Runs `play` in run mode, on a timeline of its own. */
export function withTimeline(play: (timeline: Timeline) => void): void {
  const expectations: Expectation[] = [];
  const failures: string[] = [];
  const checks: (() => string | undefined)[] = [];
  let compared = 0;
  let end = 0;

  const scheduler = new TestScheduler((actual: unknown, expected: unknown) => {
    // TestScheduler compares in the order in which expectations were made; none is without a diagram then.
    const { title = '', letters = new Map<string, unknown>() } = expectations[compared] ?? {};
    compared += 1;
    const [had, wanted] = [actual, expected].map((records) => marksOf(records as readonly unknown[]));
    const report = differenceReport({ title, letters, expected: wanted ?? [], actual: had ?? [] });
    if (report !== undefined) failures.push(report);
  });

  const lastsTo = (frame: number): void => {
    end = Math.max(end, frame);
  };
  const drawn = (marbles: string): string => {
    lastsTo(endOf(marbles));
    return marbles;
  };
  const open = (title: string): Expectation => {
    const expectation = { title };
    expectations.push(expectation);
    return expectation;
  };

  const expectNamed = <T>(title: string, source: Observable<T>, subscription?: string | null) => {
    const expectation = open(title);
    if (typeof subscription === 'string') drawn(subscription);
    const { toBe, toEqual } = scheduler.expectObservable(source, subscription ?? null);
    return {
      toBe: (marbles: string, values?: unknown, errorValue?: unknown): void => {
        expectation.letters = lettersFor(values);
        toBe(drawn(marbles), values, errorValue);
      },
      toEqual: (other$: Observable<T>): void => {
        expectation.letters = new Map();
        toEqual(other$);
      },
    };
  };

  scheduler.run((helpers) => {
    play({
      time: helpers.time,
      hot: (marbles, values, error) => helpers.hot(drawn(marbles), values, error),
      cold: (marbles, values, error) => helpers.cold(drawn(marbles), values, error),
      expectObservable: (stream$, subscription) => expectNamed('expectObservable', stream$, subscription),
      expectSubscriptions: (logs) => {
        const expectation = open('expectSubscriptions');
        const { toBe } = scheduler.expectSubscriptions(logs);
        return {
          toBe: (marbles) => {
            expectation.letters = new Map();
            [marbles].flat().forEach(drawn);
            toBe(marbles);
          },
        };
      },
      expectStream: (title, stream$) => expectNamed(title, stream$),
      at: (frame, action) => {
        lastsTo(frame);
        scheduler.schedule(action, frame);
      },
      verify: (check) => checks.push(check),
      lastsTo,
      run: (overtime) => {
        const open = expectations.find(({ letters }) => letters === undefined);
        if (open !== undefined) throw new Error(`${open.title} has no diagram: give it one by toBe(…)`);
        scheduler.maxFrames = end + overtime;
        scheduler.flush();
        failures.push(...checks.map((check) => check()).filter((report) => report !== undefined));
      },
      runOn: (frames) => {
        scheduler.maxFrames = scheduler.frame + frames;
        scheduler.flush();
      },
      failures: () => failures,
    });
  });
}

const lettersFor = (values: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof values === 'object' && values !== null ? Object.entries(values) : []);
