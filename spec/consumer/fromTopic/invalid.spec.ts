import { expect } from 'chai';
import { map, mergeMap, NEVER, of, throwError, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import type { AWSConnectionError } from '../../../src/errors.js';
import { ack, reject } from '../../../src/message/settlement.js';
import { fakeConsumer, fault, fifoConsumer } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';
import { allFailed } from '../../helpers/raw.js';

const REDRIVE = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dlq' }) };

describe('messages that can not be decoded', () => {
  it('never reach the subscriber and never stop the stream; onInvalid decides', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer();
      const asked: unknown[] = [];
      at(m, 0, () => {
        queue.sendText('bad', '{');
        queue.send('wrong', 42);
        queue.send('good', 'v');
      });
      const result$ = messages$({
        stop: timer(1_000),
        onInvalid: (error, message) => {
          asked.push([error.name, message]);
          return ack;
        },
      }).pipe(ackMap((value) => of(value)));
      m.expectObservable(result$).toBe('-a 998ms |', { a: 'v' });
      m.flush();
      expect(asked).to.deep.equal([
        ['InvalidMessageError', { id: 'bad', topic: 'users', body: '{', receiveCount: 1 }],
        ['ValidationFailedError', { id: 'wrong', topic: 'users', body: '42', receiveCount: 1 }],
      ]);
      expect(types().filter((type) => type === 'invalid')).to.have.length(2);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('come back with backoff where there is no dead-letter queue: never deleted unread (message-queue-toolkit, JustSaying)', () => {
    marbles((m) => {
      const { queue, messages$, events, count } = fakeConsumer(() => ({ getQueueAttributes: () => of({}) }));
      at(m, 0, () => {
        queue.sendText('bad', '{');
        messages$({ stop: timer(5_000) }).subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal(['bad']);
      expect(count('deleteBatch')).to.equal(0);
      // Half of up to 1 s, 2 s, 4 s, in whole seconds.
      expect(events.flatMap((event) => (event.type === 'settled' ? [event.delayMs] : []))).to.deep.equal([
        1_000, 1_000, 2_000, 4_000,
      ]);
    });
  });

  it('are rejected when onInvalid throws', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer(() => ({ getQueueAttributes: () => of({}) }));
      at(m, 0, () => {
        queue.sendText('bad', '{');
        messages$({
          stop: timer(900),
          onInvalid: () => {
            throw new Error('a bug');
          },
        }).subscribe();
      });
      m.flush();
      expect(types()).to.include.members(['callbackFailed', 'settled']);
      expect(queue.ids()).to.deep.equal(['bad']);
    });
  });

  it('of a FIFO queue release the rest of their group, which comes after them', () => {
    marbles((m) => {
      const { queue, messages$ } = fifoConsumer(() => ({ getQueueAttributes: () => of({}) }));
      const got: string[] = [];
      at(m, 0, () => {
        queue.send('a1', 'a1', { groupId: 'A', sequenceNumber: '1' });
        queue.sendText('a2', '{', { groupId: 'A', sequenceNumber: '2' });
        queue.send('a3', 'a3', { groupId: 'A', sequenceNumber: '3' });
        queue.send('b1', 'b1', { groupId: 'B', sequenceNumber: '4' });
        messages$({ stop: timer(900) })
          .pipe(ackMap((value) => of(got.push(value))))
          .subscribe();
      });
      m.flush();
      expect(got).to.deep.equal(['a1', 'b1']);
      expect(queue.ids()).to.deep.equal(['a2', 'a3']);
    });
  });
});

describe('reject', () => {
  it('copies body, attributes and reason to the dead-letter queue, and only then deletes', () => {
    marbles((m) => {
      const sent: unknown[] = [];
      const { queue, messages$, types } = fakeConsumer(() => ({
        getQueueAttributes: () => of(REDRIVE),
        sendBatch: (request) =>
          timer(50).pipe(
            map(() => {
              sent.push(request);
              return { successful: [{ id: '0' }], failed: [] };
            }),
          ),
      }));
      const attributes = { k: { dataType: 'String', stringValue: 'v' } };
      let before: readonly string[] = [];
      at(m, 0, () => {
        queue.send('m1', 'v', { attributes, groupId: 'tenant' });
        messages$({ stop: timer(200) }).subscribe((message) => {
          void message.settle(reject(new TypeError('secret')));
        });
      });
      at(m, 50, () => {
        before = queue.ids();
      });
      m.flush();
      expect(before).to.deep.equal(['m1']);
      expect(queue.ids()).to.deep.equal([]);
      expect(sent).to.deep.equal([
        {
          queueUrl: 'https://sqs/dlq',
          entries: [
            {
              id: '0',
              body: '"v"',
              attributes: {
                ...attributes,
                'rejection-reason': { dataType: 'String', stringValue: '{"error":"TypeError"}' },
              },
              groupId: 'tenant',
              deduplicationId: undefined,
            },
          ],
        },
      ]);
      expect(types().slice(-3)).to.deep.equal(['rejected', 'settled', 'stopped']);
    });
  });

  it('copies without the reason what is too large with it for a queue that takes less than SQS does', () => {
    marbles((m) => {
      const sent: number[] = [];
      const tooLarge = { successful: [], failed: [{ id: '0', code: 'InvalidParameterValue', senderFault: true }] };
      const { queue, messages$ } = fakeConsumer(() => ({
        getQueueAttributes: () => of(REDRIVE),
        sendBatch: ({ entries }) => {
          const count = entries.flatMap(({ attributes }) => Object.keys(attributes)).length;
          sent.push(count);
          return of(count > 1 ? tooLarge : { successful: [{ id: '0' }], failed: [] });
        },
      }));
      at(m, 0, () => {
        queue.send('m1', 'v', { attributes: { k: { dataType: 'String', stringValue: 'v' } } });
        messages$({ stop: timer(200) }).subscribe((message) => {
          void message.settle(reject(new TypeError('secret')));
        });
      });
      m.flush();
      expect(sent).to.deep.equal([2, 1]);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('leaves the message in the queue when the copy fails, and says why', () => {
    marbles((m) => {
      const { queue, messages$, types } = fakeConsumer(() => ({
        getQueueAttributes: () => of(REDRIVE),
        sendBatch: () => throwError(() => fault('AccessDenied', false)),
      }));
      const codes: unknown[] = [];
      at(m, 0, () => {
        queue.send('m1', 'v');
        messages$({ stop: timer(200) })
          .pipe(mergeMap((message) => message.settle(reject(new Error('x')))))
          .subscribe({ error: (error: unknown) => codes.push((error as AWSConnectionError).code) });
      });
      m.flush();
      expect(queue.ids()).to.deep.equal(['m1']);
      expect(codes).to.deep.equal(['AccessDenied']);
      expect(types()).to.include('settleFailed').and.not.include('rejected');
    });
  });

  it('says why the copy failed, also when the message could not be given its delay either', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer(() => ({
        getQueueAttributes: () => of(REDRIVE),
        sendBatch: () => throwError(() => fault('KMS.AccessDeniedException', false)),
        changeVisibilityBatch: () => throwError(() => fault('AccessDenied', false)),
      }));
      const codes: unknown[] = [];
      at(m, 0, () => {
        queue.send('m1', 'v');
        messages$({ stop: timer(200) })
          .pipe(mergeMap((message) => message.settle(reject(new Error('x')))))
          .subscribe({ error: (error: unknown) => codes.push((error as AWSConnectionError).code) });
      });
      m.flush();
      expect(codes).to.deep.equal(['KMS.AccessDeniedException']);
      expect(queue.inFlight()).to.deep.equal(['m1']);
    });
  });

  it('looks the dead-letter queue up anew once the one it knew is gone', () => {
    marbles((m) => {
      let current = 'first';
      const { queue, messages$, count } = fakeConsumer((calls) => ({
        getQueueUrl: calls.getQueueUrl,
        getQueueAttributes: () =>
          of({
            RedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:${current}","maxReceiveCount":"3"}`,
          }),
        sendBatch: ({ queueUrl }) =>
          queueUrl.endsWith(current)
            ? of({ successful: [{ id: '0' }], failed: [] })
            : throwError(() => fault('QueueDoesNotExist', false)),
      }));
      at(m, 0, () => {
        queue.sendText('m1', 'no JSON');
        messages$({ stop: timer(20_000) }).subscribe();
      });
      at(m, 5_000, () => {
        current = 'second';
        queue.sendText('m2', 'no JSON');
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(count('sendBatch')).to.equal(3);
    });
  });

  it('fails when the lease is lost before the copy is confirmed: the message is neither deleted nor given back', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer(() => ({
        getQueueAttributes: () => NEVER,
        changeVisibilityBatch: (request) => of(allFailed(request, 'ReceiptHandleIsInvalid', true)),
      }));
      at(m, 0, () => {
        queue.sendText('m0', '{');
        const consuming = messages$({ visibilityTimeoutSeconds: 10 }).subscribe();
        at(m, 6_000, () => {
          expect(queue.ids()).to.deep.equal(['m0']);
          consuming.unsubscribe();
        });
      });
      m.flush();
      const failed = events.flatMap((event) => (event.type === 'settleFailed' ? [event] : []));
      expect(failed).to.have.length(1);
      expect(failed[0]).to.include({ id: 'm0', settlement: 'reject', at: 5_001 });
      expect(failed[0]?.error.code).to.equal('LeaseLost');
    });
  });
});
