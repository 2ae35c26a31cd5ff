import { expect } from 'chai';
import { catchError, merge, mergeMap, NEVER, type Observable, Subject, timer } from 'rxjs';
import { ack, ackMap, fromTopic, ignore, reject, retryAfter, type Settlement } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { codeOf, confirmed, inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Settlement', () => {
  it('Settlement is explicit: `ack | retryAfter(ms) | reject(error) | ignore`.', () => {
    const settlements: Readonly<Record<string, Settlement>> = {
      a: ack,
      b: retryAfter(5_000),
      c: reject(new Error('no')),
      d: ignore,
    };
    messagingTest(({ broker, publish, expectReceived, expectSettled, expectRetried, expectDeadLettered, flush }) => {
      fromTopic(broker, Letters).subscribe((message) => {
        void message.settle(message.receiveCount === 1 ? (settlements[message.value] ?? ack) : ack);
      });
      publish(Letters, '             (abcd)                    ');
      expectReceived(Letters).toBe(' (abcd) 4994ms b 24999ms d');
      expectSettled(Letters).toBe('  a----- 4994ms b 24999ms d');
      expectRetried(Letters).toBe('  (db)                      ');
      expectDeadLettered(Letters).toBe('c');
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
    }, inOrder);
  });

  describe('`message.settle(s)` acts at once (it needs no subscriber), the first one wins, and the Observable it returns completes when SQS has confirmed that very entry, or errors.', () => {
    it('acts at once (it needs no subscriber)', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        const client = watchCalls(broker);
        fromTopic(client, Letters).subscribe((message) => {
          void message.settle(ack);
        });
        publish(Letters, '                  --a');
        expectObservable(client.deletes$).toBe('--d', { d: 1 });
        expectSettled(Letters).toBe('       --a');
      });
    });

    it('the first one wins', () => {
      const said: Readonly<Record<string, readonly Settlement[]>> = {
        a: [retryAfter(3_000), ack, reject(new Error('no'))],
        b: [reject(new Error('no')), ack, ignore],
        c: [ignore, ack],
        d: [ack, retryAfter(0)],
      };
      messagingTest(
        ({ broker, publish, expectObservable, expectReceived, expectRetried, expectSettled, expectDeadLettered }) => {
          broker.latency({ send: 10 });
          const confirmed$ = fromTopic(broker, Letters).pipe(
            mergeMap((message) => {
              const settlements = message.receiveCount === 1 ? (said[message.value] ?? []) : [ack];
              return merge(...settlements.map((settlement) => confirmed(message, settlement)));
            }),
          );
          publish(Letters, '               (abcd)                    ');
          expectReceived(Letters).toBe('   (abcd) 3004ms a 26989ms c');
          expectDeadLettered(Letters).toBe('-----b                 ');
          expectRetried(Letters).toBe('    c 9ms a                ');
          // Whoever settles it is told of the first.
          expectObservable(confirmed$).toBe('(cc) 6ms (ddbbbaaa) 2990ms a 26989ms c');
          expectSettled(Letters).toBe('    10ms d 2999ms a 26989ms c');
        },
        inOrder,
      );
    });

    it('completes when SQS has confirmed that very entry', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        broker.latency({ delete: 4 });
        broker.fail('delete', { entries: { 1: 'InternalError' } });
        const confirmed$ = fromTopic(broker, Letters).pipe(mergeMap((message) => confirmed(message, ack)));
        publish(Letters, '                  (abc)');
        // One call for the three; the second of it fails, and is sent again 50 ms later.
        expectObservable(confirmed$).toBe('----(ac) 50ms b');
      }, inOrder);
    });

    it('or errors', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        broker.fail('delete', { entries: { 0: 'ReceiptHandleIsInvalid' } });
        const codes$ = fromTopic(broker, Letters).pipe(
          mergeMap((message) => confirmed(message, ack)),
          catchError(codeOf),
        );
        publish(Letters, '              -a');
        expectObservable(codes$).toBe(' -(e|)', { e: 'ReceiptHandleIsInvalid' });
        expectSettled(Letters).toBe('   ');
      });
    });
  });

  it('A settlement, once said, is never cancelled by unsubscribe, stop or abort.', () => {
    const ways: Readonly<Record<string, (end$: Observable<unknown>, signal: AbortSignal) => object>> = {
      unsubscribe: () => ({}),
      stop: (end$) => ({ stop: end$ }),
      abort: (_end$, signal) => ({ stop: signal }),
    };
    for (const [way, options] of Object.entries(ways)) {
      // It is said at 5: while it lingers, and while it is on its way.
      for (const endAt of [6, 40]) {
        messagingTest(({ broker, publish, expectSettled, flush }) => {
          broker.latency({ delete: 30 });
          const end = new Subject<void>();
          const abort = new AbortController();
          const consuming = fromTopic(broker, Letters, options(end, abort.signal))
            .pipe(ackMap((letter) => (letter === 'a' ? timer(5) : NEVER)))
            .subscribe();
          timer(endAt).subscribe(() => {
            end.next();
            abort.abort();
            if (way === 'unsubscribe') consuming.unsubscribe();
          });
          publish(Letters, '(ab)');
          // An unsubscribe sends what lingers at once.
          expectSettled(Letters).toBe(way === 'unsubscribe' && endAt === 6 ? '36ms a' : '55ms a');
          flush();
          expect(broker.messages(Letters).map(({ body }) => body)).to.deep.equal(['"b"']);
        }, inOrder);
      }
    }
  });
});
