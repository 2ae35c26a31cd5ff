import { expect } from 'chai';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';

/** What a marble spec works with: rxjs's helpers, and the scheduler for what they don't cover. */
export type Marbles = RunHelpers & { readonly scheduler: TestScheduler };

/** Runs a spec on virtual time; one character of a diagram is one millisecond. */
export function marbles(spec: (helpers: Marbles) => void): void {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).to.deep.equal(expected);
  });
  scheduler.run((helpers) => {
    spec({ ...helpers, scheduler });
  });
}

/** Runs `action` at frame `ms`. */
export function at({ cold }: Marbles, ms: number, action: () => void): void {
  cold(ms === 0 ? 'a' : `${String(ms)}ms a`).subscribe(action);
}
