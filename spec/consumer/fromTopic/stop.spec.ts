import { expect } from 'chai';
import { delay, EMPTY, filter, map, NEVER, type Observable, of, Subject, switchMap, tap, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import type { AWSConnectionError } from '../../../src/errors.js';
import { ack } from '../../../src/message/settlement.js';
import { fakeConsumer, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';

describe('unsubscribe', () => {
  it('aborts the polls and releases what is unsettled', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer();
      const seen: unknown[] = [];
      at(m, 0, () => {
        fill(queue, 5);
        const subscription = messages$().subscribe();
        at(m, 10, () => {
          seen.push(queue.inFlight().length);
          subscription.unsubscribe();
          seen.push(queue.polls());
        });
        at(m, 12, () => {
          seen.push(queue.inFlight().length);
        });
      });
      m.flush();
      expect(seen).to.deep.equal([5, 0, 0]);
      expect(events.at(-1)).to.deep.include({ type: 'stopped', reason: 'unsubscribe', at: 11 });
      expect(queue.ids()).to.have.length(5);
    });
  });

  it('in the middle of a batch that is handed out releases the rest of it', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const got: string[] = [];
      at(m, 0, () => {
        fill(queue, 5);
        const subscription = messages$().subscribe((message) => {
          got.push(message.id);
          void message.settle(ack);
          if (got.length === 2) subscription.unsubscribe();
        });
      });
      m.flush();
      expect(got).to.deep.equal(['m0', 'm1']);
      expect(queue.ids()).to.deep.equal(['m2', 'm3', 'm4']);
      expect(queue.inFlight()).to.deep.equal([]);
    });
  });

  it('waits for the renewal that is under way, then releases; only then is it stopped', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer((calls) => ({
        changeVisibilityBatch: (request) => timer(200).pipe(switchMap(() => calls.changeVisibilityBatch(request))),
      }));
      at(m, 0, () => {
        fill(queue, 3);
        const subscription = messages$().subscribe();
        at(m, 15_100, () => {
          subscription.unsubscribe();
        });
      });
      at(m, 15_500, () => {
        expect(queue.inFlight()).to.deep.equal([]);
      });
      m.flush();
      // The renewal of 15,001 ends 201 ms later; the release lingers 20 ms and takes 201 ms.
      expect(events.find(({ type }) => type === 'stopped')).to.have.property('at', 15_423);
    });
  });

  it('releases in batches of ten', () => {
    marbles((m) => {
      const { queue, messages$, count } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 100);
        const subscription = messages$().subscribe();
        at(m, 5_000, () => {
          subscription.unsubscribe();
        });
      });
      m.flush();
      expect(count('changeVisibilityBatch')).to.equal(10);
      expect(queue.inFlight()).to.deep.equal([]);
    });
  });

  it('by who listens to events, in the middle of a batch, releases all of it', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 3);
        const subscription = messages$().subscribe();
        client.events$.pipe(filter(({ type }) => type === 'received')).subscribe(() => {
          subscription.unsubscribe();
        });
      });
      at(m, 100, () => {
        expect(queue.inFlight()).to.deep.equal([]);
      });
      m.flush();
    });
  });

  it('before the queue is found polls never', () => {
    marbles((m) => {
      const { messages$, count } = fakeConsumer((calls) => ({
        getQueueUrl: (request) => calls.getQueueUrl(request).pipe(delay(50)),
      }));
      const subscription = messages$().subscribe();
      at(m, 20, () => {
        subscription.unsubscribe();
      });
      m.flush();
      expect([count('getQueueUrl'), count('receive')]).to.deep.equal([1, 0]);
    });
  });
});

describe('stop', () => {
  it('ends polling, lets the work in flight finish and settle, then completes', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 2);
      });
      // Received at 1 ms. The first waits 20 ms for others to share its delete, the last for nobody; a delete takes 1 ms.
      const result$ = messages$({ stop: m.cold('700ms s') }).pipe(
        ackMap((value) => timer(value === 'v0' ? 2_000 : 3_000).pipe(map(() => value))),
      );
      m.expectObservable(result$).toBe('2001ms a 999ms b |', { a: 'v0', b: 'v1' });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(types().slice(-2)).to.deep.equal(['settled', 'stopped']);
    });
  });

  it('is announced after the last handler, not before (sqs-consumer)', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        messages$({ stop: timer(700) })
          .pipe(ackMap(() => timer(3_000)))
          .subscribe();
      });
      m.flush();
      const times = events.filter(({ type }) => ['handled', 'settled', 'stopped'].includes(type));
      expect(times.map(({ type, at: time }) => `${type} ${String(time)}`)).to.deep.equal([
        'handled 3001',
        'settled 3002',
        'stopped 3002',
      ]);
    });
  });

  it('hands out nothing that comes in after it, and makes it visible to others (squiss-ts)', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const got: string[] = [];
      // The poll is young at the stop: it is waited for, in case its answer is on the way.
      at(m, 300, () => {
        fill(queue, 1);
      });
      m.expectObservable(messages$({ stop: timer(100) }).pipe(tap(({ id }) => got.push(id)))).toBe('301ms |');
      m.flush();
      expect(got).to.deep.equal([]);
      expect(queue.ids()).to.deep.equal(['m0']);
      expect(queue.inFlight()).to.deep.equal([]);
    });
  });

  it('aborts a poll that has waited in vain', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer();
      m.expectObservable(messages$({ stop: timer(5_000) })).toBe('5s |');
    });
  });

  it('takes an AbortSignal, also one that is aborted already', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer();
      const controller = new AbortController();
      at(m, 5_000, () => {
        controller.abort();
      });
      m.expectObservable(messages$({ stop: controller.signal })).toBe('5s |');
      m.expectObservable(messages$({ stop: AbortSignal.abort() })).toBe('|');
    });
  });

  it('that errors ends the stream with that error, in order', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
      });
      const result$ = messages$({ stop: m.cold('700ms #') }).pipe(
        ackMap((value) => timer(3_000).pipe(map(() => value))),
      );
      // `ackMap` hands an error on as any operator does; the source gives it out once nothing is in flight.
      m.expectObservable(result$).toBe('3001ms a #', { a: 'v0' });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('that errors before the queue is found ends the stream with that error too', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer(() => ({ getQueueUrl: () => m.cold('50ms (q|)', { q: 'https://sqs/q' }) }));
      m.expectObservable(messages$({ stop: m.cold('--#') })).toBe('--#');
      m.expectObservable(messages$({ stop: m.cold('--a') })).toBe('--|');
    });
  });
});

