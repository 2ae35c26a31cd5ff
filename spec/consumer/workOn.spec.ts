import { expect } from 'chai';
import {
  EMPTY,
  finalize,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  range,
  Subject,
  take,
  tap,
  throwError,
} from 'rxjs';
import type { HandlerContext } from '../../src/consumer/handlerContext.js';
import { workOn } from '../../src/consumer/workOn.js';
import { MessageProcessingError } from '../../src/errors.js';
import type { Message } from '../../src/message/message.js';
import { settlementLog } from '../helpers/fakeMessage.js';
import { at, marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

interface Work {
  readonly result$: Observable<unknown>;
  /** What was heard: completed, lost, or the error. */
  readonly heard: unknown[];
}

function work(
  project: (value: string, message: Message<string>, context: HandlerContext) => ObservableInput<unknown>,
  { timeoutMs = Infinity, lost$ = NEVER }: { timeoutMs?: number; lost$?: Observable<void> } = {},
): Work {
  const heard: unknown[] = [];
  const result$ = workOn(settlementLog().message('m', { lost$ }), {
    project,
    timeoutMs,
    onCompleted: () => heard.push('completed'),
    onFailed: (error) => heard.push(error),
    onLost: () => heard.push('lost'),
  });
  return { result$, heard };
}

const failure = new Error('no');

describe('workOn', () => {
  it('passes values on, completes with the work, and says how that ended', () => {
    marbles((m) => {
      const cases = [
        ['-     ', '-     ', []],
        ['|     ', '|     ', ['completed']],
        ['--a|  ', '--a|  ', ['completed']],
        ['-a(bc)-|', '-a(bc)-|', ['completed']],
        ['a-#   ', 'a-|   ', [failure]],
        ['#     ', '|     ', [failure]],
      ] as const;
      const works = cases.map(([source]) => work(() => m.cold(source, undefined, failure)));
      for (const [index, [, expected]] of cases.entries())
        m.expectObservable(works[index]?.result$ ?? EMPTY).toBe(expected);
      m.flush();
      expect(works.map(({ heard }) => heard)).to.deep.equal(cases.map(([, , heard]) => heard));
    });
  });

  it('takes a throw for a failure, and promises and iterables for work', async () => {
    const throwing = work(() => {
      throw failure;
    });
    const values: unknown[] = [];
    await throwing.result$.forEach((value) => values.push(value));
    await work(() => Promise.resolve(1)).result$.forEach((value) => values.push(value));
    await work(() => [7, 8]).result$.forEach((value) => values.push(value));
    expect(values).to.deep.equal([1, 7, 8]);
    expect(throwing.heard).to.deep.equal([failure]);
  });

  it('is cold: each subscription is work of its own', () => {
    let begun = 0;
    const { result$ } = work(() => of((begun += 1)));
    expect(begun).to.equal(0);
    result$.subscribe();
    result$.subscribe();
    expect(begun).to.equal(2);
  });

  it('is cancelled by unsubscribe, and says nothing then', () => {
    marbles((m) => {
      const source = m.cold('  -a-b-c-|');
      const unsubscribed = '   ----!';
      const expected = '       -a-b';
      const { result$, heard } = work(() => source);
      m.expectObservable(result$, unsubscribed).toBe(expected);
      m.expectSubscriptions(source.subscriptions).toBe('^---!');
      m.flush();
      expect(heard).to.deep.equal([]);
    });
  });

  it('is cancelled when it takes too long, and has failed then', () => {
    marbles((m) => {
      const source = m.cold('  -a-------');
      const subscribed = '     ^---!    ';
      const expected = '       -a--|    ';
      const { result$, heard } = work(() => source, { timeoutMs: 4 });
      m.expectObservable(result$).toBe(expected);
      m.expectSubscriptions(source.subscriptions).toBe(subscribed);
      m.flush();
      expect(heard).to.have.length(1);
      expect(heard[0]).to.be.instanceOf(MessageProcessingError);
    });
  });

  it('passes on no value once it took too long', () => {
    const source = new Subject<string>();
    const values: unknown[] = [];
    marbles((m) => {
      const result$ = workOn(settlementLog().message('m'), {
        project: () => source,
        timeoutMs: 3,
        onCompleted: () => expect.fail('completed'),
        onFailed: () => {
          source.next('late');
        },
        onLost: () => expect.fail('lost'),
      });
      at(m, 0, () => {
        result$.subscribe((value) => values.push(value));
        source.next('early');
      });
      m.flush();
    });
    expect(values).to.deep.equal(['early']);
  });

  it('is cancelled when the lease is lost, and never begins where it was lost before', () => {
    marbles((m) => {
      const source = m.cold('      -a-------');
      const lost$: Observable<void> = m.hot('---l');
      const subscribed = '         ^--!     ';
      const expected = '           -a-|     ';
      const { result$, heard } = work(() => source, { lost$ });
      m.expectObservable(result$).toBe(expected);
      m.expectSubscriptions(source.subscriptions).toBe(subscribed);
      const late = work(() => expect.fail('begun'), { lost$: of(undefined) });
      m.expectObservable(late.result$).toBe('|');
      m.flush();
      expect([heard, late.heard]).to.deep.equal([['lost'], ['lost']]);
    });
  });

  it('stops a source that emits without pause when the subscriber leaves, and has not completed then', () => {
    let taken = 0;
    const { result$, heard } = work(() => range(1_000).pipe(tap(() => (taken += 1))));
    result$.pipe(take(2)).subscribe();
    expect(taken).to.be.lessThan(4);
    const one = work(() => of('a'));
    one.result$.pipe(take(1)).subscribe();
    expect([heard, one.heard]).to.deep.equal([[], []]);
  });

  it('ends the source when the subscriber leaves as it is told of the first value', () => {
    let torndown = 0;
    const source = of('a').pipe(finalize(() => (torndown += 1)));
    work(() => source)
      .result$.pipe(take(1))
      .subscribe();
    expect(torndown).to.equal(1);
  });
});

describe('the signal of workOn', () => {
  it('aborts when the work is cancelled, with the error of the timeout where that is why', () => {
    marbles((m) => {
      const aborts: string[] = [];
      const heeding = (name: string) =>
        function begin(_value: string, _message: unknown, { signal }: HandlerContext): Observable<never> {
          signal.addEventListener('abort', () => {
            aborts.push(`${name} ${String(m.scheduler.now())} ${(signal.reason as Error).name}`);
          });
          return NEVER;
        };
      const lost$: Observable<void> = m.hot('---l');
      m.expectObservable(work(heeding('left')).result$, '--!').toBe('-');
      m.expectObservable(work(heeding('lost'), { lost$ }).result$).toBe('---|');
      m.expectObservable(work(heeding('late'), { timeoutMs: 4 }).result$).toBe('----|');
      m.flush();
      expect(aborts).to.deep.equal(['left 2 AbortError', 'lost 3 AbortError', 'late 4 MessageProcessingError']);
    });
  });

  it('aborts once it is said what becomes of the message, which a late handler can not change', () => {
    marbles((m) => {
      let signal: AbortSignal | undefined;
      const seen: unknown[] = [];
      const result$ = workOn(settlementLog().message('m'), {
        project: (_value, _message, context) => {
          ({ signal } = context);
          return NEVER;
        },
        timeoutMs: 3,
        onCompleted: () => expect.fail('completed'),
        onFailed: () => seen.push(signal?.aborted),
        onLost: () => expect.fail('lost'),
      });
      m.expectObservable(result$).toBe('---|');
      m.flush();
      expect(seen).to.deep.equal([false]);
      expect(signal?.aborted).to.equal(true);
    });
  });

  it('aborts nothing that has completed or failed', () => {
    marbles((m) => {
      const signals: AbortSignal[] = [];
      const keeping =
        (source: string) =>
        (_value: string, _message: unknown, { signal }: HandlerContext): Observable<unknown> => {
          signals.push(signal);
          return m.cold(source);
        };
      m.expectObservable(work(keeping('--|'), { timeoutMs: 5 }).result$, '-------!').toBe('--|');
      m.expectObservable(work(keeping('--#'), { timeoutMs: 5 }).result$, '-------!').toBe('--|');
      m.flush();
      expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, false]);
    });
  });

  it('is one, made when it is asked for, and aborted already where that is too late', () => {
    const contexts: HandlerContext[] = [];
    const { result$ } = work((_value, _message, context) => {
      contexts.push(context);
      return NEVER;
    });
    result$.subscribe().unsubscribe();
    result$.subscribe().unsubscribe();
    const [first, second] = contexts.map(({ signal }) => signal);
    expect(first?.aborted).to.equal(true);
    expect(contexts[0]?.signal).to.equal(first);
    expect(second).not.to.equal(first);
  });

  it('stays where the context is spread', () => {
    let signal: unknown;
    const { result$ } = work((_value, _message, context) => {
      ({ signal } = { ...context });
      return EMPTY;
    });
    result$.subscribe();
    expect(signal).to.be.instanceOf(AbortSignal);
  });

  it('leaves no rejection of a cancelled promise unhandled', async () => {
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => (fail = reject));
    const { result$, heard } = work(() => late);
    result$.subscribe().unsubscribe();
    fail(failure);
    await Promise.allSettled([late]);
    // An unhandled rejection would fail the run as a whole.
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).to.deep.equal([]);
  });

  it('may be listened to by who leaves then: no more is told', () => {
    marbles((m) => {
      const at4: unknown[] = [];
      const { result$, heard } = work(
        (_value, _message, { signal }) => {
          signal.addEventListener('abort', () => {
            subscription?.unsubscribe();
          });
          return NEVER;
        },
        { timeoutMs: 4 },
      );
      let subscription: { unsubscribe(): void } | undefined;
      at(m, 0, () => {
        subscription = result$.subscribe({ complete: () => at4.push('complete') });
      });
      m.flush();
      expect(heard).to.have.length(1);
      expect(at4).to.deep.equal([]);
    });
  });
});

