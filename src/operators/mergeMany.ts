import { defer, groupBy, mergeAll, mergeMap, type Observable, type OperatorFunction } from 'rxjs';

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
    defer(() => {
      let serial = 0;
      return source.pipe(
        groupBy(() => (serial += 1) % GROUPS),
        mergeMap((group$) => group$.pipe(mergeAll(Infinity)), GROUPS),
      );
    });
}
