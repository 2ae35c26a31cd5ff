import { defer, filter, finalize, map, type Observable, ReplaySubject } from 'rxjs';
import type { AwsCalls, Call, MessagingClient } from '../../src/index.js';

type RequestOf<K extends keyof AwsCalls> = Parameters<AwsCalls[K]>[0];
type AnswerOf<K extends keyof AwsCalls> = ReturnType<AwsCalls[K]>;

/** What becomes of an answer on its way; `nth` counts the calls of this kind from 0. Subscribing makes the call. */
export type Detours = { readonly [K in keyof AwsCalls]?: (answer$: AnswerOf<K>, nth: number) => AnswerOf<K> };

/** A client of a broker whose calls can be drawn, each in the frame in which it is made. */
export interface WatchedClient extends MessagingClient {
  requests$<K extends keyof AwsCalls>(call: K): Observable<RequestOf<K>>;
  /** Receives under way, after each that began or ended. */
  readonly polls$: Observable<number>;
  /** Entries of each DeleteMessageBatch. */
  readonly deletes$: Observable<number>;
  /** Seconds asked for by each ChangeMessageVisibilityBatch, entry by entry: `30 30`. */
  readonly visibilities$: Observable<string>;
}

/** What happened before the frame in which somebody subscribes counts too: everything is told again. */
export function watchCalls(client: MessagingClient, detours: Detours = {}): WatchedClient {
  const requests = new ReplaySubject<{ readonly call: string; readonly request: unknown }>(Infinity);
  const polls = new ReplaySubject<number>(Infinity);
  const counts = new Map<string, number>();
  let underWay = 0;

  const watched = ([key, call]: [string, Call<unknown, unknown>]): [string, Call<unknown, unknown>] => {
    // A detour takes the answer of its own call, which is not to be seen from the key.
    const detour = detours[key as keyof AwsCalls] as
      ((answer$: Observable<unknown>, nth: number) => Observable<unknown>) | undefined;
    const begin = (request: unknown): Observable<unknown> => {
      const nth = counts.get(key) ?? 0;
      counts.set(key, nth + 1);
      requests.next({ call: key, request });
      return detour?.(call(request), nth) ?? call(request);
    };
    if (key !== 'receive') return [key, (request) => defer(() => begin(request))];
    return [
      key,
      (request) =>
        defer(() => {
          underWay += 1;
          polls.next(underWay);
          return begin(request).pipe(
            finalize(() => {
              underWay -= 1;
              polls.next(underWay);
            }),
          );
        }),
    ];
  };

  const requests$: WatchedClient['requests$'] = <K extends keyof AwsCalls>(call: K) =>
    requests.pipe(
      filter((made) => made.call === call),
      // The request of a call is of that call's type.
      map(({ request }) => request as RequestOf<K>),
    );

  const entries = Object.entries(client.port.calls as unknown as Record<string, Call<unknown, unknown>>).map(watched);
  return {
    ...client,
    // Each entry keeps its own request and answer: what watches them hands both through.
    port: { ...client.port, calls: Object.fromEntries(entries) as unknown as AwsCalls },
    requests$,
    polls$: polls.asObservable(),
    deletes$: requests$('deleteBatch').pipe(map(({ entries: { length } }) => length)),
    visibilities$: requests$('changeVisibilityBatch').pipe(
      map((request) => request.entries.map(({ visibilityTimeoutSeconds }) => visibilityTimeoutSeconds).join(' ')),
    ),
  };
}
