import { expect } from 'chai';
import { delay, NEVER, of, Subject, throwError, timer } from 'rxjs';
import { ackMap } from '../../src/consumer/ackMap.js';
import { MessageProcessingError } from '../../src/errors.js';
import { ack, ignore, reject, retryAfter, type Settlement } from '../../src/message/settlement.js';
import { fakeConsumer, type FakeConsumer, fault } from '../helpers/fakeConsumer.js';
import { lineOf, livesOf } from '../helpers/lives.js';
import { at, marbles, type Marbles } from '../helpers/marbles.js';

/** The lives of messages, by events alone, of a consumer that is stopped after so long. */
function livesOfConsumer(
  use: (m: Marbles, consumer: FakeConsumer, stop: Subject<void>) => void,
  calls?: Parameters<typeof fakeConsumer>[0],
): readonly string[] {
  const consumer = fakeConsumer(calls);
  marbles((m) => {
    at(m, 0, () => {
      use(m, consumer, new Subject<void>());
    });
    m.flush();
  });
  return livesOf(consumer.events).map(lineOf);
}

const endAfter = (ms: number, stop: Subject<void>): void => {
  timer(ms).subscribe(() => {
    stop.next();
  });
};

const never = new MessageProcessingError('never', { retryable: false });

describe('from the events alone one can tell of each message id', () => {
  it('when it was received, how long it ran, how it was settled and when that was confirmed', () => {
    const lives = livesOfConsumer(
      (_m, { queue, messages$ }, stop) => {
        for (const id of ['ack', 'retry', 'reject', 'late', 'ignore']) queue.send(id, id);
        queue.sendText('poison', '{');
        messages$({ stop })
          .pipe(
            ackMap(
              (value, message) => {
                if (value === 'retry' && message.receiveCount === 1) return throwError(() => new Error('not yet'));
                if (value === 'reject') return timer(2).pipe(() => throwError(() => never));
                if (value === 'late') return timer(message.receiveCount === 1 ? 900 : 50);
                if (value === 'ignore') void message.settle(ignore);
                return timer(30);
              },
              { timeoutMs: 500, onError: (error) => (error === never ? reject(error) : retryAfter(1_000)) },
            ),
          )
          .subscribe();
        endAfter(1_900, stop);
      },
      ({ getQueueUrl, ...calls }) => ({
        getQueueUrl,
        ...calls,
        // No dead-letter queue: what is rejected comes back.
        getQueueAttributes: () => of({}),
      }),
    );
    expect(lives).to.deep.equal([
      'ack#1 received 1; completed in 30 ms; ack said 31, confirmed 52',
      'retry#1 received 1; failed in 0 ms; retryAfter said 1, confirmed 22',
      'reject#1 received 1; failed in 0 ms; reject said 1, confirmed 22',
      'late#1 received 1; timedOut in 500 ms; retryAfter said 501, confirmed 502',
      'ignore#1 received 1; completed in 30 ms; ignore said 1, confirmed 1',
      'poison#1 received 1; reject said 1, confirmed 22',
      'retry#2 received 1022; completed in 30 ms; ack said 1052, confirmed 1053',
      'reject#2 received 1022; failed in 0 ms; reject said 1022, confirmed 1043',
      'poison#2 received 1022; reject said 1022, confirmed 1043',
      'late#2 received 1502; completed in 50 ms; ack said 1552, confirmed 1553',
    ]);
  });

  it('that its delete failed, and that it came in again and was deleted then', () => {
    let deletes = 0;
    const lives = livesOfConsumer(
      (_m, { queue, messages$ }, stop) => {
        queue.send('a', 'a');
        messages$({ stop, visibilityTimeoutSeconds: 1 })
          .pipe(ackMap(() => timer(10)))
          .subscribe();
        endAfter(3_000, stop);
      },
      (calls) => ({
        deleteBatch: (request) =>
          (deletes += 1) === 1 ? throwError(() => fault('AccessDenied', false)) : calls.deleteBatch(request),
      }),
    );
    expect(lives).to.deep.equal([
      'a#1 received 1; completed in 10 ms; ack said 11, failed 11 by AccessDenied',
      'a#2 received 1001; done; ack said 1001, confirmed 1002',
    ]);
  });

  it('that its lease was lost, or that it was released', () => {
    const lives = livesOfConsumer(
      (m, { queue, messages$ }) => {
        for (const id of ['lost', 'released']) queue.send(id, id);
        const consuming = messages$({ visibilityTimeoutSeconds: 10 })
          .pipe(ackMap(() => NEVER))
          .subscribe();
        at(m, 9_000, () => {
          queue.send('more', 'more');
        });
        at(m, 12_000, () => {
          consuming.unsubscribe();
        });
      },
      (calls) => ({
        // The renewal of the first is refused.
        changeVisibilityBatch: (request) => {
          const [first, ...rest] = request.entries;
          if (first?.visibilityTimeoutSeconds !== 10 || rest.length !== 1) return calls.changeVisibilityBatch(request);
          return of({
            successful: rest.map(({ id }) => ({ id })),
            failed: [{ id: first.id, code: 'ReceiptHandleIsInvalid', senderFault: true }],
          });
        },
      }),
    );
    expect(lives).to.deep.equal([
      'lost#1 received 1; cancelled in 5000 ms; lost 5001 by refused',
      'released#1 received 1; cancelled in 11999 ms; release said 12000, confirmed 12001',
      'more#1 received 9000; cancelled in 3000 ms; release said 12000, confirmed 12001',
      'lost#2 received 10001; cancelled in 1999 ms; release said 12000, confirmed 12001',
      'released#2 received 10001; held; none of its own',
    ]);
  });

  it('what was settled by hand, without a handler', () => {
    const lives = livesOfConsumer((_m, { queue, messages$ }, stop) => {
      const settlements: Record<string, Settlement> = { a: ack, b: retryAfter(0) };
      for (const id of ['a', 'b']) queue.send(id, id);
      messages$({ stop, maxInFlight: 2 })
        .pipe(delay(40))
        .subscribe(({ id, receiveCount, settle }) => {
          void settle(receiveCount === 1 ? (settlements[id] ?? ack) : ack);
        });
      endAfter(300, stop);
    });
    expect(lives).to.deep.equal([
      'a#1 received 1; ack said 41, confirmed 42',
      'b#1 received 1; retryAfter said 41, confirmed 42',
      'b#2 received 42; ack said 82, confirmed 83',
    ]);
  });
});
