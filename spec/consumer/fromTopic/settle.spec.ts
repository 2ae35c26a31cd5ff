import { expect } from 'chai';
import {
  delay,
  EMPTY,
  map,
  merge,
  mergeAll,
  mergeMap,
  NEVER,
  type Observable,
  of,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { ReceiveRequest } from '../../../src/client/client.js';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { AWSConnectionError } from '../../../src/errors.js';
import type { Message } from '../../../src/message/message.js';
import { ack, ignore, retryAfter } from '../../../src/message/settlement.js';
import { fakeConsumer, fault, fill } from '../../helpers/fakeConsumer.js';
import type { FakeQueue } from '../../helpers/fakeQueue.js';
import { at, marbles } from '../../helpers/marbles.js';
import { allDone, raw } from '../../helpers/raw.js';

describe('message.settle', () => {
  it('acts at once, without a subscriber; the first wins', () => {
    marbles((m) => {
      const { queue, messages$, count } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ stop: timer(100) }).subscribe((message) => {
          void message.settle(ack);
          void message.settle(retryAfter(60_000));
        });
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(count('changeVisibilityBatch')).to.equal(0);
    });
  });

  it('completes when SQS has confirmed that very entry, not when it is queued', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 2);
      });
      // 1 ms to receive, 20 ms for others to join while the second message is held, 1 ms to delete.
      const confirmed$ = messages$({ stop: timer(10) }).pipe(
        take(1),
        switchMap((message) => message.settle(ack).pipe(tap({ complete: () => gone.push(queue.ids()) }))),
      );
      const gone: unknown[] = [];
      // `take` unsubscribes: what nobody settled is released, and the settlement goes with it.
      m.expectObservable(confirmed$).toBe('--|');
      m.flush();
      expect(gone).to.deep.equal([['m1']]);
    });
  });

  it('is told alike to all who ask', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const told: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        const told$ = (message: Message<string>, asker: string) =>
          message.settle(ack).pipe(tap({ complete: () => told.push(asker) }));
        messages$({ stop: timer(10) })
          .pipe(mergeMap((message) => merge(told$(message, 'first'), told$(message, 'second'))))
          .subscribe();
      });
      m.flush();
      expect(told).to.deep.equal(['first', 'second']);
    });
  });

  it('is never cancelled by unsubscribe', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 3);
        const subscription = messages$().subscribe((message) => {
          void message.settle(ack);
        });
        at(m, 1, () => {
          subscription.unsubscribe();
        });
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('errors after the lease was lost', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const errors: unknown[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        let held: Message<string> | undefined;
        const subscription = messages$().subscribe((message) => (held = message));
        at(m, 5, () => {
          subscription.unsubscribe();
          held?.settle(ack).subscribe({ error: (error: unknown) => errors.push(error) });
        });
      });
      m.flush();
      expect(errors).to.have.length(1);
      expect(errors[0]).to.be.instanceOf(AWSConnectionError).and.include({ code: 'LeaseLost', messageId: 'm0' });
      expect(queue.ids()).to.deep.equal(['m0']);
    });
  });

  it('leaves an ignored message to its visibility timeout', () => {
    marbles((m) => {
      const { queue, messages$, count } = fakeConsumer();
      const seen: number[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ stop: timer(40_000) }).subscribe((message) => {
          seen.push(m.scheduler.now());
          void message.settle(message.receiveCount === 1 ? ignore : ack);
        });
      });
      m.flush();
      expect(seen).to.deep.equal([1, 30_001]);
      expect(count('changeVisibilityBatch')).to.equal(0);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('makes a message visible again after the whole seconds asked for, rounded up', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const seen: number[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ stop: timer(10_000) }).subscribe((message) => {
          seen.push(m.scheduler.now());
          void message.settle(message.receiveCount === 1 ? retryAfter(1_500) : ack);
        });
      });
      m.flush();
      expect(seen).to.deep.equal([1, 2_002]);
    });
  });

  it('never asks for more than is left of the 12 hours', () => {
    marbles((m) => {
      const { queue, messages$, requests } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        const subscription = messages$().subscribe((message) => {
          at(m, 100_000, () => {
            void message.settle(retryAfter(43_200_000));
            subscription.unsubscribe();
          });
        });
      });
      m.flush();
      const { request } = requests.at(-1) ?? {};
      expect(request).to.deep.include({
        entries: [{ id: '0', receiptHandle: 'users/1/1', visibilityTimeoutSeconds: 43_200 - 30 - 100 }],
      });
    });
  });

  it('never overtaken by a renewal that is being asked for (sqs-consumer: a heartbeat after the delete)', () => {
    marbles((m) => {
      const order: string[] = [];
      const { queue, messages$ } = fakeConsumer((calls) => ({
        changeVisibilityBatch: (request) =>
          timer(200).pipe(
            switchMap(() => calls.changeVisibilityBatch(request)),
            tap(() => order.push('renewed')),
          ),
        deleteBatch: (request) => {
          order.push('delete');
          return calls.deleteBatch(request);
        },
      }));
      at(m, 0, () => {
        fill(queue, 1);
        // Renewed at 15 s, done 100 ms later.
        messages$({ stop: timer(1_000) })
          .pipe(ackMap(() => timer(15_100)))
          .subscribe();
      });
      m.flush();
      expect(order).to.deep.equal(['renewed', 'delete']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });
});

describe('a message that comes in again while it is held', () => {
  /** Renewals have no answer in time, but the queue has the message ready again before this side gives it up. */
  const expiringEarly = (visibilityTimeoutSeconds: number, ms: number) => ({
    receive: (calls: FakeQueue['calls']) => (request: ReceiveRequest) =>
      calls.receive({ ...request, visibilityTimeoutSeconds: visibilityTimeoutSeconds - ms / 1_000 }),
  });

  it('is not handed out twice: the lease goes on with the newer receipt handle', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer((calls) => ({
        receive: expiringEarly(10, 500).receive(calls),
        changeVisibilityBatch: (request) => (m.scheduler.now() < 9_500 ? NEVER : calls.changeVisibilityBatch(request)),
      }));
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ visibilityTimeoutSeconds: 10, stop: timer(12_000) })
          .pipe(ackMap((value) => timer(25_000).pipe(tap({ subscribe: () => handled.push(value) }))))
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(types()).not.to.include('leaseLost');
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('is handed out anew after the longest lease: a dead handler does not keep it', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer((calls) => ({
        receive: expiringEarly(10, 500).receive(calls),
      }));
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ visibilityTimeoutSeconds: 10, maxLeaseSeconds: 10, stop: timer(25_000) })
          .pipe(
            ackMap((value, { receiveCount }) => {
              handled.push(`${value} ${String(receiveCount)}`);
              return receiveCount === 1 ? NEVER : EMPTY;
            }),
          )
          .subscribe();
      });
      m.flush();
      // SQS had ended it half a second before: that no receive is wasted, it is ended here too.
      expect(handled).to.deep.equal(['v0 1', 'v0 2']);
      expect(events.filter(({ type }) => type === 'leaseLost')).to.deep.include({
        type: 'leaseLost',
        id: 'm0',
        receiveCount: 1,
        reason: 'limit',
        at: 9_501,
        topic: 'users',
        queue: 'https://sqs/dev-users-billing-queue',
      });
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('goes on within its lease although there is no other visibility timeout left to ask for', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer((calls) => ({
        // Twice out of one standard queue, which SQS allows itself.
        receive: (request) => calls.receive({ ...request, visibilityTimeoutSeconds: 1 }),
      }));
      const handled: number[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ visibilityTimeoutSeconds: 43_200, stop: timer(3_000) })
          .pipe(
            ackMap((_value, { receiveCount }) => {
              handled.push(receiveCount);
              return timer(2_500);
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal([1]);
      expect(types()).not.to.include('leaseLost');
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('is not handed out twice out of one receive either', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer((calls) => ({
        receive: (request) => calls.receive(request).pipe(map((messages) => [...messages, ...messages])),
      }));
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ maxInFlight: 5, stop: timer(2_000) })
          .pipe(
            tap(({ value }) => handled.push(value)),
            ackMap(() => timer(100)),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('counts its new lease from when SQS gave it, not from when the answer came', () => {
    marbles((m) => {
      const renewals: number[] = [];
      const again = { receiptHandle: 'again', receiveCount: 2 };
      let receives = 0;
      const { messages$ } = fakeConsumer(() => ({
        receive: () => {
          receives += 1;
          if (receives === 1) return of([raw('m', { body: '"v"' })]).pipe(delay(5));
          // The wait is over at 1,005; the answer takes 12 s more.
          return receives === 2 ? of([raw('m', { body: '"v"', ...again })]).pipe(delay(13_000)) : NEVER;
        },
        changeVisibilityBatch: (request) => {
          renewals.push(m.scheduler.now());
          return of(allDone(request)).pipe(delay(1));
        },
      }));
      const held$ = messages$({ waitTimeSeconds: 1, visibilityTimeoutSeconds: 20 }).pipe(ackMap(() => NEVER));
      m.expectObservable(held$, '^ 14s !').toBe('');
      m.flush();
      // More than half of it has gone by: it is renewed at once.
      expect(renewals.slice(0, 2)).to.deep.equal([10_005, 13_005]);
    });
  });

  it('stays held after the stop too', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer((calls) => ({
        receive: expiringEarly(10, 500).receive(calls),
        changeVisibilityBatch: () => NEVER,
      }));
      const completed: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        // Its second receipt falls into the half second in which a young poll is waited for.
        messages$({ visibilityTimeoutSeconds: 10, waitTimeSeconds: 1, stop: timer(9_300) })
          .pipe(ackMap((value) => timer(12_000).pipe(tap({ complete: () => completed.push(value) }))))
          .subscribe();
      });
      m.flush();
      expect(completed).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });
});

