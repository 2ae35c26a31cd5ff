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
