import { expect } from 'chai';
import { delay, filter, map, mergeMap, NEVER, of, timer } from 'rxjs';
import { ackMap, fromTopic, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Settlement', () => {
  describe('Deletes and visibility changes go in batches of 10 or after a short linger, never lingering past a lease; failed entries are retried one by one; a message whose delete failed for good is remembered and deleted on redelivery without being handed out.', () => {
    it('deletes go in batches of 10 or after a short linger', () => {
      messagingTest(({ broker, expectObservable }) => {
        publishMany(broker, 14);
        const client = watchCalls(broker);
        // While others are under way, there may be more to come.
        fromTopic(client, Letters)
          .pipe(ackMap((value) => (value === 'v13' ? NEVER : timer(5))))
          .subscribe();
        expectObservable(client.deletes$).toBe('5ms x 19ms y', { x: 10, y: 3 });
      }, inOrder);
    });

    it('visibility changes go in batches of 10 or after a short linger', () => {
      messagingTest(({ broker, expectObservable }) => {
        publishMany(broker, 14);
        const client = watchCalls(broker);
        fromTopic(client, Letters, { visibilityTimeoutSeconds: 600 })
          .pipe(
            filter(({ value }) => value !== 'v13'),
            delay(5),
            mergeMap((message) => message.settle(retryAfter(90_000))),
          )
          .subscribe();
        const sizes$ = client.visibilities$.pipe(map((seconds) => seconds.split(' ').length));
        expectObservable(sizes$, '^ 1s !').toBe('5ms x 19ms y', { x: 10, y: 3 });
      }, inOrder);
    });

    it('never lingering past a lease', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        const client = watchCalls(broker);
        // Both leases end at 1 s: 50 ms before, there is time to wait for others to share the call; 25 ms before, there is none.
        fromTopic(client, Letters, { maxLeaseSeconds: 1 })
          .pipe(ackMap((letter) => timer({ a: 950, b: 975 }[letter] ?? 5_000)))
          .subscribe();
        publish(Letters, '                            (abc)');
        expectObservable(client.deletes$, '^ 999ms !').toBe('970ms a 4ms b', { a: 1, b: 1 });
      }, inOrder);
    });

    it('failed entries are retried one by one', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        broker.fail('delete', { entries: { 0: 'InternalError', 2: 'InternalError' } });
        broker.fail('delete', { entries: { 0: 'InternalError' } });
        const client = watchCalls(broker);
        fromTopic(client, Letters)
          .pipe(ackMap((letter) => of(letter)))
          .subscribe();
        publish(Letters, '                  (abc)');
        // Up to 100 ms later, and up to 200 ms.
        expectObservable(client.deletes$).toBe('x 49ms (yy) 96ms y', { x: 3, y: 1 });
        expectSettled(Letters).toBe('       b 49ms c---- 95ms a');
      }, inOrder);
    });

    it('a message whose delete failed for good is remembered and deleted on redelivery without being handed out', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled, flush }) => {
        broker.fail('delete', { entries: { 0: 'ReceiptHandleIsInvalid' } });
        const client = watchCalls(broker);
        publish(Letters, '                                             a             ');
        expectObservable(fromTopic(client, Letters).pipe(ackMap((letter) => of(letter)))).toBe('a             ');
        expectObservable(client.deletes$).toBe('                    x 29999ms x', { x: 1 });
        expectSettled(Letters).toBe('                                  - 29999ms a');
        flush();
        expect(broker.messages(Letters)).to.deep.equal([]);
      });
    });
  });
});
