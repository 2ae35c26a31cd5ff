import { expect } from 'chai';
import fc from 'fast-check';
import * as t from 'io-ts';
import { asyncScheduler, type Observable, takeUntil, timer } from 'rxjs';
import type { BatchResponse } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { BrokerOperation } from '../../src/testing/brokerOperation.js';
import type { FaultPlan } from '../../src/testing/faults.js';
import { createBrokerParts } from '../../src/testing/brokerParts.js';
import { fifoTopic, topic } from '../../src/topic.js';
import { type BrokerModel, brokerModel, type ModelRules } from '../helpers/brokerModel.js';
import { marbles } from '../helpers/marbles.js';

const Users = topic('users', t.string);
const Orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });

interface Setup extends ModelRules {
  readonly isFifo: boolean;
  readonly seed: number;
  readonly duplicates: number;
}

type Action =
  /** `isAgain`: on FIFO, the last message once more. */
  | { readonly kind: 'publish' | 'send'; readonly groups: readonly string[]; readonly isAgain: boolean }
  | {
      readonly kind: 'receive';
      readonly from: 'queue' | 'deadLetters';
      readonly maxMessages: number;
      readonly waitTimeSeconds: number;
      readonly visibilityTimeoutSeconds: number;
      readonly attemptId: string | undefined;
      /** When the receiver goes away. */
      readonly givesUpAfterMs: number;
    }
  /** Handles, counted back from the one given last. */
  | { readonly kind: 'delete'; readonly picks: readonly number[] }
  | { readonly kind: 'changeVisibility'; readonly picks: readonly number[]; readonly seconds: number }
  | { readonly kind: 'fail'; readonly operation: BrokerOperation; readonly plan: FaultPlan }
  | { readonly kind: 'outage'; readonly from: number; readonly lasts: number }
  | { readonly kind: 'latency'; readonly ms: number };

interface Step {
  readonly afterMs: number;
  readonly action: Action;
}

const setup: fc.Arbitrary<Setup> = fc.record({
  isFifo: fc.boolean(),
  seed: fc.integer(),
  unordered: fc.boolean(),
  partialReceives: fc.boolean(),
  duplicates: fc.constantFrom(0, 0.5),
  maxReceiveCount: fc.integer({ min: 1, max: 4 }),
  delaySeconds: fc.constantFrom(0, 0, 2),
});

const constant = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value);
const picks = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 });
const publication = fc.record({
  kind: fc.constantFrom('publish', 'send'),
  groups: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }),
  isAgain: fc.nat(4).map((chance) => chance === 0),
});
const receive = fc.record({
  kind: constant('receive'),
  from: fc.constantFrom('queue', 'queue', 'queue', 'deadLetters'),
  maxMessages: fc.integer({ min: 1, max: 10 }),
  waitTimeSeconds: fc.constantFrom(0, 0, 1, 5),
  visibilityTimeoutSeconds: fc.constantFrom(0, 1, 1, 3, 30),
  attemptId: fc.constantFrom(undefined, undefined, 'x', 'y'),
  givesUpAfterMs: fc.constantFrom(60_000, 60_000, 60_000, 4),
});
const plan: fc.Arbitrary<Pick<Extract<Action, { kind: 'fail' }>, 'operation' | 'plan'>> = fc.oneof(
  fc.record({
    operation: fc.constantFrom('receive', 'delete', 'changeVisibility', 'send', 'publish'),
    plan: fc.record({ error: constant('ServiceUnavailable'), lost: fc.boolean(), after: fc.nat(1) }),
  }),
  fc.record({
    operation: fc.constantFrom('delete', 'changeVisibility', 'send', 'publish'),
    plan: fc.record({
      entries: fc.dictionary(fc.constantFrom('0', '1', '2'), fc.constantFrom('InternalError', 'NotAnswered'), {
        minKeys: 1,
      }),
      lost: fc.boolean(),
    }),
  }),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: publication },
  { weight: 8, arbitrary: receive },
  { weight: 4, arbitrary: fc.record({ kind: constant('delete'), picks }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: constant('changeVisibility'),
      picks,
      seconds: fc.constantFrom(0, 0, 1, 10, 43_200),
    }),
  },
  { weight: 1, arbitrary: plan.map((planned) => ({ kind: 'fail' as const, ...planned })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: constant('outage'), from: fc.nat(900), lasts: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: constant('latency'), ms: fc.constantFrom(0, 5, 40) }) },
);
const program: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ afterMs: fc.constantFrom(0, 1, 3, 500, 1_000, 2_500), action }),
  { maxLength: 40, size: 'max' },
);