describe('stop, from JavaScript', () => {
  it('has to be an AbortSignal or something that emits', () => {
    for (const stop of [true, 7, {}, 'SIGTERM'] as unknown as Observable<unknown>[]) {
      expect(() => fakeConsumer().messages$({ stop })).to.throw(
        'stop: expected an AbortSignal, or something that emits: an Observable, a promise',
      );
    }
    for (const stop of [NEVER, Promise.resolve(), [1], new AbortController().signal])
      expect(() => fakeConsumer().messages$({ stop })).not.to.throw();
  });
});

describe('client.close()', () => {
  it('stops the consumer as `stop` does; a later subscription errors', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
      });
      at(m, 1_000, () => {
        void client.close();
      });
      m.expectObservable(messages$().pipe(ackMap((value) => timer(3_000).pipe(map(() => value))))).toBe('3001ms a |', {
        a: 'v0',
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      const codes: unknown[] = [];
      messages$().subscribe({ error: (error: unknown) => codes.push((error as AWSConnectionError).code) });
      expect(codes).to.deep.equal(['ClientClosed']);
    });
  });

  it('cancels and releases what has not finished within 90 % of timeoutMs', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 2);
      });
      at(m, 1_000, () => {
        void client.close();
      });
      m.expectObservable(messages$().pipe(ackMap(() => NEVER))).toBe('28s |');
      m.flush();
      expect(queue.ids()).to.deep.equal(['m0', 'm1']);
      expect(queue.inFlight()).to.deep.equal([]);
    });
  });

  it('starts no handler any more when it runs out of time', () => {
    for (const [what, ending] of [
      ['never ends', NEVER],
      ['ends at once', EMPTY],
    ] as const) {
      marbles((m) => {
        const { client, queue, messages$ } = fakeConsumer();
        const started: string[] = [];
        at(m, 0, () => {
          fill(queue, 5);
        });
        at(m, 1_000, () => {
          void client.close();
        });
        const one = (value: string) => {
          started.push(value);
          return value === 'v0' ? NEVER : ending;
        };
        m.expectObservable(messages$().pipe(ackMap(one, { concurrency: 1 }))).toBe('28s |');
        m.flush();
        expect(started, what).to.deep.equal(['v0']);
        expect(queue.inFlight()).to.deep.equal([]);
        expect(queue.ids()).to.have.lengthOf(5);
      });
    }
  });

  it('waits for settlements of a stream nobody subscribes to any more', async () => {
    const closed: (readonly [string, number])[] = [];
    const promises: Promise<unknown>[] = [];
    let left: readonly string[] = [];
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer((calls) => ({
        deleteBatch: (request) => calls.deleteBatch(request).pipe(delay(4_000)),
      }));
      at(m, 0, () => {
        fill(queue, 1);
        const subscription = messages$()
          .pipe(ackMap((value) => of(value)))
          .subscribe();
        at(m, 10, () => {
          subscription.unsubscribe();
          promises.push(client.close());
          client.port.closed$.subscribe(() => closed.push(['closed', m.scheduler.now()]));
        });
      });
      m.flush();
      left = queue.ids();
    });
    await Promise.all(promises);
    expect(closed).to.deep.equal([['closed', 4_002]]);
    expect(left).to.deep.equal([]);
  });
});

describe('leases that are lost together', () => {
  it('are all told of before the consumer is over', () => {
    for (const end of ['stop', 'close'] as const) {
      marbles((m) => {
        const { client, queue, messages$, events } = fakeConsumer();
        const stop = new Subject<void>();
        at(m, 0, () => {
          fill(queue, 2);
          messages$({ maxLeaseSeconds: 7, stop })
            .pipe(ackMap(() => timer(20_000)))
            .subscribe();
        });
        at(m, 600, () => {
          if (end === 'stop') stop.next();
          else void client.close();
        });
        m.flush();
        const told = events.filter(({ at: time, type }) => time > 7_000 && type !== 'called').map(({ type }) => type);
        expect(told).to.deep.equal(['leaseLost', 'handled', 'leaseLost', 'handled', 'stopped']);
      });
    }
  });
});
