import * as E from 'fp-ts/lib/Either.js';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  identity,
  ignoreElements,
  map,
  merge,
  type Observable,
  type OperatorFunction,
  tap,
  throwError,
} from 'rxjs';
import type { PublishResult } from './publishResult.js';
import type { TopicSubject } from './toTopic.js';

/**
 * Runs a source into a sink of its own, and emits the sink's results. An error of the source comes after them; with
 * `stopOnError` the first failure is the error.
 */
export function publishing<A>(
  source: Observable<A>,
  sink: TopicSubject<A>,
  stopOnError: boolean,
): Observable<PublishResult<A>> {
  const { next, complete } = sink;
  let end$: Observable<never> = EMPTY;
  // The results are the first to say that the source ended: once everything is published, and to whoever is still there.
  const publishing$ = source.pipe(
    tap({ next, complete }),
    ignoreElements(),
    catchError((error: unknown) => {
      end$ = throwError(() => error);
      complete();
      return EMPTY;
    }),
  );
  const results$ = concat(
    sink,
    defer(() => end$),
  );
  return merge(results$.pipe(stopOnError ? errorOfFailure(sink) : identity), publishing$);
}

/** Who asks for this has been told with the first failure; a process that dies of the next ones would be no service. */
function errorOfFailure<A>(sink: TopicSubject<A>): OperatorFunction<PublishResult<A>, PublishResult<A>> {
  return map((result) => {
    if (E.isRight(result)) return result;
    sink.subscribe();
    throw result.left.error;
  });
}
