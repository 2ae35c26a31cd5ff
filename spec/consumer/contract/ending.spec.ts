import { expect } from 'chai';
import { finalize, ignoreElements, map, NEVER, of, type ObservableInput, timer } from 'rxjs';
import { ackMap, AWSConnectionError, type ConsumerOptions, fromTopic } from '../../../src/index.js';
import { messagingTest, type TestBroker } from '../../../src/testing/index.js';
import { inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Unsubscribe', () => {
  it('Unsubscribe aborts polls and releases what is unsettled (visibility 0).', () => {
    messagingTest(({ broker, cold, publish, expectObservable, expectReceived, expectRetried, expectSubscriptions }) => {
      const client = watchCalls(broker);
      const other = broker.connect();
      const work = cold('                            ---------w');
      publish(Letters, '                             -(ab)    ');
      const consumed$ = fromTopic(client, Letters).pipe(ackMap(() => work));
      expectObservable(consumed$, '                  ^------! ').toBe('');
      const held = '                                 -^-----! ';
      expectSubscriptions(work.subscriptions).toBe([held, held]);
      expectObservable(client.polls$).toBe('         1(0101)0 ', { 0: 0, 1: 1 });
      expectObservable(client.visibilities$).toBe('  -------v ', { v: '0 0' });
      expectRetried(Letters).toBe('                  -------(ab)');
      const again$ = fromTopic(other, Letters).pipe(map(({ value }) => value));
      expectObservable(again$, '                     --^      ').toBe('-------(ab)');
      expectReceived(Letters, other).toBe('          -------(ab)');
    }, inOrder);
  });
});

describe('fromTopic: stop', () => {
  /** Ways to say, or not to say, that it is time at 700 ms. */
  const STOPS: Readonly<Record<string, (signal: AbortSignal, stop: ObservableInput<unknown>) => ConsumerOptions>> = {
    'an Observable': (_signal, stop) => ({ stop }),
    'an AbortSignal': (signal) => ({ stop: signal }),
  };

  it('`stop` (an ObservableInput or an AbortSignal) ends polling, lets the work in flight finish and settle, then completes.', () => {
    for (const stopBy of Object.values(STOPS)) {
      messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectSettled }) => {
        broker.latency({ delete: 10 });
        const client = watchCalls(broker);
        const abort = new AbortController();
        timer(700).subscribe(() => abort.abort());
        const letters$ = fromTopic(client, Letters, stopBy(abort.signal, hot('700ms s'))).pipe(
          ackMap((letter) => timer(letter === 'a' ? 2_000 : 3_000).pipe(map(() => letter))),
        );
        publish(Letters, '                     (ab) 900ms c');
        expectReceived(Letters).toBe('         (ab)             ');
        expectObservable(client.polls$).toBe(' (101) 695ms 0    ', { 0: 0, 1: 1 });
        expectObservable(letters$).toBe('      2s a 999ms b 9ms |');
        expectSettled(Letters).toBe('          2030ms a 979ms b');
      }, inOrder);
    }
  });

  it('any ObservableInput will do, one that emits at once too', () => {
    messagingTest(({ broker, expectObservable }) => {
      broker.provision(Letters);
      for (const stop of [['now'], of('now'), new Set(['now'])]) {
        expectObservable(fromTopic(broker, Letters, { stop })).toBe('|');
      }
    });
  });
});

describe('client.close()', () => {
  /** Emits nothing, and completes when the client is closed for good. */
  const closed$ = (broker: TestBroker) => broker.events$.pipe(ignoreElements());

  it('`client.close()` resolves when all settlements are confirmed, within `timeoutMs`.', async () => {
    const closing: Promise<void>[] = [];
    messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
      broker.latency({ delete: 300 });
      fromTopic(broker, Letters)
        .pipe(ackMap((letter) => timer(letter === 'a' ? 1_000 : 2_000)))
        .subscribe();
      timer(700).subscribe(() => closing.push(broker.close()));
      publish(Letters, '                   (ab)');
      expectSettled(Letters).toBe('        1320ms a 979ms b');
      expectObservable(closed$(broker)).toBe('2300ms |');
    }, inOrder);
    await Promise.all(closing);
    expect(closing).to.have.lengthOf(1);
  });

  it('and what does not end by then is cancelled and released within `timeoutMs`', async () => {
    const closing: Promise<void>[] = [];
    messagingTest(
      ({ broker, publish, expectObservable, expectRetried }) => {
        const cancelled: string[] = [];
        fromTopic(broker, Letters)
          .pipe(ackMap((letter) => NEVER.pipe(finalize(() => cancelled.push(letter)))))
          .subscribe();
        timer(1_000).subscribe(() => closing.push(broker.close()));
        publish(Letters, '                   a');
        // Nine tenths of it are for the work, the rest for the release.
        expectRetried(Letters).toBe('        10s a');
        expectObservable(closed$(broker)).toBe('10s |');
      },
      { timeoutMs: 10_000 },
    );
    await Promise.all(closing);
    expect(closing).to.have.lengthOf(1);
  });

  it('and rejects after `timeoutMs` when SQS confirms nothing', async () => {
    const closing: Promise<unknown>[] = [];
    messagingTest(
      ({ broker, publish, expectObservable }) => {
        const client = watchCalls(broker, { deleteBatch: () => NEVER });
        fromTopic(client, Letters)
          .pipe(ackMap((letter) => of(letter)))
          .subscribe();
        timer(1_000).subscribe(() => closing.push(broker.close().catch((error: unknown) => error)));
        publish(Letters, '                     a');
        expectObservable(closed$(broker)).toBe('11s |');
      },
      { timeoutMs: 10_000 },
    );
    const [error] = await Promise.all(closing);
    expect(error).to.be.instanceOf(AWSConnectionError).and.include({ code: 'CloseTimeout' });
  });
});
