import { Observable } from 'rxjs';
import { classify } from './classify.js';
import type { AwsCalls } from './client.js';
import { OPERATIONS } from './operations.js';
import { resourceOf } from './resourceOf.js';

export type RequestOf<K extends keyof AwsCalls> = Parameters<AwsCalls[K]>[0];
export type ResponseOf<K extends keyof AwsCalls> = ReturnType<AwsCalls[K]> extends Observable<infer R> ? R : never;

/** A call of the port, made by `perform`: cold, with classified errors, its signal aborted by unsubscribe. */
export function abortableCall<K extends keyof AwsCalls>(
  name: K,
  perform: (request: RequestOf<K>, signal: AbortSignal) => Promise<ResponseOf<K>>,
): (request: RequestOf<K>) => Observable<ResponseOf<K>> {
  const operation = OPERATIONS[name];
  return (request) =>
    // `from(promise)` could not abort: the signal has to be made, and fired, by subscription and unsubscription.
    new Observable((subscriber) => {
      const controller = new AbortController();
      let isUnderWay = true;
      perform(request, controller.signal).then(
        (response) => {
          isUnderWay = false;
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => {
          isUnderWay = false;
          subscriber.error(classify(error, operation, resourceOf(request)));
        },
      );
      return () => {
        // An abort makes an error with its stack, which costs as much as a message: none for a call that is over.
        if (isUnderWay) controller.abort();
      };
    });
}
