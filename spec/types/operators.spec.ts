/** Guards: a retry that widens what it retries. */
import { expectTypeOf } from 'expect-type';
import { type Observable, of } from 'rxjs';
import { type Backoff, exponentialBackoff, retryWithBackoff } from '../../src/index.js';

describe('types: retryWithBackoff', () => {
  it('keeps the type of the source', () => {
    expectTypeOf(of({ id: 'a' } as const).pipe(retryWithBackoff())).toEqualTypeOf<Observable<{ readonly id: 'a' }>>();
    expectTypeOf(of(1).pipe(retryWithBackoff({ maxRetries: 2, backoff: { initialMs: 1 } }))).toEqualTypeOf<
      Observable<number>
    >();
  });

  it('takes a backoff as a function or as its options, and nothing else', () => {
    expectTypeOf(exponentialBackoff()).toEqualTypeOf<Backoff>();
    retryWithBackoff({ backoff: (attempt) => attempt * 10 });
    retryWithBackoff({ backoff: exponentialBackoff({ maxMs: 1_000 }) });
    // @ts-expect-error -- neither
    retryWithBackoff({ backoff: 'soon' });
  });
});
