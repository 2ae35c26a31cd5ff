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
    return concat(before$, work$).pipe(
      finalize(() => {
        if (ends.get(key) === end$) ends.delete(key);
        done.complete();
      }),
    );
  });
}
