import { expect } from 'chai';
import { concatMap, EMPTY, map, NEVER, type ObservableInput, of, throwError, timer } from 'rxjs';
import * as t from 'io-ts';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { fromTopic } from '../../../src/consumer/fromTopic.js';
import type { Message } from '../../../src/message/message.js';
import type { RawMessage } from '../../../src/message/rawMessage.js';
import { ack, ignore, reject, retryAfter, type Settlement } from '../../../src/message/settlement.js';
import { messagingTest } from '../../../src/testing/index.js';
import { fifoTopic } from '../../../src/topic.js';
import { fakeConsumer, fifoConsumer } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';
import { allDone, raw } from '../../helpers/raw.js';

const Steps = fifoTopic('steps', t.string, { groupId: (value) => value.charAt(0), contentBasedDeduplication: true });

/** The handler of the first message of a group, at its first receipt. */
type Fail = (message: Message<string>) => ObservableInput<unknown>;

const FAILURES: readonly (readonly [what: string, fail: Fail])[] = [
  [
    'throws at once',
    () => {
      throw new Error('no');
    },
  ],
  ['errors at once', () => throwError(() => new Error('no'))],
  ['errors later', () => timer(5).pipe(map(() => expect.fail('no')))],
  ['takes too long', () => timer(10_000)],
  ['settles the message by retryAfter itself', (message) => message.settle(retryAfter(1_000))],
  [
    'settles it by ignore itself',
    (message) => {
      void message.settle(ignore);
      return EMPTY;
    },
  ],
];

const inGroup = (groupId: string, sequenceNumber: number) => ({ groupId, sequenceNumber: String(sequenceNumber) });

