import { expect } from 'chai';
import { EMPTY, finalize, NEVER, of, range, take, tap, throwError, timer } from 'rxjs';
import { contained } from '../../src/operators/contained.js';
import { marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const thrower = finalize<string>(() => {
  throw new Error('released twice');
});

describe('contained', () => {
  const unhandled = watchUnhandled();
  const reports = (): readonly string[] => unhandled().map((error) => (error as Error).name);

  it('passes on never, empty, one, many and an error, and unsubscribes with the subscriber', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      for (const diagram of ['-', '|', '--a|', '-a(bc)-|', 'a-#']) {
        const source = cold(diagram);
        expectObservable(source.pipe(contained())).toBe(diagram);
      }
      const source = cold(' -a-b-c-|');
      const unsubscribed = '----!';
      const expected = '    -a-b';
      expectObservable(source.pipe(contained()), unsubscribed).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
    expect(reports()).to.deep.equal([]);
  });

  it('keeps what the teardown throws from the completion, the error and the one who unsubscribes', () => {
    marbles(({ cold, expectObservable, flush }) => {
      expectObservable(cold('--a|').pipe(thrower, contained())).toBe('--a|');
      expectObservable(cold('--#').pipe(thrower, contained())).toBe('--#');
      expectObservable(cold('-a--').pipe(thrower, contained()), '--!').toBe('-a');
      flush();
    });
    expect(reports()).to.deep.equal(['UnsubscriptionError', 'UnsubscriptionError', 'UnsubscriptionError']);
  });

  it('does so where the source ends as it is subscribed', () => {
    marbles(({ expectObservable }) => {
      const fault = new Error('no');
      expectObservable(of('a').pipe(thrower, contained())).toBe('(a|)');
      expectObservable(EMPTY.pipe(thrower, contained())).toBe('|');
      expectObservable(throwError(() => fault).pipe(thrower, contained())).toBe('#', {}, fault);
    });
  });

  it('stops a source that emits without pause', () => {
    let taken = 0;
    range(1_000)
      .pipe(
        tap(() => (taken += 1)),
        contained(),
        take(2),
      )
      .subscribe();
    expect(taken).to.be.lessThan(4);
  });

  it('ends the source when the subscriber leaves as it is told of the first value', () => {
    let torndown = 0;
    const source = of('a').pipe(finalize(() => (torndown += 1)));
    source.pipe(contained(), take(1)).subscribe();
    timer(0).pipe(contained()).subscribe().unsubscribe();
    NEVER.pipe(contained()).subscribe().unsubscribe();
    expect(torndown).to.equal(1);
  });
});
