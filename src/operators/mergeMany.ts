import { mergeAll, Observable, type OperatorFunction, Subject, takeUntil } from 'rxjs';
import { createUnderWay } from './underWay.js';

/**
 * `mergeAll` for thousands at once. That of RxJS looks for an inner that has ended among all that are under way; here it is found
 * in one step. Where a bound is given, that is how many there are at most, and it is that of RxJS.
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
    // No operator of RxJS finds an inner in one step.
    new Observable((subscriber) => {
      const left = new Subject<void>();
      let isComplete = false;
      const completeWhenDone = (): void => {
        if (isComplete && inners.size === 0) subscriber.complete();
      };
      const error = (fault: unknown): void => {
        subscriber.error(fault);
      };
      const inners = createUnderWay<T>({
        next: (value) => {
          subscriber.next(value);
        },
        error,
        complete: completeWhenDone,
      });
      // First the source: nothing may begin while what is under way is cancelled.
      subscriber.add(() => {
        left.next();
        inners.unsubscribe();
      });
      source.pipe(takeUntil(left)).subscribe({
        next: inners.begin,
        error,
        complete: () => {
          isComplete = true;
          completeWhenDone();
        },
      });
    });
}