describe('a FIFO group of which one failed', () => {
  for (const [what, fail] of FAILURES) {
    // What follows may be in ackMap already, or still on its way through an operator before it.
    for (const delayMs of [0, 2]) {
      it(`waits for it when its handler ${what}${delayMs === 0 ? '' : ', what follows being on its way'}`, () => {
        marbles((m) => {
          const { queue, messages$ } = fifoConsumer();
          const acknowledged: string[] = [];
          at(m, 0, () => {
            for (const index of [1, 2, 3]) queue.send(`m${String(index)}`, `v${String(index)}`, inGroup('g', index));
            queue.send('other', 'other', inGroup('h', 4));
            messages$({ stop: timer(60_000), visibilityTimeoutSeconds: 2 })
              .pipe(
                concatMap((message) => (delayMs === 0 ? of(message) : timer(delayMs).pipe(map(() => message)))),
                ackMap(
                  (value, message) => {
                    if (value === 'v1' && message.receiveCount === 1) return fail(message);
                    acknowledged.push(value);
                    return EMPTY;
                  },
                  { timeoutMs: 8_000, onError: () => retryAfter(1_000) },
                ),
              )
              .subscribe();
          });
          m.flush();
          expect(acknowledged.filter((value) => value !== 'other')).to.deep.equal(['v1', 'v2', 'v3']);
          expect(acknowledged[0]).to.equal('other');
          expect(queue.ids()).to.deep.equal([]);
        });
      });
    }
  }

  const SETTLED: readonly (readonly [what: string, settlement: Settlement, handled: readonly string[]])[] = [
    ['goes on when the handler acknowledged it itself', ack, ['v1', 'v2']],
    // A rejected one is out of the way as soon as its copy is confirmed and it is deleted.
    ['goes on, after the next receive, when the handler rejected it itself', reject(new Error('no')), ['v1', 'v2']],
  ];
  for (const [what, settlement, expected] of SETTLED) {
    it(what, () => {
      marbles((m) => {
        const { queue, messages$ } = fifoConsumer(() => ({
          getQueueAttributes: () =>
            of({ RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:dlq","maxReceiveCount":"3"}' }),
          sendBatch: () => of({ successful: [{ id: '0' }], failed: [] }),
        }));
        const handled: string[] = [];
        at(m, 0, () => {
          for (const index of [1, 2]) queue.send(`m${String(index)}`, `v${String(index)}`, inGroup('g', index));
          messages$({ stop: timer(5_000) })
            .pipe(
              ackMap((value, message) => {
                handled.push(value);
                if (value === 'v1') void message.settle(settlement);
                return EMPTY;
              }),
            )
            .subscribe();
        });
        m.flush();
        expect(handled).to.deep.equal(expected);
        expect(queue.ids()).to.deep.equal([]);
      });
    });
  }

  it('takes along, when it fails after it was acknowledged, what waited behind it of the next receive', () => {
    marbles((m) => {
      const { queue, messages$ } = fifoConsumer();
      const handled: string[] = [];
      at(m, 0, () => {
        queue.send('a1', 'a1', inGroup('a', 1));
        messages$({ stop: timer(5_000) })
          .pipe(
            concatMap((message) => timer(100).pipe(map(() => message))),
            ackMap((value, message) => {
              handled.push(value);
              if (value !== 'a1') return EMPTY;
              void message.settle(ack);
              return timer(230).pipe(map(() => expect.fail('late')));
            }),
          )
          .subscribe();
      });
      at(m, 50, () => {
        for (const index of [2, 3, 4]) queue.send(`a${String(index)}`, `a${String(index)}`, inGroup('a', index));
      });
      m.flush();
      expect(handled).to.deep.equal(['a1', 'a2', 'a3', 'a4']);
    });
  });
});

describe('a FIFO group of which one is on its way to the dead-letter queue', () => {
  it('waits for it when both are handed out again meanwhile: the copy may fail', () => {
    marbles((m) => {
      const log: string[] = [];
      const message = (index: number, handle: string): RawMessage =>
        raw(`m${String(index)}`, { body: `"v${String(index)}"`, receiptHandle: handle, ...inGroup('g', index) });
      const answers = [[message(0, 'a')], [message(0, 'b'), message(1, 'c')]];
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dlq.fifo' });
      const { messages$ } = fifoConsumer(() => ({
        receive: () => {
          const answer = answers.shift();
          return answer === undefined ? NEVER : timer(5).pipe(map(() => answer));
        },
        getQueueAttributes: () => of({ RedrivePolicy }),
        sendBatch: () =>
          timer(100).pipe(
            map(() => ({ successful: [], failed: [{ id: '0', code: 'AccessDenied', senderFault: true }] })),
          ),
        changeVisibilityBatch: (request) => {
          log.push(...request.entries.map(({ receiptHandle }) => `visible: ${receiptHandle}`));
          return of(allDone(request));
        },
      }));
      at(m, 0, () => {
        const final = Object.assign(new Error('no'), { retryable: false });
        const consuming = messages$()
          .pipe(
            ackMap((value) => {
              log.push(value);
              return value === 'v0' ? throwError(() => final) : EMPTY;
            }),
          )
          .subscribe();
        at(m, 1_000, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(log).to.deep.equal(['v0', 'visible: c', 'visible: b']);
    });
  });
});

describe('a receive of a FIFO queue whose answer was lost', () => {
  it('is made again by the same attempt: its groups are not blocked until the visibility timeout', () => {
    messagingTest(
      ({ broker, publish, expectObservable, expectSettled }) => {
        publish(Steps, '                                   -(ab)', { a: 'A1', b: 'A2' });
        broker.fail('receive', { lost: true });
        const handled$ = fromTopic(broker, Steps).pipe(ackMap((value) => of(value)));
        // Lost at 20 ms, again after a backoff of 100 ms.
        expectObservable(handled$).toBe('          130ms (ab)', { a: 'A1', b: 'A2' });
        expectSettled(Steps).toBe('                140ms (ab)', { a: 'A1', b: 'A2' });
      },
      { latencyMs: 10 },
    );
  });

  it('is no attempt of a standard queue, fair-queue groups or not', () => {
    marbles((m) => {
      const { queue, messages$, requests } = fakeConsumer();
      at(m, 0, () => {
        queue.send('m', 'v', { groupId: 'tenant' });
        const consuming = messages$().subscribe();
        at(m, 10, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      const receives = requests.filter(({ call }) => call === 'receive').map(({ request }) => request);
      expect(receives).to.have.length(2);
      for (const request of receives) expect(request).not.to.have.property('attemptId');
    });
  });
});
