import { expect } from 'chai';
import { catchError, concat, defer, delayWhen, of, throwError, timer } from 'rxjs';
import { AWSConnectionError } from '../../src/errors.js';
import { retryWithBackoff } from '../../src/operators/retryWithBackoff.js';
import { marbles } from '../helpers/marbles.js';

const fixed = { initialMs: 3, factor: 1, jitter: 'none' } as const;
const fatal = new AWSConnectionError({ operation: 'ReceiveMessage', code: 'AccessDenied', retryable: false });
const transient = new AWSConnectionError({ operation: 'ReceiveMessage', code: 'Throttling', retryable: true });

describe('retryWithBackoff', () => {
  it('subscribes again after the delay, and errors with the last error once the retries are used up', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -a-#                ');
      const subs = [
        '                    ^--!                ',
        '                    ------^--!          ',
        '                    ------------^--!    ',
      ];
      const expected = '     -a-----a-----a-#    ';
      expectObservable(source.pipe(retryWithBackoff({ maxRetries: 2, backoff: fixed }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('waits as long as the backoff says for each attempt', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  #                   ');
      const subs = [
        '                    (^!)                ',
        '                    -(^!)               ',
        '                    ---(^!)             ',
        '                    -------(^!)         ',
      ];
      const expected = '     -------#            ';
      const backoff = { initialMs: 1, jitter: 'none' } as const;
      expectObservable(source.pipe(retryWithBackoff({ backoff }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('takes a function for the backoff', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('  #                   ');
      const expected = '     ---------#          ';
      const backoff = (attempt: number): number => (attempt === 1 ? 4 : 5);
      expectObservable(source.pipe(retryWithBackoff({ maxRetries: 2, backoff }))).toBe(expected);
    });
  });

  it('by default makes three retries, each within its bound of 1, 2 and 4 s', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const delays: number[] = [];
      const source = cold('#', undefined, transient);
      const onRetry = (_error: unknown, _attempt: number, delayMs: number): void => void delays.push(delayMs);
      const count = source.pipe(
        retryWithBackoff({ onRetry }),
        catchError(() => of(source.subscriptions.length)),
        delayWhen(() => timer(7_000 - delays.reduce((sum, delayMs) => sum + delayMs, 0))),
      );
      expectObservable(count).toBe('7s (n|)', { n: 4 });
      flush();
      expect(delays.map((delayMs, index) => delayMs <= 1_000 * 2 ** index)).to.deep.equal([true, true, true]);
    });
  });

  it('lets a source that recovers go on, and completes with it', () => {
    marbles(({ cold, expectObservable }) => {
      const failing = cold(' -a-#                ');
      const healed = cold('        -b-c|         ');
      const expected = '     -a-----b-c|         ';
      const sources = [failing, healed];
      const source = defer(() => sources.shift() ?? healed);
      expectObservable(source.pipe(retryWithBackoff({ backoff: fixed }))).toBe(expected);
    });
  });

  it('counts for each subscriber on its own', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -#                  ');
      const early = '        ^------             ';
      const expectedEarly = '-----#              ';
      const late = '         --^------           ';
      const expectedLate = ' -------#            ';
      const subs = [
        '                    ^!                  ',
        '                    --^!                ',
        '                    ----^!              ',
        '                    ------^!            ',
      ];
      const retried = source.pipe(retryWithBackoff({ maxRetries: 1, backoff: fixed }));
      expectObservable(retried, early).toBe(expectedEarly);
      expectObservable(retried, late).toBe(expectedLate);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('counts anew after a value with resetOnSuccess', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a#                  ');
      const unsub = '        ---------!          ';
      const expected = '     a---a---a-          ';
      const subs = [
        '                    ^!                  ',
        '                    ----^!              ',
        '                    --------^!          ',
      ];
      const options = { maxRetries: 1, backoff: fixed, resetOnSuccess: true };
      expectObservable(source.pipe(retryWithBackoff(options)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('retries what says it is retryable, and what says nothing; not what says it is not', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = cold(' -#', undefined, fatal);
      const passing = cold(' -#', undefined, transient);
      const foreign = cold(' -#', undefined, 'a text');
      const options = { maxRetries: 1, backoff: fixed };
      expectObservable(refused.pipe(retryWithBackoff(options))).toBe('-#    ', undefined, fatal);
      expectObservable(passing.pipe(retryWithBackoff(options))).toBe('-----#', undefined, transient);
      expectObservable(foreign.pipe(retryWithBackoff(options))).toBe('-----#', undefined, 'a text');
      expectSubscriptions(refused.subscriptions).toBe('              ^!    ');
      expectSubscriptions(passing.subscriptions).toBe(['             ^!', '----^!']);
    });
  });

  it('asks shouldRetry with the error and the number of the attempt', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const asked: unknown[] = [];
      const source = cold('  #', undefined, fatal);
      const expected = '     ---#';
      const shouldRetry = (error: unknown, attempt: number): boolean => asked.push([error, attempt]) < 2;
      const result = source.pipe(retryWithBackoff({ backoff: fixed, shouldRetry }));
      expectObservable(result).toBe(expected, undefined, fatal);
      flush();
      expect(asked).to.deep.equal([
        [fatal, 1],
        [fatal, 2],
      ]);
    });
  });

  it('tells onRetry of each retry before its delay, and not of the end', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const told: unknown[] = [];
      const source = cold('  #', undefined, transient);
      const expected = '     ---#';
      const onRetry = (...retry: unknown[]): void => void told.push(retry);
      expectObservable(source.pipe(retryWithBackoff({ maxRetries: 2, backoff: (n) => n, onRetry }))).toBe(
        expected,
        undefined,
        transient,
      );
      flush();
      expect(told).to.deep.equal([
        [transient, 1, 1],
        [transient, 2, 2],
      ]);
    });
  });

  it('errors with what a callback throws', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const thrown = new Error('thrown');
      const source = cold('  -#                  ');
      const subs = '         ^!                  ';
      const boom = (): never => {
        throw thrown;
      };
      expectObservable(source.pipe(retryWithBackoff({ shouldRetry: boom }))).toBe('-#', undefined, thrown);
      expectObservable(source.pipe(retryWithBackoff({ backoff: boom }))).toBe('    -#', undefined, thrown);
      expectObservable(source.pipe(retryWithBackoff({ onRetry: boom }))).toBe('    -#', undefined, thrown);
      expectSubscriptions(source.subscriptions).toBe([subs, subs, subs]);
    });
  });

  it('with no retries passes the error on at once', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -#                  ');
      const subs = '         ^!                  ';
      expectObservable(source.pipe(retryWithBackoff({ maxRetries: 0 }))).toBe('-#');
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('never, empty, one, many', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const many = cold('    -a-b-(c|)           ');
      const subs = '         ^----!              ';
      expectObservable(cold('-').pipe(retryWithBackoff())).toBe('-');
      expectObservable(cold('|').pipe(retryWithBackoff())).toBe('|');
      expectObservable(cold('(a|)').pipe(retryWithBackoff())).toBe('(a|)');
      expectObservable(many.pipe(retryWithBackoff())).toBe('-a-b-(c|)');
      expectSubscriptions(many.subscriptions).toBe(subs);
    });
  });

  it('leaves the source, and the delay, on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  --a--               ');
      const failing = cold(' -#                  ');
      const unsub = '        ---!                ';
      const subs = '         ^--!                ';
      expectObservable(source.pipe(retryWithBackoff({ backoff: fixed })), unsub).toBe('--a-');
      expectObservable(failing.pipe(retryWithBackoff({ backoff: fixed })), unsub).toBe('----');
      expectSubscriptions(source.subscriptions).toBe(subs);
      expectSubscriptions(failing.subscriptions).toBe('                       ^!');
    });
  });

  it('takes a source that errors synchronously', () => {
    marbles(({ expectObservable }) => {
      const source = concat(
        of('a'),
        throwError(() => transient),
      );
      const expected = '     a--a--(a#)          ';
      expectObservable(source.pipe(retryWithBackoff({ maxRetries: 2, backoff: fixed }))).toBe(
        expected,
        undefined,
        transient,
      );
    });
  });

  it('names the option that is out of its range, at once', () => {
    expect(() => retryWithBackoff({ maxRetries: NaN })).to.throw(
      RangeError,
      'maxRetries: expected a number of at least 0',
    );
    expect(() => retryWithBackoff({ backoff: { factor: 0 } })).to.throw(
      RangeError,
      'factor: expected a number of at least 1',
    );
  });
});
