import { asyncScheduler, defer, type Observable, takeUntil, tap, throwError, throwIfEmpty, timeout } from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import { errorInfo, type MessagingEvent } from '../events.js';
import type { AwsCalls, Call } from './client.js';
import { OPERATIONS } from './operations.js';

/** What the wrapped calls need to know of their client. */
export interface CallWitness {
  readonly listening: () => boolean;
  readonly emit: (event: () => MessagingEvent) => void;
  /** Emits, to late subscribers too, when the client is closed: calls under way end, none is made after. */
  readonly closed$: Observable<void>;
  /** Milliseconds after which a call without an answer is given up, a long poll's wait not counted. */
  readonly timeoutMs: number;
}

/** Wraps every call: a time limit, `called` and `throttled` events while somebody listens, none on a closed client. */
export function observeCalls(calls: AwsCalls, witness: CallWitness): AwsCalls {
  const wrapped = Object.entries(OPERATIONS).map(([key, operation]) => [
    key,
    observeCall(operation, calls[key as keyof AwsCalls] as Call<unknown, unknown>, witness),
  ]);
  // Each entry keeps its own request and response: the wrapper hands both through.
  return Object.fromEntries(wrapped) as AwsCalls;
}

function observeCall(operation: string, call: Call<unknown, unknown>, witness: CallWitness): Call<unknown, unknown> {
  return (request) =>
    defer(() => {
      let isUnderWay = false;
      const begun$ = defer(() => {
        isUnderWay = true;
        return call(request);
      });
      const answered$ = begun$.pipe(
        timeout({ first: timeLimit(request, witness.timeoutMs), with: () => throwError(() => timedOut(operation)) }),
        takeUntil(witness.closed$),
        throwIfEmpty(() => clientClosed(operation, isUnderWay)),
      );
      return witness.listening() ? answered$.pipe(report(operation, request, witness)) : answered$;
    });
}

/** What any call on a closed client fails with. */
export function clientClosed(operation: string, outcomeUnknown = false): AWSConnectionError {
  return new AWSConnectionError({
    operation,
    code: 'ClientClosed',
    retryable: false,
    outcomeUnknown,
    detail: 'close() was called on this client',
  });
}

/** What a call without an answer fails with. */
export function timedOut(operation: string): AWSConnectionError {
  const detail = 'no answer in time';
  return new AWSConnectionError({ operation, code: 'Timeout', retryable: true, outcomeUnknown: true, detail });
}

/** A long poll may wait before its time limit begins to run. */
function timeLimit(request: unknown, timeoutMs: number): number {
  const { waitTimeSeconds = 0 } = request as { readonly waitTimeSeconds?: number };
  return timeoutMs + waitTimeSeconds * 1_000;
}

function report(operation: string, request: unknown, { emit }: CallWitness) {
  return (source: Observable<unknown>): Observable<unknown> => {
    const startedAt = asyncScheduler.now();
    const called = (entries: number, error?: unknown): void => {
      emit(() => {
        const at = asyncScheduler.now();
        const outcome = error === undefined ? {} : { error: errorInfo(error) };
        return { type: 'called', at, operation, durationMs: at - startedAt, entries, ...outcome };
      });
    };
    return source.pipe(
      tap({
        next: (response) => {
          called(entryCount(request, response));
        },
        error: (error: unknown) => {
          called(entryCount(request, undefined), error);
          if (error instanceof AWSConnectionError && error.throttled) {
            emit(() => ({ type: 'throttled', at: asyncScheduler.now(), operation }));
          }
        },
      }),
    );
  };
}

/** How many messages a call carried: the entries of a batch, or what a receive brought. */
function entryCount(request: unknown, response: unknown): number {
  if (Array.isArray(response)) return response.length;
  const { entries } = request as { readonly entries?: readonly unknown[] };
  return entries?.length ?? 0;
}