/** Runs a program, then empties the queues. */
function run(options: Setup, steps: readonly Step[]): Pick<BrokerModel, 'faults' | 'log'> {
  let outcome: Pick<BrokerModel, 'faults' | 'log'> = { faults: ['it did not run'], log: [] };
  marbles(() => {
    const topicOfRun = options.isFifo ? Orders : Users;
    const { isFifo, maxReceiveCount, delaySeconds, ...brokerOptions } = options;
    const parts = createBrokerParts(brokerOptions);
    const { broker, account } = parts;
    const { topicArn, queueUrl } = broker.provision(topicOfRun, { maxReceiveCount });
    account.setQueueAttributes(queueUrl, { DelaySeconds: String(delaySeconds) });
    const model = brokerModel(parts, topicOfRun, options);
    outcome = model;
    const { calls } = broker.port;
    let bodies = 0;
    let last = { body: '', groupId: '' };
    let waiting = 0;

    /** Each call has one answer, or fails as the real client does. */
    const ask = <Answer>(call$: Observable<Answer>, answered: (answer: Answer) => void): void => {
      let answers = 0;
      waiting += 1;
      call$.subscribe({
        next: (answer) => {
          answers += 1;
          model.log.push(`${asyncScheduler.now()}: ${JSON.stringify(answer)}`);
          answered(answer);
        },
        error: (error: unknown) => {
          waiting -= 1;
          if (!(error instanceof AWSConnectionError)) model.fault(`an error of no call: ${String(error)}`);
          model.log.push(`${asyncScheduler.now()}: ${String(error)}`);
        },
        complete: () => {
          waiting -= 1;
          if (answers > 1) model.fault(`${answers} answers`);
        },
      });
    };

    /** The next message, or the last one again: the same text of the same group, within five minutes. */
    const messageOf = (groupId: string, isAgain: boolean): typeof last => {
      if (isFifo && isAgain && last.body !== '') return last;
      bodies += 1;
      last = { body: `m${bodies}`, groupId };
      return last;
    };

    const checkAccepted = (
      sent: readonly { readonly id: string; readonly body: string }[],
      done: BatchResponse,
    ): void => {
      for (const { id } of done.successful) {
        const body = sent.find((entry) => entry.id === id)?.body ?? '';
        const arrivals = model.arrivalsOf(body);
        const most = isFifo || options.duplicates === 0 ? 1 : 2;
        if (arrivals < 1 || arrivals > most) model.fault(`${body} was accepted, and came ${arrivals} times`);
      }
    };

    const perform = (act: Action): void => {
      switch (act.kind) {
        case 'publish':
        case 'send': {
          const entries = act.groups.map((groupId, index) => {
            return { id: String(index), attributes: {}, ...messageOf(groupId, act.isAgain) };
          });
          const call$: Observable<BatchResponse> =
            act.kind === 'publish' ? calls.publishBatch({ topicArn, entries }) : calls.sendBatch({ queueUrl, entries });
          ask(call$, (done) => checkAccepted(entries, done));
          break;
        }
        case 'receive': {
          const { from, givesUpAfterMs, kind: _, ...request } = act;
          const startedAt = asyncScheduler.now();
          const call$ = calls.receive({ queueUrl: model[from].url, ...request });
          ask(call$.pipe(takeUntil(timer(givesUpAfterMs))), ({ length }) => {
            const tookMs = asyncScheduler.now() - startedAt;
            if (length === 0 && tookMs < request.waitTimeSeconds * 1_000) model.fault(`nothing after ${tookMs} ms`);
          });
          break;
        }
        case 'delete':
        case 'changeVisibility':
          for (const url of [queueUrl, model.deadLetters.url]) {
            const picked = act.picks.map((pick) => model.handles.at(-1 - pick)).filter((it) => it?.queueUrl === url);
            const entries = picked.flatMap((it, index) =>
              it === undefined ? [] : [{ id: String(index), receiptHandle: it.receiptHandle }],
            );
            if (entries.length === 0) continue;
            const seconds = act.kind === 'delete' ? undefined : act.seconds;
            const call$ =
              seconds === undefined
                ? calls.deleteBatch({ queueUrl: url, entries })
                : calls.changeVisibilityBatch({
                    queueUrl: url,
                    entries: entries.map((entry) => ({ ...entry, visibilityTimeoutSeconds: seconds })),
                  });
            ask(call$, () => undefined);
          }
          break;
        case 'fail':
          broker.fail(act.operation, act.plan);
          break;
        case 'outage':
          broker.outage({ from: act.from, to: act.from + act.lasts });
          break;
        case 'latency':
          broker.latency(act.ms);
      }
    };

    /** By then nothing is hidden any more. What is left can all be received, or is a dead letter, and then be deleted. */
    const empty = (): void => {
      if (waiting > 0) model.fault(`${waiting} calls without an answer`);
      for (const place of [model.queue, model.deadLetters]) {
        const request = { queueUrl: '', maxMessages: 10, waitTimeSeconds: 20, visibilityTimeoutSeconds: 30 };
        let received = place.receive(request);
        while (received.length > 0) {
          for (const { receiptHandle } of received) place.delete(receiptHandle);
          received = place.receive(request);
        }
        if (place.messages.length > 0) model.fault(`${place.name} can't be emptied`);
      }
    };

    let time = 0;
    for (const { afterMs, action: act } of steps) {
      time += afterMs;
      timer(time).subscribe(() => perform(act));
    }
    timer(time + 2 * 43_200_000).subscribe(empty);
  });
  return outcome;
}

describe('createTestBroker, whatever is done to it', () => {
  it('loses nothing, hands nothing out twice at once, keeps groups, counts and order', () => {
    fc.assert(
      fc.property(setup, program, (options, steps) => {
        expect(run(options, steps).faults.join()).to.equal('');
      }),
      { numRuns: 200 },
    );
  });

  it('does the same again with the same seed', () => {
    fc.assert(
      fc.property(setup, program, (options, steps) => {
        expect(run(options, steps).log).to.deep.equal(run(options, steps).log);
      }),
      { numRuns: 40 },
    );
  });

  it('does something else with another seed', () => {
    const receive = {
      kind: 'receive' as const,
      from: 'queue' as const,
      maxMessages: 10,
      waitTimeSeconds: 0,
      visibilityTimeoutSeconds: 30,
      attemptId: undefined,
      givesUpAfterMs: 1_000,
    };
    const steps: readonly Step[] = [
      { afterMs: 0, action: { kind: 'publish', groups: Array.from({ length: 10 }, () => 'a'), isAgain: false } },
      { afterMs: 5, action: receive },
    ];
    const options = { isFifo: false, duplicates: 0, maxReceiveCount: 4, delaySeconds: 0, partialReceives: true };
    const logs = [1, 2, 3, 4].map((seed) => run({ ...options, unordered: true, seed }, steps).log.join('\n'));
    expect(new Set(logs).size).to.equal(4);
  });
});
