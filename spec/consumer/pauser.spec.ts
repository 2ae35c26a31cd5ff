import { expect } from 'chai';
import { BehaviorSubject, NEVER, type Observable, of } from 'rxjs';
import { createPauser } from '../../src/consumer/pauser.js';
import { at, marbles } from '../helpers/marbles.js';

const none = (error: unknown): never => expect.fail(String(error));
const p = { t: true, f: false };

describe('pauser', () => {
  it('is not paused as it begins, and tells each change once', () => {
    marbles((m) => {
      const pause$ = m.hot('    --t-t-f-f-t|', p);
      const expected = '        f-t---f---t-';
      m.expectObservable(createPauser(pause$, none).paused$).toBe(expected, p);
    });
  });

  it('is paused from the beginning where that is what `pause$` says at once', () => {
    expect(createPauser(new BehaviorSubject(true), none).isPaused).to.equal(true);
    expect(createPauser(of(true), none).isPaused).to.equal(true);
    expect(createPauser(undefined, none).isPaused).to.equal(false);
    expect(createPauser(NEVER, none).isPaused).to.equal(false);
  });

  it('tells late subscribers how it is', () => {
    marbles((m) => {
      const { paused$ } = createPauser(m.hot('-t------', p), none);
      m.expectObservable(paused$, '           ----^---').toBe('----t---', p);
    });
  });

  it('says when `pause$` fails', () => {
    marbles((m) => {
      const errors: [number, unknown][] = [];
      createPauser(m.hot('--#', p, 'x'), (error) => errors.push([m.scheduler.now(), error]));
      m.flush();
      expect(errors).to.deep.equal([[2, 'x']]);
    });
  });

  it('listens no more once unsubscribed', () => {
    marbles((m) => {
      const pause$ = m.hot('--t', p);
      const pauser = createPauser(pause$, none);
      at(m, 1, () => {
        pauser.unsubscribe();
      });
      m.expectSubscriptions(pause$.subscriptions).toBe('^!');
      m.flush();
      expect(pauser.isPaused).to.equal(false);
    });
  });

  it('takes anything from JavaScript for true or false', () => {
    const pause$ = of('yes') as unknown as Observable<boolean>;
    expect(createPauser(pause$, none).isPaused).to.equal(true);
  });
});
