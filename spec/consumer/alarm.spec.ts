import { expect } from 'chai';
import { type Observable, Subject } from 'rxjs';
import { type Alarm, createAlarm } from '../../src/consumer/alarm.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

/** An alarm, and when it rings. */
function alarmOf(
  { scheduler }: Marbles,
  closed$: Observable<void> = new Subject(),
): Alarm & { readonly rung: number[] } {
  const rung: number[] = [];
  return { ...createAlarm(() => rung.push(scheduler.now()), 1_000, closed$), rung };
}

describe('alarm', () => {
  it('rings once, at the earliest of the times it was set to', () => {
    marbles((m) => {
      const { by, rung } = alarmOf(m);
      at(m, 0, () => {
        for (const time of [50, 20, 70]) by(time);
      });
      m.flush();
      expect(rung).to.deep.equal([20]);
    });
  });

  it('can be set again when it rings', () => {
    marbles((m) => {
      const rung: number[] = [];
      const alarm = createAlarm(
        () => {
          rung.push(m.scheduler.now());
          if (rung.length < 3) alarm.by(m.scheduler.now() + 10);
        },
        1_000,
        new Subject(),
      );
      at(m, 0, () => {
        alarm.by(5);
      });
      m.flush();
      expect(rung).to.deep.equal([5, 15, 25]);
    });
  });

  it('rings at once for a time that has passed, and after the longest quiet for one that is far away', () => {
    marbles((m) => {
      const { by, rung } = alarmOf(m);
      at(m, 10, () => {
        by(3);
      });
      at(m, 20, () => {
        by(50_000);
      });
      m.flush();
      expect(rung).to.deep.equal([10, 1_020]);
    });
  });

  it('is off when it is turned off, and when the client is closed: no timer remains', () => {
    marbles((m) => {
      const closed = new Subject<void>();
      const { by, off, rung } = alarmOf(m, closed);
      at(m, 0, () => {
        by(50);
        off();
      });
      at(m, 1, () => {
        by(500);
      });
      at(m, 7, () => {
        closed.next();
      });
      m.flush();
      expect(rung).to.deep.equal([]);
      expect(m.scheduler.now()).to.equal(7);
    });
  });
});
