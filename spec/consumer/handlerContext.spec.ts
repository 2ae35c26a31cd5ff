import { expect } from 'chai';
import { identity, NEVER, type Observable, of, throwError } from 'rxjs';
import { cancellable, type HandlerContext } from '../../src/consumer/handlerContext.js';
import { within } from '../../src/consumer/within.js';
import { MessageProcessingError } from '../../src/errors.js';
import { settlementLog } from '../helpers/fakeMessage.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

const message = settlementLog().message('m');

/** Work whose signal is asked for at once, and when that aborts. */
function work(
  m: Marbles,
  inner: Observable<unknown>,
  timeoutMs = Infinity,
): { result$: Observable<unknown>; aborts: [number, unknown][] } {
  const aborts: [number, unknown][] = [];
  const begin = ({ signal }: HandlerContext): Observable<unknown> => {
    signal.addEventListener('abort', () => aborts.push([m.scheduler.now(), signal.reason]));
    return inner;
  };
  return { result$: cancellable(begin, within(timeoutMs, message)), aborts };
}

describe('cancellable', () => {
  it('aborts the signal when it is unsubscribed before its end', () => {
    marbles((m) => {
      const inner = m.cold('   --a--b---');
      const unsub = '          ----!    ';
      const expected = '       --a------';
      const { result$, aborts } = work(m, inner);
      m.expectObservable(result$, unsub).toBe(expected);
      m.expectSubscriptions(inner.subscriptions).toBe('^---!');
      m.flush();
      expect(aborts).to.have.length(1);
      expect(aborts[0]?.[0]).to.equal(4);
      expect(aborts[0]?.[1]).to.have.property('name', 'AbortError');
    });
  });

  it('aborts it with the error of the timeout', () => {
    marbles((m) => {
      const { result$, aborts } = work(m, m.cold('---------a|'), 5);
      result$.subscribe({
        error: (error: unknown) => {
          expect(error).to.be.instanceOf(MessageProcessingError);
          at(m, 0, () => {
            expect(aborts).to.deep.equal([[5, error]]);
          });
        },
      });
      m.flush();
      expect(aborts).to.have.length(1);
    });
  });

  it('aborts nothing that has completed, failed, or failed to begin', () => {
    marbles((m) => {
      const completes = work(m, m.cold('--|'), 5);
      const fails = work(m, m.cold('  --#'), 5);
      m.expectObservable(completes.result$, '-------!').toBe('--|');
      m.expectObservable(fails.result$, '    -------!').toBe('--#');
      const throws$ = cancellable((): Observable<never> => {
        throw new Error('no');
      }, identity);
      m.expectObservable(throws$).toBe('#', undefined, new Error('no'));
      m.flush();
      expect([...completes.aborts, ...fails.aborts]).to.deep.equal([]);
    });
  });

  it('has one signal, made when it is asked for, aborted already where that is too late', () => {
    const contexts: HandlerContext[] = [];
    const result$ = cancellable((context) => {
      contexts.push(context);
      return NEVER;
    }, identity);
    result$.subscribe().unsubscribe();
    result$.subscribe().unsubscribe();
    const [first, second] = contexts.map(({ signal }) => signal);
    expect(first?.aborted).to.equal(true);
    expect(contexts[0]?.signal).to.equal(first);
    expect(second).not.to.equal(first);
  });

  it('is cold, and takes promises and iterables', async () => {
    let begun = 0;
    const result$ = cancellable(() => {
      begun += 1;
      return Promise.resolve(begun);
    }, identity);
    expect(begun).to.equal(0);
    const values: number[] = [];
    await result$.forEach((value) => values.push(value));
    await cancellable(() => [7, 8], identity).forEach((value) => values.push(value));
    expect(values).to.deep.equal([1, 7, 8]);
  });

  it('leaves no rejection of a cancelled promise unhandled', async () => {
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => (fail = reject));
    const subscription = cancellable(() => late, identity).subscribe();
    subscription.unsubscribe();
    fail(new Error('too late'));
    await Promise.allSettled([late]);
    // An unhandled rejection would fail this spec's run as a whole.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('passes errors on', () => {
    const failure = new Error('x');
    marbles((m) => {
      m.expectObservable(cancellable(() => throwError(() => failure), identity)).toBe('#', undefined, failure);
      m.expectObservable(cancellable(() => of('a'), identity)).toBe('(a|)');
    });
  });
});
