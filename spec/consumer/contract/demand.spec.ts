import { expect } from 'chai';
import { concatMap, delay, map, mergeMap, NEVER, of, tap, timer } from 'rxjs';
import { ack, ackMap, fromTopic, ignore, reject, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Demand', () => {
  describe('A message is in flight from receipt until it is settled.', () => {
    it('from receipt: what waits for its handler counts too', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived }) => {
        const letters$ = fromTopic(broker, Letters, { maxInFlight: 2 }).pipe(
          concatMap((message) => of(message).pipe(delay(7))),
          ackMap((letter) => of(letter)),
        );
        publish(Letters, '               (abcd)');
        expectReceived(Letters).toBe('   (ab)---c------d');
        expectObservable(letters$).toBe('-------a------b------c------d');
      }, inOrder);
    });

    for (const [what, settlement] of [
      ['ack', ack],
      ['retryAfter', retryAfter(60_000)],
      ['ignore', ignore],
      ['reject', reject(new Error('no'))],
    ] as const) {
      it(`until it is settled, here by ${what}`, () => {
        messagingTest(
          ({ broker, publish, expectReceived }) => {
            fromTopic(broker, Letters, { maxInFlight: 1 })
              .pipe(mergeMap((message) => timer(5).pipe(tap(() => void message.settle(settlement)))))
              .subscribe();
            publish(Letters, '            (ab)');
            expectReceived(Letters).toBe('a----b');
          },
          { ...inOrder, overtimeMs: 0 },
        );
      });
    }
  });

  describe('A poll first takes min(10, free) credits and gives back what it did not receive, so in flight never exceeds `maxInFlight`, whatever arrives.', () => {
    it('a poll first takes min(10, free) credits', () => {
      messagingTest(({ broker, expectObservable, flush }) => {
        publishMany(broker, 40);
        const client = watchCalls(broker);
        fromTopic(client, Letters, { maxInFlight: 25 }).subscribe();
        const asked$ = client.requests$('receive').pipe(map(({ maxMessages }) => maxMessages));
        // The first brings ten, and so there are two at once: for ten, and for the five that are left.
        expectObservable(asked$).toBe('(xxy)', { x: 10, y: 5 });
        flush();
        expect(broker.messages(Letters).filter(({ receiveCount }) => receiveCount > 0)).to.have.lengthOf(25);
      }, inOrder);
    });

    it('and gives back what it did not receive', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        const client = watchCalls(broker);
        fromTopic(client, Letters, { maxInFlight: 10 }).subscribe();
        const asked$ = client.requests$('receive').pipe(map(({ maxMessages }) => maxMessages));
        publish(Letters, '                        (abc)-d');
        expectObservable(asked$, '^ 10s !').toBe('(xy)--z', { x: 10, y: 7, z: 6 });
      }, inOrder);
    });

    it('so in flight never exceeds `maxInFlight`, whatever arrives', () => {
      messagingTest(({ broker, publish, flush }) => {
        publishMany(broker, 100);
        let inFlight = 0;
        const most: number[] = [];
        fromTopic(broker, Letters, { maxInFlight: 23 })
          .pipe(
            tap(() => most.push((inFlight += 1))),
            ackMap((value) => timer(1 + (Number(value.slice(1)) % 17)).pipe(tap(() => (inFlight -= 1)))),
          )
          .subscribe();
        const later = Array.from('abcdefghijklm', (letter, index): [string, string] => [letter, `v${index}`]);
        publish(Letters, '99ms (abcdefghijklm)', Object.fromEntries(later));
        flush();
        expect(most).to.have.lengthOf(113);
        expect(Math.max(...most)).to.equal(23);
      });
    });

    it('and nothing is received while all of it is in use', () => {
      messagingTest(({ broker, publish, expectReceived }) => {
        fromTopic(broker, Letters, { maxInFlight: 3 })
          .pipe(ackMap(() => NEVER))
          .subscribe();
        publish(Letters, '         ab-(cdef)');
        expectReceived(Letters).toBe('ab-c');
      }, inOrder);
    });
  });
});
