import { expect } from 'chai';
import { concat, EMPTY, NEVER, of, Subject, type Subscription, throwError, timer } from 'rxjs';
import type { ConsumerHealth } from '../../../src/client/health.js';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { fakeConsumer, fault, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';

const NAME = 'dev-users-billing-queue';
const URL = `https://sqs/${NAME}`;

describe('client.health()', () => {
  it('tells of a consumer: its state, its last poll, what is in flight and what has to be confirmed', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer((calls) => ({
        deleteBatch: (request) => timer(100).pipe(() => calls.deleteBatch(request)),
      }));
      const stop = new Subject<void>();
      const healthAt = (time: number, expected: Partial<ConsumerHealth>): void => {
        at(m, time, () => {
          expect(client.health().consumers).to.have.length(1);
          expect(client.health().consumers[0]).to.deep.include(expected);
        });
      };
      at(m, 0, () => {
        fill(queue, 3);
        messages$({ stop })
          .pipe(ackMap((value) => timer(value === 'v2' ? 7_000 : 500)))
          .subscribe();
        expect(client.health().consumers[0]).to.deep.equal({
          topic: 'users',
          queue: URL,
          state: 'polling',
          isStuck: false,
          consecutiveFailures: 0,
          inFlight: 0,
          pendingSettlements: 0,
        });
        healthAt(101, {
          state: 'polling',
          lastPollAt: new Date(1),
          inFlight: 3,
          oldestInFlightMs: 100,
          pendingSettlements: 0,
        });
        healthAt(510, { inFlight: 1, oldestInFlightMs: 509, pendingSettlements: 2 });
        at(m, 3_000, () => {
          stop.next();
        });
        healthAt(5_000, { state: 'stopping', inFlight: 1, pendingSettlements: 0 });
      });
      at(m, 60_000, () => {
        expect(client.health().consumers).to.deep.equal([]);
      });
      m.flush();
    });
  });

  it('says since when polls fail, and when they go well again', () => {
    marbles((m) => {
      let failures = 6;
      const { client, messages$ } = fakeConsumer((calls) => ({
        receive: (request) =>
          (failures -= 1) >= 0 ? throwError(() => fault('Throttling', true)) : calls.receive(request),
      }));
      const states: unknown[] = [];
      at(m, 0, () => {
        const consuming = messages$({ waitTimeSeconds: 1 }).subscribe();
        at(m, 60_000, () => {
          consuming.unsubscribe();
        });
      });
      client.health$.subscribe(({ consumers: [consumer] }) => {
        if (consumer !== undefined) states.push([consumer.state, consumer.consecutiveFailures]);
      });
      m.flush();
      expect(states).to.deep.include(['backingOff', 5]);
      expect(states.at(-1)).to.deep.equal(['polling', 0]);
    });
  });

  it('says that a consumer is looking for its queue, or paused', () => {
    marbles((m) => {
      let failures = 1;
      const { client, messages$ } = fakeConsumer((calls) => ({
        getQueueUrl: (request) =>
          (failures -= 1) >= 0 ? throwError(() => fault('ECONNREFUSED', true)) : calls.getQueueUrl(request),
      }));
      const states: unknown[] = [];
      const look = (): void => {
        states.push(client.health().consumers.map(({ state, queue }) => [state, queue]));
      };
      at(m, 0, () => {
        const consuming = messages$({ pause$: timer(1_000).pipe(() => m.cold('1s p', { p: true })) }).subscribe();
        look();
        at(m, 500, look);
        at(m, 1_500, () => {
          look();
          consuming.unsubscribe();
          look();
        });
      });
      m.flush();
      expect(states).to.deep.equal([[['connecting', NAME]], [['polling', URL]], [['paused', URL]], []]);
    });
  });

  it('tells nothing of a consumer that was unsubscribed before its queue was found, or whose queue is not there', () => {
    for (const answer$ of [NEVER, throwError(() => fault('QueueDoesNotExist', false))]) {
      marbles((m) => {
        const { client, messages$ } = fakeConsumer(() => ({ getQueueUrl: () => answer$ }));
        at(m, 0, () => {
          messages$()
            .subscribe({ error: () => undefined })
            .unsubscribe();
          expect(client.health().consumers).to.deep.equal([]);
        });
      });
    }
  });

  it('keeps a consumer that was unsubscribed until what it said is confirmed', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer((calls) => ({
        changeVisibilityBatch: (request) => m.cold('100ms (a|)').pipe(() => calls.changeVisibilityBatch(request)),
      }));
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$().subscribe();
        at(m, 10, () => {
          consuming.unsubscribe();
          expect(client.health().consumers[0]).to.include({ inFlight: 0, pendingSettlements: 1 });
        });
      });
      m.flush();
      expect(client.health().consumers).to.deep.equal([]);
    });
  });
});