describe('work whose teardown throws', () => {
  const unhandled = watchUnhandled();
  const reports = (): readonly string[] => unhandled().map((error) => (error as Error).name);
  const thrower = <T>(): MonoTypeOperatorFunction<T> =>
    finalize(() => {
      throw new Error('released twice');
    });

  it('ends as it would else; what was thrown is reported', () => {
    marbles((m) => {
      m.expectObservable(work(() => m.cold('--a|').pipe(thrower())).result$).toBe('--a|');
      m.expectObservable(work(() => m.cold('--#').pipe(thrower())).result$).toBe('--|');
      m.expectObservable(work(() => m.cold('-a--').pipe(thrower())).result$, '--!').toBe('-a');
      m.expectObservable(work(() => m.cold('-a--').pipe(thrower()), { timeoutMs: 3 }).result$).toBe('-a-|');
    });
    expect(reports()).to.deep.equal(Array<string>(4).fill('UnsubscriptionError'));
  });

  it('does so where the work ends as it begins', () => {
    marbles((m) => {
      m.expectObservable(work(() => of('a').pipe(thrower())).result$).toBe('(a|)');
      m.expectObservable(work(() => EMPTY.pipe(thrower())).result$).toBe('|');
      m.expectObservable(work(() => throwError(() => failure).pipe(thrower())).result$).toBe('|');
    });
  });
});
