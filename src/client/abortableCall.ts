import { Observable } from 'rxjs';
import { badResponse, classify } from './classify.js';
import type { AwsCalls } from './client.js';
import { withSignal } from './handOver.js';
import { OPERATIONS } from './operations.js';
import { resourceOf } from './resourceOf.js';

type RequestOf<K extends keyof AwsCalls> = Parameters<AwsCalls[K]>[0];
type ResponseOf<K extends keyof AwsCalls> = ReturnType<AwsCalls[K]> extends Observable<infer R> ? R : never;

/**
 * A call of the port: `command` is made of the request, `send` takes it to AWS, `read` makes our response of the answer. Cold,
 * with classified errors, aborted by unsubscribe. An answer that can't be read is a bad one.
 */
export function abortableCall<K extends keyof AwsCalls, Command extends { readonly input: object }, Answer>(
  name: K,
  command: (request: RequestOf<K>) => Command,
  send: (command: Command) => Promise<Answer>,
  read: (answer: Answer) => ResponseOf<K>,
): (request: RequestOf<K>) => Observable<ResponseOf<K>> {
  const operation = OPERATIONS[name];
  const call = async (request: RequestOf<K>, signal: AbortSignal): Promise<ResponseOf<K>> => {
    const answer = await send(withSignal(signal, command(request)));
    try {
      return read(answer);
    } catch {
      throw badResponse(operation, resourceOf(request));
    }
  };
  return (request) =>
    // `from(promise)` could not abort: the signal has to be made, and fired, by subscription and unsubscription.
    new Observable((subscriber) => {
      const controller = new AbortController();
      call(request, controller.signal).then(
        (response) => {
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => {
          subscriber.error(classify(error, operation, resourceOf(request)));
        },
      );
      return () => {
        controller.abort();
      };
    });
}