describe('a consumer that is stuck', () => {
  it('says so once, with the remedy: credits are exhausted by messages nobody settles', () => {
    marbles((m) => {
      const { client, queue, messages$, events } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 5);
        const consuming = messages$({ maxInFlight: 3 }).subscribe();
        at(m, 200_000, () => {
          expect(client.health().consumers[0]).to.include({ isStuck: true, inFlight: 3 });
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(events.filter(({ type }) => type === 'stuck')).to.deep.equal([
        {
          type: 'stuck',
          at: 60_001,
          topic: 'users',
          queue: URL,
          inFlight: 3,
          oldestMs: 60_000,
          remedy:
            'settle each message, by ackMap or message.settle; where handlers take that long, raise maxInFlight, or bound them by timeoutMs',
        },
      ]);
    });
  });

  it('is none that works slowly, nor one that holds less than it may', () => {
    for (const [maxInFlight, workMs] of [
      [1, 50_000],
      [6, 500_000],
    ] as const) {
      marbles((m) => {
        const { queue, messages$, types } = fakeConsumer();
        at(m, 0, () => {
          fill(queue, 5);
          const consuming = messages$({ maxInFlight })
            .pipe(ackMap(() => timer(workMs)))
            .subscribe();
          at(m, 240_000, () => {
            consuming.unsubscribe();
          });
        });
        m.flush();
        expect(types()).not.to.include('stuck');
      });
    }
  });

  it('leaves no timer behind', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$({ maxInFlight: 1 })
          .pipe(ackMap((value) => (value === 'v0' ? NEVER : EMPTY)))
          .subscribe();
        at(m, 500, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(m.scheduler.now()).to.be.lessThan(1_000);
    });
  });
});

describe('client.health$ whose listener changes something', () => {
  it('gives a circuit breaker a value a second, not a recursion', () => {
    marbles((m) => {
      const { client, messages$ } = fakeConsumer(() => ({
        receive: () => throwError(() => fault('ECONNRESET', true)),
      }));
      const pause$ = new Subject<boolean>();
      const values: number[] = [];
      at(m, 0, () => {
        const consuming = messages$({ pause$ }).subscribe();
        at(m, 10_000, () => {
          consuming.unsubscribe();
        });
      });
      const watching = client.health$.subscribe(({ consumers: [consumer] }) => {
        values.push(m.scheduler.now());
        // Two states, one of which hides the other.
        if (consumer !== undefined && values.length < 5_000) pause$.next(consumer.state === 'backingOff');
      });
      at(m, 10_001, () => {
        watching.unsubscribe();
      });
      m.flush();
      expect(values.length).to.be.lessThan(13);
    });
  });

  it('leaves at least a second between two values', () => {
    marbles((m) => {
      const { client, messages$ } = fakeConsumer();
      const values: number[] = [];
      at(m, 0, () => {
        const watching = client.health$.subscribe(() => values.push(m.scheduler.now()));
        at(m, 1, () => {
          const consuming = messages$().subscribe();
          at(m, 2_500, () => {
            consuming.unsubscribe();
            watching.unsubscribe();
          });
        });
      });
      m.flush();
      const gaps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
      expect(Math.min(...gaps)).to.be.at.least(1_000);
    });
  });

  it('tells what its first value sets off', () => {
    marbles((m) => {
      const { client, messages$ } = fakeConsumer();
      const consumers: number[] = [];
      at(m, 0, () => {
        let consuming: Subscription | undefined;
        const consume = (): Subscription => messages$({ pause$: concat(of(true), NEVER) }).subscribe();
        const watching = client.health$.subscribe((health) => {
          consumers.push(health.consumers.length);
          consuming ??= consume();
        });
        at(m, 60_000, () => {
          watching.unsubscribe();
          consuming?.unsubscribe();
        });
      });
      m.flush();
      expect(consumers.at(-1)).to.equal(1);
    });
  });
});

describe('the state in client.health()', () => {
  it('is `stopping` of an unsubscribed consumer that has something left to settle', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer((calls) => ({
        changeVisibilityBatch: (request) => m.cold('100ms (a|)').pipe(() => calls.changeVisibilityBatch(request)),
      }));
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$().subscribe();
        at(m, 10, () => {
          consuming.unsubscribe();
          expect(client.health().consumers[0]?.state).to.equal('stopping');
        });
      });
      m.flush();
    });
  });

  it('is `polling` of one that has found its queue at a later try', () => {
    marbles((m) => {
      let failures = 5;
      const { client, messages$ } = fakeConsumer((calls) => ({
        getQueueUrl: (request) =>
          (failures -= 1) >= 0 ? throwError(() => fault('ECONNREFUSED', true)) : calls.getQueueUrl(request),
      }));
      at(m, 0, () => {
        const consuming = messages$().subscribe();
        at(m, 5_000, () => {
          expect(client.health().consumers[0]).to.include({ state: 'polling', consecutiveFailures: 0 });
          consuming.unsubscribe();
        });
      });
      m.flush();
    });
  });
});

describe('a client that is closed while a reject hangs', () => {
  it('leaves no timer, and no consumer in its health', () => {
    marbles((m) => {
      const { client, queue, messages$, types } = fakeConsumer(
        () => ({
          getQueueAttributes: () => NEVER,
        }),
        { timeoutMs: 5_000 },
      );
      at(m, 0, () => {
        queue.sendText('m0', 'no JSON');
        messages$({ maxInFlight: 1 })
          .pipe(ackMap(() => timer(1)))
          .subscribe();
        at(m, 100, () => {
          client.close().catch(() => undefined);
        });
      });
      m.flush();
      expect(client.health().consumers).to.deep.equal([]);
      expect(m.scheduler.now()).to.be.at.most(5_100);
      expect(types().at(-1)).to.equal('stopped');
    });
  });
});
