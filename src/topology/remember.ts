import { defer, type Observable, of, ReplaySubject, share, tap } from 'rxjs';
import type { MessagingPort } from '../client/client.js';

const byPort = new WeakMap<MessagingPort, Map<string, Observable<unknown>>>();

/** Names found and lookups under way, for the life of a client. */
function memoryOf(port: MessagingPort): Map<string, Observable<unknown>> {
  const memory = byPort.get(port) ?? new Map<string, Observable<unknown>>();
  byPort.set(port, memory);
  return memory;
}

/** Remembers what a key stands for, for the life of the client. */
export function remember(port: MessagingPort, key: string, value: unknown): void {
  memoryOf(port).set(key, of(value));
}

/** Lets a key be looked up anew. */
export function forget(port: MessagingPort, key: string): void {
  memoryOf(port).delete(key);
}

/** What is remembered or being looked up. A key belongs to one kind of thing, hence the type the caller names. */
export function recall<T>(port: MessagingPort, key: string): Observable<T> | undefined {
  return memoryOf(port).get(key) as Observable<T> | undefined;
}

/**
 * Looks a thing up once: those who ask while a lookup is under way share it, its value is remembered, its error is not. A
 * lookup goes on while anybody waits for it.
 */
export function once<T>(port: MessagingPort, key: string, lookup: () => Observable<T>): Observable<T> {
  return defer(() => {
    const known$ = recall<T>(port, key);
    if (known$ !== undefined) return known$;
    // An error, or the leaving of all, resets it: who comes then looks up anew.
    const looking$ = defer(lookup).pipe(
      tap((value) => {
        remember(port, key, value);
      }),
      share({ connector: () => new ReplaySubject<T>(1) }),
    );
    memoryOf(port).set(key, looking$);
    return looking$;
  });
}
