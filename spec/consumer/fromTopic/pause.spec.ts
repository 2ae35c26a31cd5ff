import { expect } from 'chai';
import { BehaviorSubject, concat, type Observable, of, throwError } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { fromTopic } from '../../../src/consumer/fromTopic.js';
import { messagingTest } from '../../../src/testing/index.js';
import { at, marbles } from '../../helpers/marbles.js';
import { fakeConsumer, fill, Users } from '../../helpers/fakeConsumer.js';

const p = { p: true, r: false };

describe('fromTopic with pause$', () => {
  it('stops and restarts polling without touching work in flight', () => {
    messagingTest(({ broker, hot, cold, publish, expectObservable, expectSettled }) => {
      const pause$ = hot('             5s p 29s r', p);
      publish(Users, '                 4s a 9s b 49s c', { a: 'a', b: 'b', c: 'c' });
      const handled$ = fromTopic(broker, Users, { pause$ }).pipe(ackMap((user) => cold('20s (u|)', { u: user })));
      // `a` is handled while paused, `b` waits in the queue until it goes on.
      expectObservable(handled$).toBe('24s a 30s b 28s c', { a: 'a', b: 'b', c: 'c' });
      expectSettled(Users).toBe('      24s a 30s b 28s c', { a: 'a', b: 'b', c: 'c' });
    });
  });

  it('aborts a poll that waits, waits for one that was just sent, and hands out what that brings', () => {
    const receivedWhenPausedAt = (pausedAt: number): readonly string[] => {
      const received: string[] = [];
      marbles((m) => {
        const { queue, messages$ } = fakeConsumer();
        const pause$ = m.hot(`${String(pausedAt)}ms p`, p);
        at(m, 0, () => {
          const consuming = messages$({ pause$ }).subscribe(({ value }) => received.push(value));
          at(m, pausedAt + 100, () => {
            expect(queue.polls()).to.equal(pausedAt < 500 ? 1 : 0);
            fill(queue, 1);
          });
          at(m, pausedAt + 60_000, () => {
            expect(queue.polls()).to.equal(0);
            consuming.unsubscribe();
          });
        });
        m.flush();
      });
      return received;
    };
    expect(receivedWhenPausedAt(300)).to.deep.equal(['v0']);
    expect(receivedWhenPausedAt(600)).to.deep.equal([]);
  });

  it('goes on with a poll where it was paused for less than that', () => {
    marbles((m) => {
      const { queue, messages$, count } = fakeConsumer();
      const pause$ = m.hot('100ms p 99ms r', p);
      m.expectObservable(messages$({ pause$ }), '^ 999ms !').toBe('');
      at(m, 900, () => {
        expect(queue.polls()).to.equal(1);
        expect(count('receive')).to.equal(1);
      });
    });
  });

  it('polls never while it is paused from the beginning', () => {
    marbles((m) => {
      const { queue, messages$, count, types } = fakeConsumer();
      const pause$ = concat(of(true), m.cold('50ms r', p));
      const received: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$({ pause$ }).subscribe(({ value, settle }) => {
          received.push(value);
          void settle({ _tag: 'ack' });
        });
        at(m, 40, () => {
          expect(count('receive')).to.equal(0);
        });
        at(m, 100, () => {
          expect(received).to.deep.equal(['v0']);
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(types()).to.deep.equal(['started', 'paused', 'resumed', 'received', 'settled', 'stopped']);
    });
  });

  it('runs no timer while it is paused, and can be stopped', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer();
      const pause$ = m.hot('-p', p);
      m.expectObservable(messages$({ pause$, stop: m.cold('120m s') })).toBe('120m |');
    });
  });

  const failure = new Error('x');

  it('stays as it is when pause$ completes, and ends in order with the error of pause$', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
      });
      const failing$: Observable<boolean> = concat(
        m.cold('100ms r|', p),
        throwError(() => failure),
      );
      const handled$ = messages$({ pause$: failing$ }).pipe(ackMap((value) => of(value)));
      m.expectObservable(handled$).toBe('-v 499ms #', { v: 'v0' }, failure);
      const over$ = messages$({ pause$: of(true), stop: m.cold('5s s') });
      m.expectObservable(over$).toBe('5s |');
    });
  });

  it('listens to pause$ from subscribe to the end', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer();
      const pause$ = m.hot<boolean>('-');
      m.expectObservable(messages$({ pause$ }), '--^---!').toBe('-');
      m.expectSubscriptions(pause$.subscriptions).toBe('--^---!');
    });
  });

  it('has to be an Observable', () => {
    const pause$ = true as unknown as Observable<boolean>;
    expect(() => fakeConsumer().messages$({ pause$ })).to.throw('pause$: expected an Observable of true and false');
    expect(() => fakeConsumer().messages$({ pause$: new BehaviorSubject(false) })).not.to.throw();
  });
});
