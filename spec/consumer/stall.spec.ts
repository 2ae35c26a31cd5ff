import { expect } from 'chai';
import { type StallWatch, watchForStall } from '../../src/consumer/stall.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

interface Fixture {
  readonly watch: StallWatch;
  readonly told: number[];
  /** From this time on all is held; or not. */
  full(time: number): void;
  ended(time: number): void;
}

function stallOf(m: Marbles): Fixture {
  const told: number[] = [];
  let isFull = false;
  const watch = watchForStall(
    () => isFull,
    () => told.push(m.scheduler.now()),
  );
  return {
    watch,
    told,
    full: (time) => {
      at(m, time, () => {
        isFull = true;
        watch.full();
      });
    },
    ended: (time) => {
      at(m, time, () => {
        isFull = false;
        watch.ended();
      });
    },
  };
}

describe('watchForStall', () => {
  it('tells once when all has been held for a minute and nothing has ended', () => {
    marbles((m) => {
      const { watch, told, full } = stallOf(m);
      full(5);
      full(6);
      at(m, 70_000, () => {
        watch.full();
        expect(watch.isStuck).to.equal(true);
      });
      m.flush();
      expect(told).to.deep.equal([60_005]);
    });
  });

  it('counts the minute from what ended last', () => {
    marbles((m) => {
      const { told, full, ended } = stallOf(m);
      full(0);
      ended(40_000);
      full(40_010);
      m.flush();
      expect(told).to.deep.equal([100_000]);
    });
  });

  it('tells nothing while something is free, and runs no timer then', () => {
    marbles((m) => {
      const { told, full, ended } = stallOf(m);
      full(0);
      ended(10);
      m.flush();
      expect(told).to.deep.equal([]);
      expect(m.scheduler.now()).to.equal(60_000);
    });
  });

  it('tells again after something has ended', () => {
    marbles((m) => {
      const { watch, told, full, ended } = stallOf(m);
      full(0);
      ended(70_000);
      at(m, 70_001, () => {
        expect(watch.isStuck).to.equal(false);
      });
      full(70_002);
      m.flush();
      expect(told).to.deep.equal([60_000, 130_002]);
    });
  });

  it('runs no timer once stopped, until all is held again', () => {
    marbles((m) => {
      const { watch, told, full } = stallOf(m);
      full(0);
      at(m, 1, () => {
        watch.stop();
      });
      full(50);
      m.flush();
      expect(told).to.deep.equal([60_050]);
    });
    marbles((m) => {
      const { watch, full } = stallOf(m);
      full(0);
      at(m, 1, () => {
        watch.stop();
      });
      m.flush();
      expect(m.scheduler.now()).to.equal(1);
    });
  });
});
