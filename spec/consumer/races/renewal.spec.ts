import { ignoreElements, map, mergeMap, NEVER, type Observable, take, throwError, timer } from 'rxjs';
import { ackMap, fromTopic, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

/** A renewal is due at 15 s. It takes 200 ms: half of it to SQS, half of it back. */
const latency = { changeVisibility: 200 };

/** Before it reaches SQS; while its answer is on the way; in the frame of the answer, before that. */
const MOMENTS = [15_050, 15_150, 15_200];

/** A handler that ends at this time. A second message is under way for longer, so that what is said lingers for 20 ms. */
const done =
  (ms: number) =>
  (letter: string): Observable<unknown> =>
    timer(letter === 'a' ? ms : 20_000);

describe('a settlement while the lease is being renewed', () => {
  for (const doneAt of MOMENTS) {
    it(`waits for the answer: the delete of ${doneAt} ms is not overtaken`, () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.latency(latency);
        const client = watchCalls(broker);
        fromTopic(client, Letters)
          .pipe(ackMap(done(doneAt)))
          .subscribe();
        publish(Letters, '                         (ab)               ');
        expectObservable(client.visibilities$).toBe('15s r              ', { r: '30 30' });
        expectObservable(client.deletes$).toBe('      15220ms d 4779ms d', { d: 1 });
        expectReceived(Letters).toBe('             (ab)               ');
        expectSettled(Letters).toBe('              15220ms a 4779ms b');
      }, inOrder);
    });

    it(`waits for the answer: the retry of ${doneAt} ms is not undone by the 30 s of the renewal`, () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.latency(latency);
        const client = watchCalls(broker);
        const failing$ = timer(doneAt).pipe(mergeMap(() => throwError(() => new Error('no'))));
        const work = (letter: string, { receiveCount }: { readonly receiveCount: number }) =>
          letter === 'b' ? timer(20_000) : receiveCount === 1 ? failing$ : [];
        fromTopic(client, Letters)
          .pipe(ackMap(work, { onError: () => retryAfter(5_000) }))
          .subscribe();
        publish(Letters, '                         (ab)              ');
        expectObservable(client.visibilities$).toBe('15s r 219ms v     ', { r: '30 30', v: '5' });
        // Counted from when it reaches SQS, half of 200 ms later.
        expectReceived(Letters).toBe('             (ab) 20316ms a     ');
        expectSettled(Letters).toBe('              20s b 319ms a      ');
      }, inOrder);
    });
  }

  it('is sent all the same when the renewal is refused: what is done is done, and its credit comes back once', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
      broker.latency(latency);
      broker.fail('changeVisibility', { entries: { 0: 'ReceiptHandleIsInvalid' } });
      const client = watchCalls(broker);
      fromTopic(client, Letters, { maxInFlight: 2 })
        .pipe(ackMap(done(15_100)))
        .subscribe();
      publish(Letters, '                   (abcd)');
      expectObservable(client.deletes$).toBe('15220ms d 4799ms d 15099ms d 4879ms d', { d: 1 });
      expectReceived(Letters).toBe('       (ab) 15096ms c 4899ms d');
      expectSettled(Letters).toBe('        15220ms a 4799ms b 15099ms c 4879ms d');
    }, inOrder);
  });

  it('does not wait for an answer that never comes, but for half of what is left of the lease', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
      const client = watchCalls(broker, { changeVisibilityBatch: () => NEVER });
      fromTopic(client, Letters)
        .pipe(ackMap(done(15_100)))
        .subscribe();
      publish(Letters, '                   (ab)     ');
      expectObservable(client.deletes$).toBe('22520ms d', { d: 2 });
      expectReceived(Letters).toBe('       (ab)     ');
      expectSettled(Letters).toBe('        22520ms (ab)');
    }, inOrder);
  });

  it('is sent at once when it is said in the frame of the renewal, before it, and is not renewed', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectSettled }) => {
      broker.latency(latency);
      const client = watchCalls(broker);
      // It was set before the lease was.
      const first = hot('                          15s d');
      fromTopic(client, Letters)
        .pipe(ackMap((letter) => (letter === 'a' ? first.pipe(take(1)) : timer(20_000))))
        .subscribe();
      publish(Letters, '                           (ab)               ');
      expectObservable(client.visibilities$).toBe('  15s r', { r: '30' });
      expectObservable(client.deletes$).toBe('        15020ms d 4979ms d', { d: 1 });
      expectReceived(Letters).toBe('               (ab)               ');
      expectSettled(Letters).toBe('                15020ms a 4979ms b');
    }, inOrder);
  });

  it('waits for the renewal when it is said in the frame of that, after it', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
      broker.latency(latency);
      const client = watchCalls(broker);
      fromTopic(client, Letters)
        .pipe(ackMap(done(15_000)))
        .subscribe();
      publish(Letters, '                         (ab)               ');
      expectObservable(client.visibilities$).toBe('15s r              ', { r: '30 30' });
      expectObservable(client.deletes$).toBe('      15220ms d 4779ms d', { d: 1 });
      expectReceived(Letters).toBe('             (ab)               ');
      expectSettled(Letters).toBe('              15220ms a 4779ms b');
    }, inOrder);
  });

  it('takes it out of a renewal that has not been sent', () => {
    messagingTest(({ broker, expectObservable }) => {
      broker.latency({ changeVisibility: 1_000 });
      publishMany(broker, 110);
      const client = watchCalls(broker);
      // Ten calls are under way at once, and the eleventh waits for the first of them, until 16 s.
      const work$ = fromTopic(client, Letters, { maxInFlight: 110 }).pipe(
        ackMap((value) => timer(value === 'v105' ? 15_500 : 20_000)),
        ignoreElements(),
      );
      expectObservable(work$, '    ^ 16500ms !').toBe('');
      const sizes$ = client.visibilities$.pipe(map((seconds) => seconds.split(' ').length));
      const expected = '           15s (xxxxxxxxxx) 988ms y';
      expectObservable(sizes$, '   ^ 16499ms !').toBe(expected, { x: 10, y: 9 });
    }, inOrder);
  });
});
