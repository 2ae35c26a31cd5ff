import { concat, defer, EMPTY, finalize, type Observable, ReplaySubject } from 'rxjs';
import type { MessagingPort } from '../client/client.js';

const byPort = new WeakMap<MessagingPort, Map<string, Observable<never>>>();

/** Works on a thing after all who came before on this client have ended, whatever way they did. */
export function inTurn<T>(port: MessagingPort, key: string, work$: Observable<T>): Observable<T> {
  return defer(() => {
    const ends = byPort.get(port) ?? new Map<string, Observable<never>>();
    byPort.set(port, ends);
    const before$ = ends.get(key) ?? EMPTY;
    const done = new ReplaySubject<never>(1);
    // Whoever leaves before its turn leaves its place to those behind it, who still wait for those before.
    const end$ = concat(before$, done);
    ends.set(key, end$);
    let hasBegun = false;
    const leave = (): void => {
      if (ends.get(key) === end$) {
        if (hasBegun) ends.delete(key);
        else ends.set(key, before$);
      }
      done.complete();
    };
    const begun$ = defer(() => {
      hasBegun = true;
      // Right at the work: those behind it begin once its call is aborted, not before.
      return work$.pipe(finalize(leave));
    });
    return concat(before$, begun$).pipe(
      finalize(() => {
        if (!hasBegun) leave();
      }),
    );
  });
}
