import { expect } from 'chai';
import { BehaviorSubject, map, NEVER, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { fakeConsumer, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';

describe('a listener of `paused` that resumes at once', () => {
  it('does not cost the poll under way', () => {
    marbles((m) => {
      const { client, messages$, count, queue } = fakeConsumer();
      const pause$ = new BehaviorSubject(false);
      client.events$.subscribe(({ type }) => {
        if (type === 'paused') pause$.next(false);
      });
      at(m, 0, () => {
        const consuming = messages$({ pause$ }).subscribe();
        at(m, 1_000, () => {
          pause$.next(true);
        });
        at(m, 5_000, () => {
          expect(queue.polls()).to.equal(1);
          expect(count('receive')).to.equal(1);
          consuming.unsubscribe();
        });
      });
      m.flush();
    });
  });
});

describe('a listener that unsubscribes', () => {
  it('from health$, when work is done: it was completed, not cancelled', () => {
    marbles((m) => {
      const { client, messages$, queue, events } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$()
          .pipe(ackMap((value) => timer(5_000).pipe(map(() => value))))
          .subscribe();
        at(m, 3_000, () => {
          client.health$.subscribe(({ consumers: [consumer] }) => {
            if (consumer?.inFlight === 0) consuming.unsubscribe();
          });
        });
      });
      m.flush();
      expect(events.flatMap((event) => (event.type === 'handled' ? event.outcome : []))).to.deep.equal(['completed']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('from events$, on the first `received`: nothing of it is told after `stopped`', () => {
    marbles((m) => {
      const { client, messages$, queue, types } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 3);
        const consuming = messages$()
          .pipe(ackMap(() => NEVER))
          .subscribe();
        client.events$.subscribe((event) => {
          if (event.type === 'received') consuming.unsubscribe();
        });
      });
      m.flush();
      expect(types().filter((type) => type === 'received')).to.have.lengthOf(3);
      expect(types().at(-1)).to.equal('stopped');
    });
  });
});

describe('a listener of `leaseLost` that unsubscribes while the message comes in again', () => {
  it('releases what has come in at once', () => {
    marbles((m) => {
      const { queue, messages$, client } = fakeConsumer((calls) => ({
        // The queue's timeout ends a little before the consumer believes it.
        receive: (request) =>
          calls.receive({ ...request, visibilityTimeoutSeconds: request.visibilityTimeoutSeconds - 0.5 }),
      }));
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$({ visibilityTimeoutSeconds: 20, maxLeaseSeconds: 20 })
          .pipe(ackMap(() => NEVER))
          .subscribe();
        client.events$.subscribe(({ type }) => {
          if (type === 'leaseLost') consuming.unsubscribe();
        });
        at(m, 21_000, () => {
          expect(queue.inFlight()).to.deep.equal([]);
        });
      });
      m.flush();
    });
  });
});

describe('onInvalid', () => {
  it('is not asked after the consumer was unsubscribed by a listener', () => {
    marbles((m) => {
      const { queue, messages$, client } = fakeConsumer();
      let asked = 0;
      at(m, 0, () => {
        for (const id of ['m0', 'm1', 'm2']) queue.sendText(id, 'no JSON');
        const consuming = messages$({ onInvalid: () => ({ _tag: ((asked += 1), 'ignore') }) }).subscribe();
        client.events$.subscribe(({ type }) => {
          if (type === 'invalid') consuming.unsubscribe();
        });
      });
      m.flush();
      expect(asked).to.equal(1);
    });
  });
});
