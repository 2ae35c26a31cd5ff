import { expect } from 'chai';
import { EMPTY, map, NEVER, of, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { ConfigurationError } from '../../../src/errors.js';
import type { Message } from '../../../src/message/message.js';
import { fakeConsumer, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';

describe('fromTopic', () => {
  it('does nothing before subscribe, and polls on its own for each subscription', () => {
    marbles((m) => {
      const { messages$, requests, queue } = fakeConsumer();
      const cold$ = messages$();
      expect(requests).to.deep.equal([]);
      const polls: number[] = [];
      at(m, 0, () => {
        const first = cold$.subscribe();
        const second = cold$.subscribe();
        at(m, 10, () => {
          polls.push(queue.polls());
          first.unsubscribe();
          polls.push(queue.polls());
          second.unsubscribe();
          polls.push(queue.polls());
        });
      });
      m.flush();
      expect(polls).to.deep.equal([2, 1, 0]);
    });
  });

  it('emits decoded messages with what SQS says of them', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const got: Message<string>[] = [];
      at(m, 0, () => {
        queue.send('m1', 'hello', { groupId: 'tenant', sentTimestamp: 5 });
        messages$({ stop: timer(10) })
          .pipe(
            ackMap((value, message) => {
              got.push(message);
              return of(value);
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(got).to.have.length(1);
      expect(got[0]).to.deep.include({
        value: 'hello',
        id: 'm1',
        topic: 'users',
        attributes: {},
        groupId: 'tenant',
        receiveCount: 1,
        sentAt: new Date(5),
        receivedAt: new Date(1),
      });
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('never has more in flight than maxInFlight, whatever arrives', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      let held = 0;
      let most = 0;
      at(m, 0, () => {
        fill(queue, 200);
        messages$({ maxInFlight: 23, stop: timer(500) })
          .pipe(
            ackMap(() => {
              held += 1;
              most = Math.max(most, held);
              return timer(7).pipe(map(() => (held -= 1)));
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(most).to.equal(23);
    });
  });

  it('takes nothing more in while SQS confirms nothing: what is settled does not pile up without bound', () => {
    for (const maxInFlight of [1, 10]) {
      marbles((m) => {
        const { queue, messages$ } = fakeConsumer(() => ({ deleteBatch: () => NEVER }));
        at(m, 0, () => {
          fill(queue, 500);
          const consuming = messages$({ maxInFlight })
            .pipe(ackMap(() => EMPTY))
            .subscribe();
          at(m, 5_000, () => {
            // Three times as many and ten wait for SQS, and one poll more had its credits by then.
            expect(queue.inFlight().length).to.be.within(maxInFlight * 3 + 10, maxInFlight * 4 + 10);
            consuming.unsubscribe();
          });
        });
        m.flush();
      });
    }
  });

  it('keeps one long poll while idle, one after the other', () => {
    marbles((m) => {
      const { messages$, count } = fakeConsumer();
      at(m, 0, () => {
        messages$({ stop: timer(100_500) }).subscribe();
      });
      m.flush();
      // Five of 20 s, and the one that the stop ended.
      expect(count('receive')).to.equal(6);
    });
  });

  it('polls in parallel as messages arrive, up to maxPolls', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      let most = 0;
      at(m, 0, () => {
        fill(queue, 400);
        messages$({ maxPolls: 4, stop: timer(300) })
          .pipe(
            ackMap(() => {
              most = Math.max(most, queue.polls());
              return EMPTY;
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(most).to.equal(4);
    });
  });

  it('refills a free slot while its batch-mates still run: one slow message does not stall the batch (sqs-consumer)', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const doneAt = new Map<string, number>();
      at(m, 0, () => {
        fill(queue, 30);
        messages$({ maxInFlight: 10, stop: timer(1_000) })
          .pipe(
            ackMap((value) => timer(value === 'v0' ? 2_000 : 1).pipe(map(() => doneAt.set(value, m.scheduler.now())))),
          )
          .subscribe();
      });
      m.flush();
      expect(doneAt.get('v29')).to.be.lessThan(200);
      expect(doneAt.get('v0')).to.equal(2_001);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('renews the lease of buffered messages too, until they are settled', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 4);
        messages$({ visibilityTimeoutSeconds: 10, stop: timer(1_000) })
          .pipe(
            ackMap(
              (value) => {
                handled.push(value);
                return timer(15_000);
              },
              { concurrency: 1 },
            ),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0', 'v1', 'v2', 'v3']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('checks its options at once, all of them', () => {
    const { messages$ } = fakeConsumer();
    expect(() => messages$({ maxInFlight: 0, waitTimeSeconds: 21 })).to.throw(
      ConfigurationError,
      'maxInFlight: expected a whole number from 1 to 120000; waitTimeSeconds: expected a whole number from 0 to 20',
    );
  });

  it('takes an option that is undefined for one that is not given', () => {
    marbles((m) => {
      const { messages$, requests } = fakeConsumer();
      at(m, 0, () => {
        messages$({ ...{ waitTimeSeconds: undefined as never }, stop: timer(5_000) }).subscribe();
      });
      m.flush();
      expect(requests.at(-1)?.request).to.deep.include({ waitTimeSeconds: 20, visibilityTimeoutSeconds: 30 });
    });
  });

  it('asks for no longer visibility than a lease may last', () => {
    marbles((m) => {
      const { messages$, requests } = fakeConsumer();
      at(m, 0, () => {
        messages$({ maxLeaseSeconds: 12, stop: timer(5_000) }).subscribe();
      });
      m.flush();
      expect(requests.at(-1)?.request).to.deep.include({ visibilityTimeoutSeconds: 12 });
    });
  });

  it('makes no more polls at once than the pool has sockets', () => {
    marbles((m) => {
      const most = [1, undefined].map((maxSockets) => {
        const { messages$, queue } = fakeConsumer(undefined, { maxSockets });
        let polls = 0;
        at(m, 0, () => {
          fill(queue, 200);
          const consuming = messages$()
            .pipe(ackMap(() => timer(2)))
            .subscribe(() => {
              polls = Math.max(polls, queue.polls());
            });
          at(m, 500, () => {
            consuming.unsubscribe();
          });
        });
        return () => polls;
      });
      m.flush();
      expect(most.map((polls) => polls() > 1)).to.deep.equal([false, true]);
    });
  });
});
