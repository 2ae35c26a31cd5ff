import { expect } from 'chai';
import * as t from 'io-ts';
import { catchError, endWith, map, mergeMap, of, throwError, timer } from 'rxjs';
import {
  ack,
  ackMap,
  type AWSConnectionError,
  fromTopic,
  type Message,
  retryAfter,
  topic,
} from '../../../src/index.js';
import { messagingTest, type TestBroker } from '../../../src/testing/index.js';

const Letters = topic('letters', t.string);

/** Fails until the message has come so often. */
const failing =
  (times: number) =>
  (letter: string, { receiveCount }: Message<string>) =>
    receiveCount <= times ? throwError(() => new Error('not yet')) : of(letter);

/** The calls made from now on. */
function callsOf(broker: TestBroker): readonly string[] {
  const calls: string[] = [];
  broker.events$.subscribe((event) => {
    if (event.type === 'called') calls.push(event.operation);
  });
  return calls;
}

/** What peers get wrong between the end of the work and SQS, and this library does not. */
describe('a settlement', () => {
  it('is told its own end, where some entries of a batch fail (JustSaying, Pekko Connectors)', () => {
    messagingTest(
      ({ broker, publish, expectObservable, expectSettled }) => {
        // Of the one SQS wants to hear nothing more, the other is tried again.
        broker.fail('delete', { entries: { 1: 'ReceiptHandleIsInvalid', 2: 'InternalError' } });
        publish(Letters, '            (abcd)');
        const ends$ = fromTopic(broker, Letters).pipe(
          mergeMap((message) =>
            message.settle(ack).pipe(
              map(() => ''),
              endWith(`${message.value} done`),
              catchError((error: unknown) => of(`${message.value} ${(error as AWSConnectionError).code}`)),
            ),
          ),
        );
        const ends = { a: 'a done', b: 'b ReceiptHandleIsInvalid', c: 'c done', d: 'd done' };
        expectObservable(ends$).toBe('(abd) 45ms c', ends);
        // What could not be deleted is, when it comes again.
        expectSettled(Letters).toBe(' (ad)  46ms c 29949ms b');
      },
      { unordered: false, partialReceives: false },
    );
  });

  it('that SQS refuses by the call errors, does not hang, and is made good when the message comes again (squiss-ts)', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
      broker.fail('delete', { error: 'AccessDenied' });
      publish(Letters, '             a');
      const codes$ = fromTopic(broker, Letters).pipe(
        mergeMap((message) => message.settle(ack)),
        catchError((error: unknown) => of((error as AWSConnectionError).code)),
      );
      expectObservable(codes$).toBe('(r|)', { r: 'AccessDenied' });
      timer(1)
        .pipe(mergeMap(() => fromTopic(broker, Letters)))
        .subscribe();
      expectSettled(Letters).toBe('  30s a');
    });
  });

  it('is done when SQS has confirmed it, not when it is queued (Spring Cloud AWS)', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
      broker.latency({ delete: 100 });
      publish(Letters, '            a');
      const done$ = fromTopic(broker, Letters).pipe(
        mergeMap((message) =>
          message.settle(ack).pipe(
            map(() => ''),
            endWith(message.value),
          ),
        ),
      );
      expectObservable(done$).toBe('100ms a');
      expectSettled(Letters).toBe(' 100ms a');
    });
  });

  it('that retries gives back the very message, in one call, and sends none anew (message-queue-toolkit)', () => {
    messagingTest(({ broker, publish, expectRetried, expectSettled, flush }) => {
      const ids = new Set<string>();
      const calls = callsOf(broker);
      publish(Letters, '           a');
      fromTopic(broker, Letters)
        .pipe(
          ackMap((letter, message) => {
            ids.add(message.id);
            return failing(2)(letter, message);
          }),
        )
        .subscribe();
      expectRetried(Letters).toBe('a 999ms a');
      expectSettled(Letters).toBe('2s a');
      flush();
      expect(ids.size).to.equal(1);
      const written = calls.filter((operation) => !/^(Receive|Get)/.test(operation));
      expect(written).to.deep.equal([
        'ChangeMessageVisibilityBatch',
        'ChangeMessageVisibilityBatch',
        'DeleteMessageBatch',
      ]);
    });
  });

  it('that retries leaves the message where it is, should SQS refuse the delay (message-queue-toolkit)', () => {
    messagingTest(({ broker, publish, expectReceived, expectSettled }) => {
      broker.fail('changeVisibility', { error: 'AccessDenied' });
      publish(Letters, '            a');
      fromTopic(broker, Letters)
        .pipe(ackMap(failing(1)))
        .subscribe();
      expectReceived(Letters).toBe('a 29999ms a');
      expectSettled(Letters).toBe(' 30s     a');
    });
  });

  it('that retries waits a quarter of an hour at most, however often it has failed (message-queue-toolkit)', () => {
    messagingTest(
      ({ broker, publish, flush }) => {
        broker.provision(Letters, { maxReceiveCount: 1_000 });
        const delays: number[] = [];
        broker.events$.subscribe((event) => {
          if (event.type === 'settled' && event.settlement === 'retryAfter') delays.push(event.delayMs ?? 0);
        });
        publish(Letters, 'a');
        fromTopic(broker, Letters)
          .pipe(ackMap(failing(20)))
          .subscribe();
        flush();
        expect(delays).to.have.lengthOf(20);
        expect(Math.max(...delays)).to.equal(900_000);
      },
      { random: () => 0.999_999, overtimeMs: 20 * 900_000 },
    );
  });

  it('that retries in an hour takes no slot and no memory until then: another consumer gets it (MassTransit)', () => {
    messagingTest(
      ({ broker, publish, expectObservable, expectReceived, flush }) => {
        const other = broker.connect();
        const calls = callsOf(broker);
        publish(Letters, '                      (ab)');
        const unsub = '                         10s !';
        const onError = () => retryAfter(3_600_000);
        const letters$ = fromTopic(broker, Letters, { maxInFlight: 1 }).pipe(
          ackMap((letter) => (letter === 'a' ? throwError(() => new Error('later')) : of(letter)), { onError }),
        );
        expectObservable(letters$, unsub).toBe('b');
        timer(10_000)
          .pipe(mergeMap(() => fromTopic(other, Letters).pipe(ackMap((letter) => of(letter)))))
          .subscribe();
        expectReceived(Letters, other).toBe('   3600s a');
        flush();
        expect(calls.filter((operation) => operation.startsWith('ChangeMessageVisibility'))).to.have.lengthOf(1);
      },
      { unordered: false },
    );
  });

  it('is what deletes, and nothing else: what was only received comes again (zio-sqs)', () => {
    messagingTest(({ broker, publish, expectReceived, flush }) => {
      const calls = callsOf(broker);
      publish(Letters, '            a');
      fromTopic(broker, Letters, { maxLeaseSeconds: 5, stop: timer(12_000) }).subscribe();
      expectReceived(Letters).toBe('a 4999ms a 4999ms a');
      flush();
      expect(calls).not.to.include('DeleteMessageBatch');
      expect(broker.messages(Letters)).to.have.lengthOf(1);
    });
  });
});
