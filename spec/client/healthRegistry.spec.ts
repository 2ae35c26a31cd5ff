import { expect } from 'chai';
import { map, Subject } from 'rxjs';
import sinon from 'sinon';
import type { ConsumerHealth } from '../../src/client/health.js';
import { createHealthRegistry, type HealthRegistry } from '../../src/client/healthRegistry.js';
import { at, marbles } from '../helpers/marbles.js';

const consumer = (topic: string): ConsumerHealth => ({
  topic,
  queue: `${topic}-queue`,
  state: 'polling',
  isStuck: false,
  consecutiveFailures: 0,
  inFlight: 0,
  pendingSettlements: 0,
});

interface Fixture extends HealthRegistry {
  readonly closing: Subject<void>;
  readonly closed: Subject<void>;
}

function registry(): Fixture {
  const closing = new Subject<void>();
  const closed = new Subject<void>();
  let isClosing = false;
  closing.subscribe(() => (isClosing = true));
  return { ...createHealthRegistry(() => isClosing, closing, closed), closing, closed };
}

describe('health', () => {
  it('asks each consumer when it is asked', () => {
    const { health, enter, closing } = registry();
    let inFlight = 0;
    expect(health()).to.deep.equal({ isClosing: false, consumers: [] });
    const users = enter(() => ({ ...consumer('users'), inFlight }));
    enter(() => consumer('orders'));
    inFlight = 3;
    expect(health().consumers).to.deep.equal([{ ...consumer('users'), inFlight: 3 }, consumer('orders')]);
    users.remove();
    closing.next();
    expect(health()).to.deep.equal({ isClosing: true, consumers: [consumer('orders')] });
  });
});

describe('health$', () => {
  it('tells how it is now, then each change, at most once a second and the last one always', () => {
    marbles((m) => {
      const { health$, enter, closed } = registry();
      let inFlight = 0;
      const { changed } = enter(() => ({ ...consumer('users'), inFlight }));
      const change = (): void => {
        inFlight += 1;
        changed();
      };
      for (const time of [10, 20, 1_500, 4_000]) at(m, time, change);
      at(m, 9_000, () => {
        closed.next();
      });
      m.expectObservable(health$.pipe(map(({ consumers }) => String(consumers[0]?.inFlight)))).toBe(
        '0 999ms 2 999ms 3 1999ms 4 4999ms |',
      );
    });
  });

  it('tells of consumers that come and go, and of the closing', () => {
    marbles((m) => {
      const { health$, enter, closing } = registry();
      at(m, 5, () => {
        const { remove } = enter(() => consumer('users'));
        at(m, 2_000, remove);
      });
      at(m, 4_005, () => {
        closing.next();
      });
      const seen$ = health$.pipe(map(({ isClosing, consumers }) => (isClosing ? 'c' : String(consumers.length))));
      m.expectObservable(seen$, '^ 9s !').toBe('0 999ms 1 1004ms 0 1999ms c');
    });
  });

  it('runs no timer while nothing changes, and none after unsubscribe', () => {
    marbles((m) => {
      const { health$, enter } = registry();
      const { changed } = enter(() => consumer('users'));
      at(m, 0, () => {
        const listening = health$.subscribe();
        changed();
        listening.unsubscribe();
      });
      at(m, 1, () => {
        health$.subscribe();
      });
      m.flush();
      expect(m.scheduler.now()).to.equal(1);
    });
  });

  it('goes on after the clock was set back', () => {
    const clock = sinon.useFakeTimers(10_000_000_000);
    try {
      const { health$, enter } = registry();
      const { changed } = enter(() => consumer('users'));
      let told = 0;
      const listening = health$.subscribe(() => (told += 1));
      clock.setSystemTime(Date.now() - 3_600_000);
      for (let times = 0; times < 50; times += 1) {
        changed();
        clock.tick(200);
      }
      listening.unsubscribe();
      expect(told).to.be.greaterThan(5);
    } finally {
      clock.restore();
    }
  });
});
