import * as t from 'io-ts';
import { map, mergeMap, NEVER, of, timer } from 'rxjs';
import { ackMap, fromTopic, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';

const Letters = topic('letters', t.string);

/** What peers do about visibility timeouts, and this library does not. */
describe('a lease', () => {
  it('is not renewed for ever for a handler that is dead: another consumer gets the message (MassTransit, AWS.Messaging)', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectSettled }) => {
      const other = broker.connect();
      const stop = hot('                   -s');
      publish(Letters, '                   a ');
      const dead$ = fromTopic(broker, Letters, { stop, maxLeaseSeconds: 60 }).pipe(ackMap(() => NEVER));
      expectObservable(dead$).toBe('       60s   |');
      timer(1)
        .pipe(mergeMap(() => fromTopic(other, Letters).pipe(ackMap((letter) => of(letter)))))
        .subscribe();
      expectReceived(Letters, other).toBe('60s   a');
      expectSettled(Letters, other).toBe(' 60s   a');
    });
  });

  it('is renewed although SQS throttles the renewal at first (MassTransit)', () => {
    messagingTest(({ broker, publish, expectReceived, expectSettled }) => {
      broker.fail('changeVisibility', { error: 'RequestThrottled', times: 5 });
      publish(Letters, '            a');
      fromTopic(broker, Letters)
        .pipe(ackMap(() => timer(100_000)))
        .subscribe();
      expectReceived(Letters).toBe('a');
      expectSettled(Letters).toBe(' 100s a');
    });
  });

  it('that could not be renewed is not believed to be held: the handler is cancelled as it ends (MassTransit)', () => {
    messagingTest(
      ({ broker, cold, hot, publish, expectObservable, expectSubscriptions, expectReceived, expectSettled }) => {
        broker.fail('changeVisibility', { error: 'RequestThrottled', times: Infinity });
        const other = broker.connect();
        const stop = hot('                            -s');
        const work = cold('                           ----');
        publish(Letters, '                            a ');
        const lost$ = fromTopic(broker, Letters, { stop }).pipe(ackMap(() => work));
        expectObservable(lost$).toBe('                30s   |');
        expectSubscriptions(work.subscriptions).toBe('^ 29999ms !');
        timer(1)
          .pipe(mergeMap(() => fromTopic(other, Letters).pipe(ackMap((letter) => of(letter)))))
          .subscribe();
        expectReceived(Letters, other).toBe('         30s   a');
        expectSettled(Letters).toBe('');
      },
    );
  });

  it('is renewed for messages that wait for a slot (NServiceBus, Pekko Connectors)', () => {
    messagingTest(
      ({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
        const other = broker.connect();
        publish(Letters, '               (abc)');
        const letters$ = fromTopic(broker, Letters).pipe(
          ackMap((letter) => timer(40_000).pipe(map(() => letter)), { concurrency: 1 }),
        );
        expectObservable(letters$).toBe('40s a 39999ms b 39999ms c');
        timer(1)
          .pipe(mergeMap(() => fromTopic(other, Letters)))
          .subscribe();
        expectReceived(Letters, other).toBe('');
        // A delete waits 20 ms for others to share its call, the last for nobody.
        expectSettled(Letters).toBe('    40020ms a 39999ms b 39979ms c');
      },
      { unordered: false, partialReceives: false },
    );
  });
});
