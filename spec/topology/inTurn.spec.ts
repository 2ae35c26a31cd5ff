import { expect } from 'chai';
import { concat, defer, EMPTY, NEVER, type Observable, tap, throwError, timer } from 'rxjs';
import { inTurn } from '../../src/topology/inTurn.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { at, marbles, type Marbles } from '../helpers/marbles.js';

/** Works on one thing for 10 ms each, and logs who begins and ends. */
function works({ scheduler }: Marbles) {
  const { client } = fakeClient({});
  const log: string[] = [];
  const note = (what: string): void => {
    log.push(`${String(scheduler.now())}: ${what}`);
  };
  const work = (name: string, end$: Observable<never> = EMPTY, key = 'queue') =>
    inTurn(
      client.port,
      key,
      defer(() => {
        note(name);
        return concat(timer(10), end$).pipe(
          tap({
            finalize: () => {
              note(`${name} ended`);
            },
          }),
        );
      }),
    );
  return { log, work };
}

describe('inTurn', () => {
  it('lets one after another work on a thing, and on another thing at once', () => {
    marbles((m) => {
      const { log, work } = works(m);
      at(m, 0, () => {
        work('a').subscribe();
        work('b').subscribe();
        work('other', EMPTY, 'another').subscribe();
      });
      at(m, 15, () => work('c').subscribe());
      at(m, 50, () => work('d').subscribe());
      m.flush();
      expect(log).to.deep.equal([
        '0: a',
        '0: other',
        '10: a ended',
        '10: b',
        '10: other ended',
        '20: b ended',
        '20: c',
        '30: c ended',
        '50: d',
        '60: d ended',
      ]);
    });
  });

  it('goes on after one that errors or is unsubscribed', () => {
    marbles((m) => {
      const { log, work } = works(m);
      at(m, 0, () => {
        work(
          'a',
          throwError(() => new Error('no')),
        ).subscribe({ error: () => undefined });
        const hanging = work('b', NEVER).subscribe();
        work('c').subscribe();
        at(m, 25, () => {
          hanging.unsubscribe();
        });
      });
      m.flush();
      expect(log).to.deep.equal(['0: a', '10: a ended', '10: b', '25: b ended', '25: c', '35: c ended']);
    });
  });

  for (const [which, leaving] of [
    ['the last', 1],
    ['one in the middle', 0],
  ] as const) {
    it(`keeps those who come later waiting when ${which} of the waiting leaves`, () => {
      marbles((m) => {
        const { log, work } = works(m);
        at(m, 0, () => {
          work('a').subscribe();
          const waiting = [work('b').subscribe(), work('c').subscribe()];
          at(m, 2, () => {
            waiting[leaving]?.unsubscribe();
          });
          at(m, 4, () => work('d').subscribe());
        });
        m.flush();
        const other = leaving === 0 ? 'c' : 'b';
        expect(log).to.deep.equal([
          '0: a',
          '10: a ended',
          `10: ${other}`,
          `20: ${other} ended`,
          '20: d',
          '30: d ended',
        ]);
      });
    });
  }
});
