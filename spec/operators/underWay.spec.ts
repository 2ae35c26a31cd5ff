import { expect } from 'chai';
import { EMPTY, finalize, NEVER, type Observable, of, range, Subject, throwError } from 'rxjs';
import { createUnderWay, type UnderWay } from '../../src/operators/underWay.js';

/** What is under way, and what was heard of it. */
function listening(onNext: () => void = () => undefined): { readonly all: UnderWay<unknown>; readonly log: string[] } {
  const log: string[] = [];
  const all = createUnderWay<unknown>({
    next: (value) => {
      log.push(String(value));
      onNext();
    },
    error: (error) => log.push(`# ${String(error)}, ${String(all.size)} left`),
    complete: () => log.push(`|, ${String(all.size)} left`),
  });
  return { all, log };
}

describe('underWay', () => {
  it('tells what each of them emits, and of its end once it is counted no more', () => {
    const { all, log } = listening();
    const first = new Subject<string>();
    all.begin(first);
    all.begin(of('b'));
    all.begin(EMPTY);
    all.begin(throwError(() => new Error('no')));
    first.next('a');
    first.complete();
    expect(log).to.deep.equal(['b', '|, 1 left', '|, 1 left', '# Error: no, 1 left', 'a', '|, 0 left']);
  });

  it('unsubscribes all, in order, those too that emit while they are subscribed to', () => {
    const { all, log } = listening(() => {
      all.unsubscribe();
    });
    const torn: string[] = [];
    const noting = (name: string, source: Observable<unknown>): Observable<unknown> =>
      source.pipe(finalize(() => torn.push(name)));
    all.begin(noting('a', NEVER));
    all.begin(noting('b', NEVER));
    all.begin(noting('c', range(1_000)));
    expect(log).to.deep.equal(['0']);
    expect(torn).to.deep.equal(['a', 'b', 'c']);
    expect(all.size).to.equal(0);
  });

  it('unsubscribes the others where a teardown throws, and throws then', () => {
    const { all } = listening();
    const torn: string[] = [];
    all.begin(
      NEVER.pipe(
        finalize(() => {
          throw new Error('no');
        }),
      ),
    );
    all.begin(NEVER.pipe(finalize(() => torn.push('b'))));
    expect(() => {
      all.unsubscribe();
    }).to.throw('no');
    expect(torn).to.deep.equal(['b']);
  });

  it('bears one that ends another while all are unsubscribed', () => {
    const { all, log } = listening();
    const second = new Subject<string>();
    all.begin(
      NEVER.pipe(
        finalize(() => {
          second.complete();
        }),
      ),
    );
    all.begin(second);
    all.unsubscribe();
    expect(log).to.deep.equal(['|, 0 left']);
    expect(second.observed).to.equal(false);
  });
});
