import { asyncScheduler, map, NEVER, type Observable, of, startWith, Subject, switchMap, take, timer } from 'rxjs';
import type { AwsCalls } from '../client/client.js';
import { ConfigurationError, type ConfigurationFault } from '../errors.js';
import { type BrokerOperation, callOf, OPERATION_NAMES } from './brokerOperation.js';

/** What calls of one kind fail with. Give `error` or `entries`; `lost` alone, or with one of them. */
export interface FaultPlan {
  /**
   * The whole call fails with this code, AWS's or Node's, such as `ServiceUnavailable`, `AccessDenied` or `ECONNRESET`. Whether
   * it is worth another try follows from the code as it does in production: one that nobody knows is not.
   */
  readonly error?: string;
  /**
   * Entries of a batch that fail in an answer of 200: their codes by their positions, from 0, such as
   * `{ 2: 'InternalError' }`; in the next batch that has such an entry. `NotAnswered` leaves an entry out of the answer.
   */
  readonly entries?: Readonly<Record<number, string>>;
  /**
   * The call, or the entry, takes effect all the same: its answer is lost.
   *
   * @defaultValue false
   */
  readonly lost?: boolean;
  /**
   * For so many calls.
   *
   * @defaultValue 1
   */
  readonly times?: number;
  /**
   * After so many calls that go well.
   *
   * @defaultValue 0
   */
  readonly after?: number;
}

/** A time in which every call fails, and every answer on its way is lost. */
export interface Outage {
  /** Milliseconds from now at which it begins. */
  readonly from: number;
  /** Milliseconds from now at which it is over. */
  readonly to: number;
  /**
   * Code of AWS's or Node's.
   *
   * @defaultValue `ServiceUnavailable`
   */
  readonly error?: string;
}

/** The faults that are planned. */
export interface Faults {
  fail(operation: BrokerOperation, plan: FaultPlan): void;
  outage(outage: Outage): void;
  /** What is planned for this call; it is used up by that. */
  take(call: keyof AwsCalls, request: unknown): FaultPlan | undefined;
  /** Operations whose faults were planned, and never came to pass. */
  unused(): readonly BrokerOperation[];
  /** The code of the outage that there is now; undefined where there is none. */
  outageNow(): string | undefined;
  /** Emits the code of the next outage when it begins. */
  readonly cut$: Observable<string>;
}

/** A code that is ours: the answer does not mention the entry. */
export const NOT_ANSWERED = 'NotAnswered';

/** What a lost answer looks like from here. */
export const LOST = 'ECONNRESET';

export function createFaults(): Faults {
  const plans: Planned[] = [];
  const outages: { readonly from: number; readonly to: number; readonly error: string }[] = [];
  const declared = new Subject<string | undefined>();
  const now = (): number => asyncScheduler.now();
  const outageAt = (time: number) => outages.find(({ from, to }) => from <= time && time < to);

  return {
    fail: (operation, plan) => {
      const call = callOf(operation);
      const faults = [...operationFaults(call), ...planFaults(plan), ...entriesFaults(call, plan)];
      if (call === undefined || faults.length > 0) throw new ConfigurationError(faults);
      plans.push({ operation, call, plan, after: plan.after ?? 0, times: plan.times ?? 1, isUsed: false });
    },
    outage: ({ from, to, error = 'ServiceUnavailable' }) => {
      if (!(from >= 0 && to > from)) throw new ConfigurationError([OUTAGE_FAULT]);
      outages.push({ from: now() + from, to: now() + to, error });
      declared.next(from === 0 ? error : undefined);
    },
    take: (call, request) => {
      for (const planned of plans) {
        if (planned.call !== call || planned.times <= 0 || !isAbout(planned.plan, request)) continue;
        if (planned.after > 0) {
          planned.after -= 1;
          continue;
        }
        planned.times -= 1;
        planned.isUsed = true;
        return planned.plan;
      }
      return undefined;
    },
    unused: () => plans.filter(({ isUsed }) => !isUsed).map(({ operation }) => operation),
    outageNow: () => outageAt(now())?.error,
    cut$: declared.pipe(
      startWith(undefined),
      switchMap((begun) => {
        if (begun !== undefined) return of(begun);
        const next = Math.min(...outages.map(({ from }) => from).filter((from) => from > now()));
        return next === Infinity ? NEVER : timer(next - now()).pipe(map(() => outageAt(now())?.error ?? LOST));
      }),
      take(1),
    ),
  };
}

interface Planned {
  readonly operation: BrokerOperation;
  readonly call: keyof AwsCalls;
  readonly plan: FaultPlan;
  after: number;
  times: number;
  isUsed: boolean;
}

/** Whether a batch has one of the entries that are to fail. */
function isAbout({ entries }: FaultPlan, request: unknown): boolean {
  if (entries === undefined) return true;
  const { entries: batch } = request as { readonly entries: readonly unknown[] };
  return Object.keys(entries).some((position) => Number(position) < batch.length);
}

const OUTAGE_FAULT: ConfigurationFault = {
  path: 'outage',
  message: 'expected `from` and a later `to`, in milliseconds from now',
};

const operationFaults = (call: unknown): readonly ConfigurationFault[] =>
  call === undefined ? [{ path: 'operation', message: `expected one of ${OPERATION_NAMES}` }] : [];

/** Only a batch has entries. */
const entriesFaults = (call: string | undefined, { entries }: FaultPlan): readonly ConfigurationFault[] =>
  entries === undefined || call?.endsWith('Batch') !== false
    ? []
    : [{ path: 'entries', message: 'expected them for delete, changeVisibility, send or publish only' }];

const PLAN_OPTIONS: readonly string[] = ['error', 'entries', 'lost', 'times', 'after'] satisfies (keyof FaultPlan)[];

function planFaults(plan: FaultPlan): readonly ConfigurationFault[] {
  const { error, entries = {}, lost = false, times = 1, after = 0 } = plan;
  const says = error !== undefined || Object.keys(entries).length > 0 || lost;
  const unknown = Object.keys(plan).filter((option) => !PLAN_OPTIONS.includes(option));
  return [
    ...(says ? [] : [{ path: 'plan', message: 'expected `error`, `entries` or `lost`' }]),
    ...(error === undefined || plan.entries === undefined
      ? []
      : [{ path: 'plan', message: 'expected `error`, for the whole call, or `entries`, not both' }]),
    ...(times >= 1 ? [] : [{ path: 'times', message: 'expected a number of at least 1' }]),
    ...(after >= 0 ? [] : [{ path: 'after', message: 'expected a number of at least 0' }]),
    ...unknown.map((path) => ({ path, message: `there is no such option; there are ${PLAN_OPTIONS.join(', ')}` })),
  ];
}
