import { expect } from 'chai';
import * as t from 'io-ts';
import { map, timer } from 'rxjs';
import { ackMap, fromTopic, retryAfter, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Lanes, Letters } from '../../helpers/letters.js';

/** Of the groups `a` and `x`. All is there before somebody subscribes, and so one receive brings all of it. */
const values = { a: 'a1', b: 'a2', c: 'a3', x: 'x1', y: 'x2' };

describe('ackMap: FIFO', () => {
  it('FIFO: one lane per message group, lanes in parallel.', () => {
    messagingTest(({ broker, cold, publish, expectObservable, expectReceived, expectSubscriptions }) => {
      const [first, second, other] = [cold('----(w|)'), cold('--(w|)'), cold('---(w|)')];
      const works = new Map([
        [values.a, first],
        [values.b, second],
        [values.x, other],
      ]);
      const work$ = fromTopic(broker, Lanes).pipe(ackMap((value) => works.get(value) ?? []));
      publish(Lanes, '                             (abx)            ', values);
      expectReceived(Lanes).toBe('                 -----(abx)       ', values);
      expectObservable(work$, '                    -----^           ').toBe('--------ww-w');
      expectSubscriptions(first.subscriptions).toBe(' -----^---!       ');
      expectSubscriptions(second.subscriptions).toBe('---------^-!     ');
      expectSubscriptions(other.subscriptions).toBe(' -----^--!        ');
    });
  });

  it('a group of a standard queue is no lane', () => {
    messagingTest(({ broker, publish, expectObservable }) => {
      const Tenants = topic('tenants', t.string, { groupId: () => 'one' });
      const letters$ = fromTopic(broker, Tenants).pipe(ackMap((letter) => timer(3).pipe(map(() => letter))));
      publish(Tenants, '               (ab)');
      expectObservable(letters$).toBe('---(ab)');
    }, inOrder);
  });

  describe("In a lane messages are handled one after another in order, and after a failure the rest of that group's held messages are released unprocessed.", () => {
    it('one after another in order', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        // The later, the quicker: not a one overtakes another.
        const times: Readonly<Record<string, number>> = { a1: 5, a2: 3, a3: 1, x1: 2, x2: 1 };
        const values$ = fromTopic(broker, Lanes).pipe(
          ackMap((value) => timer(times[value] ?? 0).pipe(map(() => value))),
        );
        publish(Lanes, '               (abxcy)', values);
        expectObservable(values$, '    -------^').toBe('---------xy-a--bc', values);
        expectSettled(Lanes).toBe('    ----------------(xyabc)', values);
      });
    });

    it("after a failure the rest of that group's held messages are released unprocessed", () => {
      messagingTest(({ broker, cold, publish, expectObservable, expectReceived, expectRetried, flush }) => {
        const handled: string[] = [];
        const values$ = fromTopic(broker, Lanes, { maxInFlight: 10 }).pipe(
          ackMap(
            (value, { receiveCount }) => {
              handled.push(value);
              return value === 'a1' && receiveCount === 1 ? cold('--#') : cold('----(v|)', { v: value });
            },
            { onError: () => retryAfter(1_000) },
          ),
        );
        publish(Lanes, '                (abcxy)', values);
        // What is given back shares its call with what is done, once the last is.
        expectReceived(Lanes).toBe('    -------(abcxy) 1001ms (abc)', values);
        expectRetried(Lanes).toBe('     ---------------(abc)', values);
        expectObservable(values$, '     -------^').toBe('-----------x---y 1003ms a---b---c', values);
        flush();
        expect(handled).to.deep.equal(['a1', 'x1', 'x2', 'a1', 'a2', 'a3']);
      }, inOrder);
    });
  });
});

describe('ackMap: unsubscribe', () => {
  it('Unsubscribe cancels the inners and releases their messages.', () => {
    messagingTest(
      ({ broker, cold, publish, expectObservable, expectSubscriptions, expectSettled, expectRetried, flush }) => {
        const work = cold('                          ------------w');
        const consumed$ = fromTopic(broker, Letters).pipe(ackMap(() => work, { concurrency: 2 }));
        publish(Letters, '                           -(abc)');
        expectObservable(consumed$, '                ^---------!').toBe('');
        expectSubscriptions(work.subscriptions).toBe(['-^--------!', '-^--------!']);
        // The one that waited for its turn goes with them.
        expectSettled(Letters).toBe('');
        expectRetried(Letters).toBe('                ----------(abc)');
        flush();
        expect(broker.messages(Letters).map(({ state }) => state)).to.deep.equal(['visible', 'visible', 'visible']);
      },
      inOrder,
    );
  });
});
