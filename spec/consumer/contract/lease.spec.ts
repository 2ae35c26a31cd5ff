import { expect } from 'chai';
import { asyncScheduler, filter, map, mergeAll, mergeMap, type Observable, ReplaySubject, tap, timer } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

const TWELVE_HOURS_MS = 43_200_000;

describe('fromTopic: Lease', () => {
  describe('The visibility timeout is renewed from receipt on, buffered messages included, by one timer for all, in ChangeMessageVisibilityBatch calls of up to 10; never past 12 h from receipt, nor `maxLeaseSeconds`.', () => {
    it('from receipt on', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        const client = watchCalls(broker);
        fromTopic(client, Letters)
          .pipe(ackMap(() => timer(50_000)))
          .subscribe();
        publish(Letters, '                         -a');
        expectObservable(client.visibilities$).toBe('- 15s r 14999ms r 14999ms r', { r: '30' });
        expectReceived(Letters).toBe('             -a');
        expectSettled(Letters).toBe('              - 50s a');
      });
    });

    it('buffered messages included', () => {
      messagingTest(({ broker, publish, expectReceived, expectSettled }) => {
        fromTopic(broker, Letters, { visibilityTimeoutSeconds: 2 })
          .pipe(ackMap(() => timer(3_000), { concurrency: 1 }))
          .subscribe();
        publish(Letters, '            (abc)');
        expectReceived(Letters).toBe('(abc)');
        expectSettled(Letters).toBe(' 3020ms a 2999ms b 2979ms c');
      }, inOrder);
    });

    it('by one timer for all, in calls of up to 10', () => {
      messagingTest(({ broker, expectObservable, publish }) => {
        publishMany(broker, 8);
        const client = watchCalls(broker);
        const held$ = fromTopic(client, Letters);
        expectObservable(held$.pipe(filter(() => false)), '^ 20s !').toBe('');
        // They come within 1 s, and are taken along with the first.
        publish(Letters, '                                500ms a 499ms (bc)');
        const expected = '                                15s (xy)';
        const of8 = Array(10).fill('30').join(' ');
        expectObservable(client.visibilities$, '          ^ 16s !').toBe(expected, { x: of8, y: '30' });
      }, inOrder);
    });

    it('never past 12 h from receipt', () => {
      messagingTest(({ broker, publish, expectObservable, flush }) => {
        const client = watchCalls(broker);
        const ends: number[] = [];
        client.visibilities$.subscribe((seconds) => ends.push(asyncScheduler.now() + Number(seconds) * 1_000));
        const failed: string[] = [];
        broker.events$.subscribe(({ type }) => failed.push(...(type === 'renewalFailed' ? [type] : [])));
        const lost$ = fromTopic(client, Letters, { visibilityTimeoutSeconds: 3_600 }).pipe(
          filter(({ receiveCount }) => receiveCount === 1),
          mergeMap(({ value, lost$: end$ }) => end$.pipe(map(() => value))),
        );
        publish(Letters, 'a');
        // Half a minute is kept for the clock of SQS, which counts from before the message is here.
        expectObservable(lost$, '^ 721m !').toBe('719m 30s a');
        flush();
        const renewals = ends.filter((end) => end < TWELVE_HOURS_MS);
        expect(renewals.at(-1)).to.equal(TWELVE_HOURS_MS - 30_000);
        expect(failed).to.deep.equal([]);
      });
    });

    it('nor `maxLeaseSeconds`', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        const client = watchCalls(broker);
        const lost$ = fromTopic(client, Letters, { maxLeaseSeconds: 40 }).pipe(
          mergeMap(({ value, lost$: end$ }) => end$.pipe(map(() => value))),
        );
        publish(Letters, '                                   a');
        expectObservable(lost$, '                            ^ 45s !').toBe('40s a');
        expectObservable(client.visibilities$, '             ^ 44s !').toBe('15s r', { r: '25' });
      });
    });
  });

  it('A renewal stops before the settlement is sent.', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
      broker.latency({ changeVisibility: 200 });
      const client = watchCalls(broker);
      // The first is done while it is being renewed. Its delete waits for that, and for 20 ms for others to share its call.
      fromTopic(client, Letters)
        .pipe(ackMap((letter) => timer(letter === 'a' ? 15_100 : 20_000)))
        .subscribe();
      publish(Letters, '                         (ab)');
      expectObservable(client.visibilities$).toBe('15s r', { r: '30 30' });
      expectObservable(client.deletes$).toBe('      15220ms d 4779ms d', { d: 1 });
      expectSettled(Letters).toBe('              15220ms a 4779ms b');
    }, inOrder);
  });

  describe('A transient renewal failure is tried again; a lost lease fires `message.lost$`, cancels the handler, and nothing is acknowledged.', () => {
    it('a transient renewal failure is tried again', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.fail('changeVisibility', { error: 'ServiceUnavailable', times: 2 });
        const client = watchCalls(broker);
        fromTopic(client, Letters)
          .pipe(ackMap(() => timer(40_000)))
          .subscribe();
        publish(Letters, '                                   a');
        // Up to 200 ms later, and up to 400 ms; then it is renewed as ever.
        expectObservable(client.visibilities$).toBe('15s r 99ms r 199ms r 14699ms r', { r: '30' });
        expectReceived(Letters).toBe('                       a');
        expectSettled(Letters).toBe('                        40s a');
      });
    });

    it('a lost lease fires `message.lost$`, cancels the handler, and nothing is acknowledged', () => {
      messagingTest(({ broker, cold, publish, expectObservable, expectSubscriptions, expectSettled, flush }) => {
        broker.fail('changeVisibility', { entries: { 0: 'ReceiptHandleIsInvalid' } });
        const losses = new ReplaySubject<Observable<string>>(Infinity);
        const work = cold('                                   20s (w|)');
        const letters$ = fromTopic(broker, Letters, { maxInFlight: 1 }).pipe(
          tap(({ value, lost$ }) => losses.next(lost$.pipe(map(() => value)))),
          ackMap(() => work),
        );
        publish(Letters, '                                    a');
        expectObservable(losses.pipe(mergeAll()), '^ 25s !').toBe('15s a');
        expectObservable(letters$, '                  ^ 25s !').toBe('');
        expectSubscriptions(work.subscriptions).toBe('        ^ 14999ms !');
        expectSettled(Letters).toBe('');
        flush();
        expect(broker.messages(Letters)).to.have.lengthOf(1);
      });
    });
  });
});
