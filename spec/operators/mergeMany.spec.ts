import { expect } from 'chai';
import fc from 'fast-check';
import {
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  map,
  mergeAll,
  NEVER,
  type Observable,
  of,
  type OperatorFunction,
  range,
  Subject,
  take,
  tap,
  timer,
} from 'rxjs';
import { mergeMany } from '../../src/operators/mergeMany.js';
import { marbles } from '../helpers/marbles.js';

describe('mergeMany', () => {
  it('merges what its inners emit, as they do, and completes with the last of them', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const a = cold('   --1--2|   ');
      const b = cold('       -3----|');
      const source = hot<Observable<string>>('-a---b--|   ', { a, b });
      const expected = '  ---1--(23)-|';
      expectObservable(source.pipe(mergeMany())).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe('-^-----!');
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
  });

  it('never, empty, and the errors of source and inners', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(NEVER.pipe(mergeMany())).toBe('-');
      expectObservable(EMPTY.pipe(mergeMany())).toBe('|');
      const other = cold('--');
      expectObservable(cold<Observable<string>>('-(ab)', { a: cold('--#'), b: other }).pipe(mergeMany())).toBe('---#');
      expectSubscriptions(other.subscriptions).toBe('-^-!');
      const inner = cold('----');
      expectObservable(cold<Observable<string>>('a-#', { a: inner }).pipe(mergeMany())).toBe('--#');
      expectSubscriptions(inner.subscriptions).toBe('^-!');
    });
  });

  it('unsubscribes all of them with the subscriber', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const inners = { a: cold('---'), b: cold('-1-') };
      const source = cold<Observable<string>>('   a-b--', inners);
      const unsubscribed = '  ----!';
      expectObservable(source.pipe(mergeMany()), unsubscribed).toBe('---1');
      expectSubscriptions(inners.a.subscriptions).toBe('^---!');
      expectSubscriptions(inners.b.subscriptions).toBe('--^-!');
    });
  });

  it('keeps to a bound', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const inners = { a: cold('--1|'), b: cold('-2|'), c: cold('-3|') };
      const source = cold<Observable<string>>('(abc|)', inners);
      expectObservable(source.pipe(mergeMany(2))).toBe('-213|');
      expectSubscriptions(inners.c.subscriptions).toBe('--^-!');
    });
  });

  it('merges more than there are groups, in the order in which they emit', () => {
    const values: number[] = [];
    range(1_000)
      .pipe(
        map((number): Observable<number> => of(number)),
        mergeMany(),
      )
      .subscribe((value) => values.push(value));
    expect(values).to.deep.equal(Array.from({ length: 1_000 }, (_, number) => number));
    marbles(({ flush }) => {
      const late: number[] = [];
      range(300)
        .pipe(
          map((number) => timer(300 - number).pipe(map(() => number))),
          mergeMany(),
        )
        .subscribe((value) => late.push(value));
      flush();
      expect(late).to.deep.equal(Array.from({ length: 300 }, (_, index) => 299 - index));
    });
  });

  it('begins no more once the subscriber has left, also by a synchronous source', () => {
    let begun = 0;
    const inner$ = of(1).pipe(tap(() => (begun += 1)));
    from(Array<Observable<number>>(500).fill(inner$)).pipe(mergeMany(), take(3)).subscribe();
    expect(begun).to.equal(3);
  });

  it('is cold', () => {
    const result$ = of(of(1), of(2)).pipe(mergeMany());
    const values: number[] = [];
    for (let times = 0; times < 2; times += 1) result$.subscribe((value) => values.push(value));
    expect(values).to.deep.equal([1, 2, 1, 2]);
  });

  it('leaves the source before the inners, as mergeAll does: nothing begins while they are cancelled', () => {
    for (const bound of [Infinity, 100]) {
      const source = new Subject<Observable<string>>();
      const log: string[] = [];
      const inner = (name: string): Observable<string> =>
        defer(() => {
          log.push(`+${name}`);
          return NEVER.pipe(
            finalize(() => {
              log.push(`-${name}`);
              if (name === '1') source.next(inner('late'));
            }),
          );
        });
      const merging = source.pipe(mergeMany(bound)).subscribe();
      for (let count = 0; count < 66; count += 1) source.next(inner(String(count)));
      merging.unsubscribe();
      expect(log).not.to.include('+late');
      expect(log.slice(66)).to.have.length(66);
      expect(source.observed).to.equal(false);
    }
  });

  it('is mergeAll, for random inners, also for those that bring others', () => {
    const innersThatBring = (brings: fc.Arbitrary<readonly Inner[]>): fc.Arbitrary<Inner> =>
      fc.record({ at: fc.nat(40), lastsMs: fc.nat(20), values: fc.nat(3), brings });
    const inners = innersThatBring(fc.array(innersThatBring(fc.constant([])), { maxLength: 2 }));
    const ends = fc.record({
      at: fc.integer({ min: 10, max: 90 }),
      how: fc.constantFrom('complete', 'error', 'leave'),
    });
    fc.assert(
      fc.property(fc.array(inners, { minLength: 1, maxLength: 150 }), ends, (all, end) => {
        expect(logOf(all, end, mergeMany())).to.deep.equal(logOf(all, end, mergeAll()));
      }),
      { numRuns: 200 },
    );
  });
});

interface Inner {
  readonly at: number;
  readonly lastsMs: number;
  readonly values: number;
  readonly brings: readonly Inner[];
}

/** What happens, and when, until the source ends or the subscriber leaves; then whether the source is left. */
function logOf(
  inners: readonly Inner[],
  { at: endsAt, how }: { readonly at: number; readonly how: string },
  merge: OperatorFunction<Observable<string>, string>,
): readonly string[] {
  const log: string[] = [];
  marbles(({ scheduler, flush }) => {
    const source = new Subject<Observable<string>>();
    let names = 0;
    const note = (what: string): void => {
      log.push(`${scheduler.now()} ${what}`);
    };
    const innerOf = ({ lastsMs, values, brings }: Inner): Observable<string> => {
      names += 1;
      const name = String(names);
      return defer(() => {
        note(`+${name}`);
        for (const brought of brings) source.next(innerOf(brought));
        return concat(range(values), timer(lastsMs).pipe(ignoreElements())).pipe(map((value) => `${name} ${value}`));
      });
    };
    const merging = source.pipe(merge).subscribe({
      next: note,
      error: () => {
        note('#');
      },
      complete: () => {
        note('|');
      },
    });
    for (const inner of inners) {
      timer(inner.at).subscribe(() => {
        source.next(innerOf(inner));
      });
    }
    timer(endsAt).subscribe(() => {
      if (how === 'complete') source.complete();
      else if (how === 'error') source.error(new Error('source'));
      else merging.unsubscribe();
    });
    flush();
    note(String(source.observed));
  });
  return log;
}
