import { expect } from 'chai';
import { map, NEVER, type Observable, timer } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest, type TestBroker } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls, type WatchedClient } from '../../helpers/watchCalls.js';

/** Messages that each receive asks for. */
const asked = ({ requests$ }: WatchedClient): Observable<number> =>
  requests$('receive').pipe(map(({ maxMessages }) => maxMessages));

/** What nobody has received. */
const untouched = (broker: TestBroker) => broker.messages(Letters).filter(({ receiveCount }) => receiveCount === 0);

describe('maxInFlight 1', () => {
  it('asks for one, and for no other before that is settled', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
      broker.latency({ receive: 2, delete: 4 });
      const client = watchCalls(broker);
      const letters$ = fromTopic(client, Letters, { maxInFlight: 1 }).pipe(
        ackMap((letter) => timer(5).pipe(map(() => letter))),
      );
      publish(Letters, '                               (abc)                 ');
      expectObservable(asked(client), '^ 10s !').toBe('1------1------1------1', { 1: 1 });
      expectReceived(Letters).toBe('                   --a------b------c     ');
      expectObservable(letters$).toBe('                -------a------b------c');
      expectSettled(Letters).toBe('                    ----------- a------b------c');
    }, inOrder);
  });

  it('holds none while its one poll waits: what that took is what is free', () => {
    messagingTest(({ broker, publish, expectObservable, flush }) => {
      const client = watchCalls(broker);
      const letters$ = fromTopic(client, Letters, { maxInFlight: 1, maxPolls: 10 }).pipe(ackMap(() => NEVER));
      publish(Letters, '                            ----(abc)');
      expectObservable(letters$).toBe('             ');
      expectObservable(asked(client)).toBe('        1    ', { 1: 1 });
      expectObservable(client.polls$).toBe('        1---0', { 0: 0, 1: 1 });
      flush();
      expect(untouched(broker)).to.have.lengthOf(2);
    }, inOrder);
  });
});

describe('ten that arrive with 3 credits left', () => {
  it('are asked for by one poll, for 3; the others stay in the queue for others', () => {
    messagingTest(({ broker, publish, expectObservable, flush }) => {
      publishMany(broker, 10);
      const client = watchCalls(broker);
      fromTopic(client, Letters, { maxInFlight: 13 })
        .pipe(ackMap(() => NEVER))
        .subscribe();
      publish(Letters, '                     ------(abcdefghij)');
      // The poll that waits brings the first as soon as it is there, and the next asks for the two that are left.
      expectObservable(asked(client)).toBe(' (x3)--2            ', { x: 10, 3: 3, 2: 2 });
      flush();
      expect(untouched(broker)).to.have.lengthOf(7);
    }, inOrder);
  });

  it('also when they are there at once, and polls in parallel were allowed', () => {
    messagingTest(({ broker, expectObservable, flush }) => {
      broker.latency({ receive: 6 });
      publishMany(broker, 20);
      const client = watchCalls(broker);
      fromTopic(client, Letters, { maxInFlight: 13 })
        .pipe(ackMap(() => NEVER))
        .subscribe();
      expectObservable(asked(client)).toBe('x 5ms 3', { x: 10, 3: 3 });
      expectObservable(client.polls$).toBe('     1 5ms (01)--0', { 0: 0, 1: 1 });
      flush();
      expect(untouched(broker)).to.have.lengthOf(7);
    }, inOrder);
  });

  it('are waited for in company while 97 are in flight, and then asked for: 3', () => {
    messagingTest(({ broker, expectObservable, flush }) => {
      publishMany(broker, 110);
      const client = watchCalls(broker);
      fromTopic(client, Letters, { maxInFlight: 100, maxPolls: 1 })
        .pipe(ackMap((value) => (['v1', 'v50', 'v99'].includes(value) ? timer(100) : NEVER)))
        .subscribe();
      const values = { x: 10, 3: 3 };
      expectObservable(asked(client)).toBe('(xxxxxxxxxx) 138ms 3', values);
      flush();
      expect(untouched(broker)).to.have.lengthOf(7);
    }, inOrder);
  });
});