describe('a lost lease', () => {
  it('is one whose message took longer than the visibility timeout to get here: it is not handed out', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer((calls) => ({
        receive: (request) => calls.receive(request).pipe(delay(m.scheduler.now() === 0 ? 3_000 : 0)),
      }));
      const handled: unknown[] = [];
      at(m, 0, () => {
        fill(queue, 2);
        messages$({ visibilityTimeoutSeconds: 2, waitTimeSeconds: 0, stop: timer(6_000) })
          .pipe(
            tap(({ value, receiveCount }) => handled.push([value, receiveCount])),
            ackMap(() => EMPTY),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal([
        ['v0', 2],
        ['v1', 2],
      ]);
      expect(types().filter((type) => type === 'leaseLost')).to.have.lengthOf(2);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('fires lost$, cancels the handler, and nothing is acknowledged', () => {
    marbles((m) => {
      const { queue, messages$, count, types } = fakeConsumer((calls) => ({
        // The queue keeps it hidden for longer than this side knows.
        receive: (request) => calls.receive({ ...request, visibilityTimeoutSeconds: 60 }),
        changeVisibilityBatch: () => throwError(() => fault('Throttling', true)),
      }));
      const ends: (readonly [string, number])[] = [];
      const stop = new Subject<void>();
      at(m, 0, () => {
        fill(queue, 1);
      });
      const losses = new Subject<Observable<unknown>>();
      losses.pipe(mergeAll()).subscribe(() => {
        ends.push(['lost', m.scheduler.now()]);
        stop.next();
      });
      const result$ = messages$({ visibilityTimeoutSeconds: 10, stop }).pipe(
        tap(({ lost$ }) => {
          losses.next(lost$);
        }),
        ackMap(() => timer(20_000).pipe(tap({ unsubscribe: () => ends.push(['cancelled', m.scheduler.now()]) }))),
      );
      m.expectObservable(result$).toBe('10001ms |');
      m.flush();
      expect(ends).to.have.deep.members([
        ['lost', 10_001],
        ['cancelled', 10_001],
      ]);
      expect(count('deleteBatch')).to.equal(0);
      expect(queue.ids()).to.deep.equal(['m0']);
      expect(types()).to.include('renewalFailed').and.include('leaseLost');
    });
  });
});

describe('a message whose delete failed for good', () => {
  it('is deleted on redelivery, without being handed out again', () => {
    marbles((m) => {
      let deletes = 0;
      const { queue, messages$, types } = fakeConsumer((calls) => ({
        deleteBatch: (request) => {
          deletes += 1;
          if (deletes > 1) return calls.deleteBatch(request);
          return of({ successful: [], failed: [{ id: '0', code: 'ReceiptHandleIsInvalid', senderFault: true }] });
        },
      }));
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ stop: timer(60_000) })
          .pipe(ackMap((value) => of(handled.push(value))))
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
      expect(types().filter((type) => type.startsWith('settle'))).to.deep.equal(['settleFailed', 'settled']);
    });
  });

  it('neither is one handed out whose delete is still on its way, not even to the next subscription', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer((calls) => ({
        deleteBatch: (request) => timer(5_000).pipe(switchMap(() => calls.deleteBatch(request))),
      }));
      const handled: string[] = [];
      const consume = () =>
        messages$({ visibilityTimeoutSeconds: 2, stop: timer(9_000) })
          .pipe(
            tap(({ value }) => handled.push(value)),
            ackMap(() => EMPTY),
          )
          .subscribe();
      at(m, 0, () => {
        fill(queue, 1);
        const first = consume();
        at(m, 500, () => {
          first.unsubscribe();
          consume();
        });
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('neither is one handed out whose delete is still on its way', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer((calls) => ({
        // Without an answer for longer than the message is invisible.
        deleteBatch: (request) => timer(5_000).pipe(switchMap(() => calls.deleteBatch(request))),
      }));
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ visibilityTimeoutSeconds: 2, stop: timer(9_000) })
          .pipe(
            tap(({ value }) => handled.push(value)),
            ackMap(() => EMPTY),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });
});

describe('the reason of a lease that ends by maxLeaseSeconds', () => {
  it('is `limit`, also where that is short and a renewal came a moment late', () => {
    marbles((m) => {
      let failures = 1;
      const { queue, messages$, events } = fakeConsumer((calls) => ({
        changeVisibilityBatch: (request) =>
          (failures -= 1) >= 0 ? throwError(() => fault('Throttling', true)) : calls.changeVisibilityBatch(request),
      }));
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$({ visibilityTimeoutSeconds: 4, maxLeaseSeconds: 6 })
          .pipe(ackMap(() => NEVER))
          .subscribe();
        at(m, 6_050, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(events.flatMap((e) => (e.type === 'leaseLost' ? [[e.at, e.reason]] : []))).to.deep.equal([
        [5101, 'limit'],
      ]);
    });
  });
});
