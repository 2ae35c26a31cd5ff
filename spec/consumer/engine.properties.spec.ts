import { expect } from 'chai';
import fc from 'fast-check';
import * as t from 'io-ts';
import { defer, map, mergeMap, of, tap, throwError, timer } from 'rxjs';
import { ackMap, fifoTopic, fromTopic, type Message, topic } from '../../src/index.js';
import { type FaultPlan, messagingTest, type TestBroker } from '../../src/testing/index.js';

const Jobs = topic('jobs', t.string);
const Steps = fifoTopic('steps', t.string, { groupId: (value) => value.charAt(0), contentBasedDeduplication: true });

/** What a queue goes through, and how its consumer works. */
interface Scenario {
  readonly isFifo: boolean;
  readonly seed: number;
  readonly latencyMs: number;
  readonly duplicates: number;
  readonly maxInFlight: number;
  readonly visibilityTimeoutSeconds: number;
  /** When each message is published, how long its work takes, and how often that fails. */
  readonly messages: readonly {
    readonly group: string;
    readonly at: number;
    readonly workMs: number;
    readonly failures: number;
  }[];
  readonly faults: readonly {
    readonly operation: 'receive' | 'delete' | 'changeVisibility';
    readonly plan: FaultPlan;
  }[];
  readonly outages: readonly { readonly from: number; readonly lastsMs: number }[];
}

const code = fc.constantFrom('InternalError', 'ServiceUnavailable', 'ThrottlingException', 'ECONNRESET', 'OverLimit');
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  isFifo: fc.boolean(),
  seed: fc.nat(),
  latencyMs: fc.constantFrom(0, 1, 40, 900),
  duplicates: fc.constantFrom(0, 0, 0.3),
  maxInFlight: fc.constantFrom(1, 3, 10, 100),
  visibilityTimeoutSeconds: fc.constantFrom(5, 30),
  messages: fc.array(
    fc.record({
      group: fc.constantFrom('a', 'b', 'c'),
      at: fc.nat(30_000),
      workMs: fc.constantFrom(0, 0, 5, 400, 20_000),
      failures: fc.constantFrom(0, 0, 0, 1, 2),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  faults: fc.array(
    fc.record({
      operation: fc.constantFrom('receive', 'delete', 'changeVisibility'),
      plan: fc.oneof(
        fc.record({ error: code, times: fc.integer({ min: 1, max: 3 }), after: fc.nat(5), lost: fc.boolean() }),
        fc.record({
          entries: fc.dictionary(fc.constantFrom('0', '1', '4'), fc.oneof(code, fc.constant('NotAnswered')), {
            minKeys: 1,
          }),
          after: fc.nat(5),
          lost: fc.boolean(),
        }),
      ),
    }),
    { maxLength: 4 },
  ),
  outages: fc.array(fc.record({ from: fc.nat(40_000), lastsMs: fc.integer({ min: 1, max: 15_000 }) }), {
    maxLength: 2,
  }),
});

/** A receive has no entries that could fail. */
const isPossible = ({ operation, plan }: Scenario['faults'][number]): boolean =>
  operation !== 'receive' || plan.entries === undefined;

interface Run {
  /** Values in the order in which the work on them was done for the first time. */
  readonly done: readonly string[];
  readonly mostInWork: number;
  /** Values that were deleted although no work on them was done. */
  readonly early: readonly string[];
  readonly left: number;
  readonly dead: number;
}

function run(scenario: Scenario): Run {
  const { isFifo, seed, latencyMs, duplicates, maxInFlight, visibilityTimeoutSeconds } = scenario;
  const consumed = isFifo ? Steps : Jobs;
  const values = scenario.messages.map((message, index) => ({ ...message, value: `${message.group}${index}` }));
  const planOf = new Map(values.map((message) => [message.value, message]));
  const done: string[] = [];
  const early = new Set<string>();
  const failed = new Map<string, number>();
  const published = new Set<string>();
  let inWork = 0;
  let mostInWork = 0;
  let left = 0;
  let dead = 0;

  const lookForEarly = (broker: TestBroker): void => {
    const there = new Set(broker.messages(consumed).map(({ body }) => JSON.parse(body) as string));
    for (const value of published) if (!there.has(value) && !done.includes(value)) early.add(value);
  };

  messagingTest(
    ({ broker, cold, flush }) => {
      broker.provision(consumed, { maxReceiveCount: 1_000 });
      for (const { operation, plan } of scenario.faults.filter(isPossible)) broker.fail(operation, plan);
      for (const { from, lastsMs } of scenario.outages) broker.outage({ from, to: from + lastsMs });
      const work = (value: string, _message: Message<string>) =>
        defer(() => {
          inWork += 1;
          mostInWork = Math.max(mostInWork, inWork);
          const { workMs = 0, failures = 0 } = planOf.get(value) ?? {};
          const count = (failed.get(value) ?? 0) + 1;
          return timer(workMs).pipe(
            mergeMap(() => {
              if (count > failures) return of(value);
              failed.set(value, count);
              return throwError(() => new Error('not yet'));
            }),
            tap((completed) => {
              lookForEarly(broker);
              if (!done.includes(completed)) done.push(completed);
            }),
            tap({ finalize: () => (inWork -= 1) }),
          );
        });
      fromTopic(broker, consumed, { maxInFlight, visibilityTimeoutSeconds }).pipe(ackMap(work)).subscribe();
      for (const { at, value } of values) {
        timer(at)
          .pipe(map(() => broker.publish(consumed, value)))
          .subscribe(() => published.add(value));
      }
      broker.events$.subscribe(() => lookForEarly(broker));
      cold('600m |').subscribe();
      flush();
      left = broker.messages(consumed).length;
      dead = broker.deadLetters(consumed).length;
    },
    { seed, latencyMs, duplicates, overtimeMs: 1_800_000, allowUnusedFaults: true },
  );
  return { done, mostInWork, early: [...early], left, dead };
}

describe('the consumer engine, on the broker with random faults', function () {
  this.timeout(60_000);

  it('loses nothing, acknowledges nothing early, keeps to maxInFlight and to the order of groups', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { done, mostInWork, early, left, dead } = run(scenario);
        const values = scenario.messages.map(({ group }, index) => `${group}${index}`);
        expect([...done].sort()).to.deep.equal([...values].sort());
        expect({ early, left, dead }).to.deep.equal({ early: [], left: 0, dead: 0 });
        expect(mostInWork).to.be.at.most(scenario.maxInFlight);
        if (!scenario.isFifo) return;
        const published = scenario.messages
          .map(({ group, at }, index) => ({ group, at, value: `${group}${index}` }))
          .sort((one, other) => one.at - other.at);
        for (const group of ['a', 'b', 'c']) {
          const order = published.filter((message) => message.group === group).map(({ value }) => value);
          expect(done.filter((value) => value.startsWith(group))).to.deep.equal(order);
        }
      }),
      { numRuns: 40 },
    );
  });
});
