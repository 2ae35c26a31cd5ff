import { expect } from 'chai';
import { EMPTY, from, map, NEVER, type Observable, of, range, take, tap, timer } from 'rxjs';
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
});
