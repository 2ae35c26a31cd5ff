import { expect } from 'chai';
import {
  catchError,
  EMPTY,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  ReplaySubject,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import { ack, ackMap, fromTopic, type Message } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { codeOf, confirmed, inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

/** A timer of two parts: it fires after what was set for the same time before the second part began. */
const lateTimer = (ms: number) => timer(ms - 10).pipe(switchMap(() => timer(10)));

/** When a lease is lost; drawn as a letter. */
function losses() {
  const seen = new ReplaySubject<Observable<string>>(Infinity);
  return {
    watch: ({ value, lost$ }: Message<string>) => {
      seen.next(lost$.pipe(map(() => value)));
    },
    lost$: seen.pipe(mergeAll()),
  };
}

describe('a settlement in the frame in which the lease is lost', () => {
  describe('because its time is over', () => {
    it('said before it is noticed: it is sent, and what SQS hands out again is deleted, not handled again', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, flush }) => {
        const { watch, lost$ } = losses();
        const client = watchCalls(broker);
        const letters$ = fromTopic(client, Letters, { maxLeaseSeconds: 10 }).pipe(
          tap(watch),
          ackMap((letter) => timer(10_000).pipe(map(() => letter))),
        );
        publish(Letters, '                a    ');
        expectObservable(letters$).toBe(' 10s a');
        expectObservable(lost$).toBe('   ');
        expectReceived(Letters).toBe('   a    ');
        flush();
        expect(broker.messages(Letters)).to.deep.equal([]);
      });
    });

    it('said after it is noticed: nothing is sent, the work is cancelled, and SQS hands the message out again', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        const { watch, lost$ } = losses();
        const client = watchCalls(broker);
        const letters$ = fromTopic(client, Letters, { maxInFlight: 1, maxLeaseSeconds: 10 }).pipe(
          tap(watch),
          ackMap((letter, { receiveCount }) =>
            (receiveCount === 1 ? lateTimer(10_000) : timer(5)).pipe(map(() => letter)),
          ),
        );
        publish(Letters, '                      a         ');
        expectObservable(lost$).toBe('         10s a     ');
        expectReceived(Letters).toBe('         a 9999ms a');
        expectObservable(letters$).toBe('      10005ms a ');
        expectSettled(Letters).toBe('          10005ms a ');
        expectObservable(client.deletes$).toBe('10005ms d ', { d: 1 });
      });
    });

    it('said by who hears of the loss: it is too late, and the teller is told so', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        const client = watchCalls(broker);
        const codes$ = fromTopic(client, Letters, { maxLeaseSeconds: 10 }).pipe(
          mergeMap((message) => message.lost$.pipe(mergeMap(() => confirmed(message, ack).pipe(catchError(codeOf))))),
        );
        publish(Letters, '                      a');
        expectObservable(codes$, '             ^ 11s !').toBe('10s e', { e: 'LeaseLost' });
        expectObservable(client.deletes$).toBe('');
        expectSettled(Letters).toBe('          ');
      });
    });
  });

  describe('because SQS refuses its renewal', () => {
    /** The renewal of 5 s is refused 200 ms later. */
    const visibility = { visibilityTimeoutSeconds: 10 };

    it('said before: it is sent', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.latency({ changeVisibility: 200 });
        broker.fail('changeVisibility', { entries: { 0: 'ReceiptHandleIsInvalid' } });
        const { watch, lost$ } = losses();
        // Another one is under way for longer: what is said lingers for 20 ms.
        fromTopic(broker, Letters, visibility)
          .pipe(
            tap(watch),
            ackMap((letter) => timer(letter === 'a' ? 5_200 : 6_000)),
          )
          .subscribe();
        publish(Letters, '            (ab)              ');
        expectObservable(lost$).toBe('                  ');
        expectReceived(Letters).toBe('(ab)              ');
        expectSettled(Letters).toBe(' 5220ms a 779ms b  ');
      }, inOrder);
    });

    it('said after: nothing is sent, and the message comes again', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.latency({ changeVisibility: 200 });
        broker.fail('changeVisibility', { entries: { 0: 'ReceiptHandleIsInvalid' } });
        const { watch, lost$ } = losses();
        const client = watchCalls(broker);
        fromTopic(client, Letters, visibility)
          .pipe(
            tap(watch),
            ackMap((_letter, { receiveCount }) => (receiveCount === 1 ? lateTimer(5_200) : EMPTY)),
          )
          .subscribe();
        publish(Letters, '                    a       ');
        expectObservable(lost$).toBe('       5200ms a');
        expectReceived(Letters).toBe('       a 9999ms a');
        expectSettled(Letters).toBe('        10s a');
        expectObservable(client.deletes$).toBe('10s d', { d: 1 });
      });
    });
  });
});
