import { expect } from 'chai';
import * as t from 'io-ts';
import { catchError, map, mergeMap, of, timer } from 'rxjs';
import { ack, ackMap, type AWSConnectionError, fromTopic, type Message, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';

const Letters = topic('letters', t.string);

/** A signal that aborts at that frame. */
function abortedAt(ms: number): AbortSignal {
  const controller = new AbortController();
  timer(ms).subscribe(() => {
    controller.abort();
  });
  return controller.signal;
}

/** What peers do when they stop, and this library does not. */
describe('a consumer that stops', () => {
  it('by a signal deletes what was finished before, though the delete is still on its way (sqs-consumer)', () => {
    messagingTest(({ broker, publish, expectSettled, flush }) => {
      // SQS is asked at 0, does it at 50 and has said so at 100.
      broker.latency({ delete: 100 });
      publish(Letters, '           a');
      fromTopic(broker, Letters, { stop: abortedAt(20) })
        .pipe(ackMap((letter) => of(letter)))
        .subscribe();
      expectSettled(Letters).toBe('100ms a');
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
    });
  });

  it('by a signal deletes what was finished before, though the delete waits for others (sqs-consumer)', () => {
    messagingTest(({ broker, publish, expectSettled }) => {
      publish(Letters, '           (ab)');
      fromTopic(broker, Letters, { stop: abortedAt(10) })
        .pipe(ackMap((letter) => timer(letter === 'a' ? 0 : 500)))
        .subscribe();
      expectSettled(Letters).toBe('20ms a 479ms b');
    });
  });

  it('acknowledges what is finished after the stop (JustSaying)', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
      publish(Letters, '               -a');
      const letters$ = fromTopic(broker, Letters, { stop: abortedAt(5) }).pipe(
        ackMap((letter) => timer(30_000).pipe(map(() => letter))),
      );
      expectObservable(letters$).toBe('- 30s (a|)');
      expectSettled(Letters).toBe('    - 30s a');
    });
  });

  it('confirms no acknowledgement that comes after its end (Spring Cloud AWS)', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled, flush }) => {
      publish(Letters, '            a');
      const kept: Message<string>[] = [];
      const consuming = fromTopic(broker, Letters).subscribe((message) => kept.push(message));
      timer(4).subscribe(() => {
        consuming.unsubscribe();
      });
      const told$ = timer(8).pipe(
        mergeMap(() => kept),
        mergeMap((message) => message.settle(ack)),
        catchError((error: unknown) => of((error as AWSConnectionError).code)),
      );
      expectObservable(told$).toBe('--------(l|)', { l: 'LeaseLost' });
      expectSettled(Letters).toBe('');
      flush();
      expect(broker.messages(Letters).map(({ state }) => state)).to.deep.equal(['visible']);
    });
  });

  it('renews its leases for as long as its handlers take (AWS.Messaging)', () => {
    messagingTest(({ broker, hot, publish, expectReceived, expectSettled }) => {
      const other = broker.connect();
      const stop = hot('           -s');
      publish(Letters, '           a ');
      fromTopic(broker, Letters, { stop, visibilityTimeoutSeconds: 10 })
        .pipe(ackMap(() => timer(60_000)))
        .subscribe();
      timer(2)
        .pipe(mergeMap(() => fromTopic(other, Letters)))
        .subscribe();
      expectReceived(Letters, other).toBe('');
      expectSettled(Letters).toBe('60s a');
    });
  });
});
