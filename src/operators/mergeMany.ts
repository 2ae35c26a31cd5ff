import { groupBy, mergeAll, mergeMap, Observable, type OperatorFunction, Subject, takeUntil } from 'rxjs';

/** Inners are merged in so many groups. */
const GROUPS = 64;

/**
 * `mergeAll` for thousands at once. That of RxJS looks for an inner that has ended among all that are under way; here it does
 * so in one of 64 groups. Where a bound is given, that is how many there are at most, and there is one group.
 *
 * ```text
 * source      -a---b--|
 * a            --1--2|
 * b                -3----|
 * mergeMany   ---1-32-----|
 * ```
 */
export function mergeMany<T>(concurrency = Infinity): OperatorFunction<Observable<T>, T> {
  if (concurrency < Infinity) return mergeAll(concurrency);
  return (source) =>
    new Observable((subscriber) => {
      const left = new Subject<void>();
      // `groupBy` would hold on to the source until its last group is left: nothing may begin while what is under way is cancelled.
      subscriber.add(() => {
        left.next();
      });
      let serial = 0;
      source
        .pipe(
          takeUntil(left),
          groupBy(() => (serial += 1) % GROUPS),
          mergeMap((group$) => group$.pipe(mergeAll(Infinity)), GROUPS),
        )
        .subscribe(subscriber);
    });
}
