import { catchError, concatMap, defer, last, map, type Observable, of } from 'rxjs';

/** A course of steps, each an Observable whose last value the course goes on with. */
export type Script<T = void> = Generator<Observable<unknown>, T, unknown>;

/** One step, typed: what `yield` gives back is what became of the step that was handed to it. */
export function* run<T>(step$: Observable<T>): Script<T> {
  return (yield step$) as T;
}

/**
 * Plays a script from its beginning for each subscriber. A step's error is thrown where the script waits for it. There is no
 * promise in it, so that it runs in virtual time as in real time.
 *
 * ```text
 * script   step 1, step 2, return r
 * step 1   --a|
 * step 2      -b|
 * result   -----(r|)
 * ```
 */
export function played<T>(script: () => Script<T>): Observable<T> {
  return defer(() => {
    const course = script();
    const on = (resume: () => IteratorResult<Observable<unknown>, T>): Observable<T> =>
      defer(() => {
        const step = resume();
        if (step.done === true) return of(step.value);
        return step.value.pipe(
          last(),
          map((value) => () => course.next(value)),
          catchError((error: unknown) => of(() => course.throw(error))),
          concatMap(on),
        );
      });
    return on(() => course.next());
  });
}
