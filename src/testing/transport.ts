import {
  asyncScheduler,
  catchError,
  defer,
  delay,
  identity,
  isObservable,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  take,
  timer,
} from 'rxjs';
import { classify } from '../client/classify.js';
import { resourceOf } from '../client/resourceOf.js';
import type { AwsCalls, BatchResponse, Call, FailedEntry } from '../client/client.js';
import { OPERATIONS } from '../client/operations.js';
import type { Effects } from './effects.js';
import { type FaultPlan, type Faults, LOST, NOT_ANSWERED } from './faults.js';
import { Refusal } from './refusal.js';

export interface TransportOptions {
  readonly effects: Effects;
  readonly faults: Faults;
  /** How long a call takes, there and back. */
  readonly latencyMs: (call: keyof AwsCalls) => number;
}

/** What a call does when it has arrived. */
type Effect = (request: unknown) => unknown;

/** What comes back: an answer, or the code that the call fails with. */
type Outcome = { readonly answer: unknown } | { readonly code: string };

/**
 * The way to the account and back, half of the latency each. A call takes effect when it arrives: if it is unsubscribed after
 * that, or its answer is lost, it has had its effect.
 *
 * ```text
 * call      s----------(r|)
 * effect    -----e
 * ```
 */
export function transported({ effects, faults, latencyMs }: TransportOptions): AwsCalls {
  const count = createCallCounter();

  const carried = (call: keyof AwsCalls, effect: Effect): Call<unknown, unknown> => {
    const outcomeOf = (request: unknown, plan: FaultPlan | undefined): Observable<Outcome> =>
      defer(() => {
        const code = faults.outageNow() ?? (plan?.lost === true ? undefined : plan?.error);
        if (code !== undefined) return of({ code });
        const answer = plan?.entries === undefined ? effect(request) : inPart(effect, request, plan);
        return (isObservable(answer) ? answer : of(answer)).pipe(map((response) => ({ answer: response })));
      }).pipe(
        catchError((error: unknown) => {
          if (error instanceof Refusal) return of({ code: error.code });
          throw error;
        }),
      );

    /** What is left of an outcome on its way back. */
    const arrived = (outcome: Outcome, plan: FaultPlan | undefined, request: unknown): unknown => {
      const isLost = plan?.lost === true && plan.entries === undefined;
      const code = faults.outageNow() ?? (isLost ? (plan.error ?? LOST) : undefined);
      if (code === undefined && 'answer' in outcome) return outcome.answer;
      throw classify(
        { name: code ?? ('code' in outcome ? outcome.code : undefined) },
        OPERATIONS[call],
        resourceOf(request),
      );
    };

    return (request) =>
      defer(() => {
        count();
        // A call that falls into an outage uses no other fault up.
        const plan = faults.outageNow() === undefined ? faults.take(call, request) : undefined;
        const total = latencyMs(call);
        const there = Math.floor(total / 2);
        const outcome$ = timer(there).pipe(mergeMap(() => outcomeOf(request, plan), 1));
        // Only a receive waits at SQS; an outage that begins meanwhile cuts it off.
        const cut$ = faults.cut$.pipe(map((code) => ({ code })));
        return (call === 'receive' ? merge(outcome$, cut$).pipe(take(1)) : outcome$).pipe(
          total > there ? delay(total - there) : identity,
          map((outcome) => arrived(outcome, plan, request)),
        );
      });
  };

  const entries = Object.entries(effects).map(([call, effect]) => [
    call,
    carried(call as keyof AwsCalls, effect as Effect),
  ]);
  // Each entry keeps its own request and response: what carries them hands both through.
  return Object.fromEntries(entries) as AwsCalls;
}

/** A batch some of whose entries fail: by plan they take no effect, or their answer is lost. */
function inPart(effect: Effect, request: unknown, { entries = {}, lost = false }: FaultPlan): unknown {
  const batch = request as { readonly entries: readonly { readonly id: string }[] };
  const failing = new Map(
    batch.entries.flatMap(({ id }, position) => (entries[position] === undefined ? [] : [[id, entries[position]]])),
  );
  const effective = lost ? batch.entries : batch.entries.filter(({ id }) => !failing.has(id));
  const { successful, failed } =
    effective.length === 0 ? NOTHING : (effect({ ...batch, entries: effective }) as BatchResponse);
  const isTold = ({ id }: { readonly id: string }): boolean => !failing.has(id);
  const planned = [...failing].filter(([, code]) => code !== NOT_ANSWERED);
  return {
    successful: successful.filter(isTold),
    failed: [...failed.filter(isTold), ...planned.map(([id, code]) => failedEntry(id, code))],
  };
}

const NOTHING: BatchResponse = { successful: [], failed: [] };

/** AWS says of an entry whose fault it is: what may be tried again is its own. */
const failedEntry = (id: string, code: string): FailedEntry => ({
  id,
  code,
  senderFault: !classify({ name: code }, '').retryable,
});

/** More calls than that at one moment: something goes round without ever waiting. */
const MAX_CALLS_AT_ONCE = 100_000;

/** @returns a function to be called with each call. @throws Error where time stands still. */
function createCallCounter(): () => void {
  let moment = -1;
  let calls = 0;
  return () => {
    const now = asyncScheduler.now();
    calls = now === moment ? calls + 1 : 1;
    moment = now;
    if (calls <= MAX_CALLS_AT_ONCE) return;
    throw new Error(
      `more than ${String(MAX_CALLS_AT_ONCE)} calls at ${String(now)} ms: something is tried again without a delay; ` +
        'give the broker a `latencyMs`',
    );
  };
}
