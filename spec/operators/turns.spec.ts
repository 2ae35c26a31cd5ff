import { expect } from 'chai';
import type { Subscription } from 'rxjs';
import { createTurns } from '../../src/operators/turns.js';

describe('turns', () => {
  /** Takes turns, and writes down how they come. */
  function taking() {
    const turn$ = createTurns();
    const log: string[] = [];
    const take = (name: string, during: () => void = () => undefined): Subscription =>
      turn$.subscribe({
        next: () => {
          log.push(`${name} begins`);
          during();
          log.push(`${name} ends`);
        },
        complete: () => log.push(`${name} completes`),
      });
    return { log, take };
  }
  const whole = (name: string): readonly string[] => [`${name} begins`, `${name} ends`, `${name} completes`];

  it('come at once, or after the one that is taken', () => {
    const { log, take } = taking();
    take('first', () => take('within', () => take('deeper')));
    take('later');
    expect(log).to.deep.equal(['first', 'within', 'deeper', 'later'].flatMap(whole));
  });

  it('are not for who left before', () => {
    const { log, take } = taking();
    take('first', () => {
      take('left').unsubscribe();
      take('stayed');
    });
    expect(log).to.deep.equal(['first', 'stayed'].flatMap(whole));
  });
});
