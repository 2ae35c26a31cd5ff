import { expect } from 'chai';
import { concat, NEVER, of, type Subscription, throwError, timer } from 'rxjs';
import { createTurns } from '../../src/operators/turns.js';
import { marbles } from '../helpers/marbles.js';

describe('turns', () => {
  /** Takes turns, and writes down how they come. */
  function taking() {
    const inTurn = createTurns();
    const log: string[] = [];
    const take = (name: string, during: () => void = () => undefined): Subscription =>
      inTurn(of(name)).subscribe({
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

  it('pass on what they are given to, and end it with the subscriber', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const inTurn = createTurns();
      for (const diagram of ['-', '|', '--a|', '(ab)-c|', 'a-#']) expectObservable(inTurn(cold(diagram))).toBe(diagram);
      const source = cold('              -a-b-c-|');
      const unsubscribed = '             ----!';
      expectObservable(inTurn(source), unsubscribed).toBe('-a-b');
      expectSubscriptions(source.subscriptions).toBe('   ^---!');
    });
  });

  it('are over once it is subscribed to: what goes on holds nobody up, nor what fails', () => {
    const inTurn = createTurns();
    const log: string[] = [];
    inTurn(concat(of('a'), NEVER)).subscribe((value) => log.push(value));
    inTurn(throwError(() => new Error('no'))).subscribe({ error: () => log.push('no') });
    inTurn(of('b')).subscribe((value) => log.push(value));
    inTurn(timer(1_000)).subscribe().unsubscribe();
    expect(log).to.deep.equal(['a', 'no', 'b']);
  });
});
