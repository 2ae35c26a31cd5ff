import { expect } from 'chai';
import * as t from 'io-ts';
import { EMPTY, map, NEVER, type Observable, of, Subject, take, throwError, timer } from 'rxjs';
import type { AwsCalls } from '../../src/client/client.js';
import { ackMap } from '../../src/consumer/ackMap.js';
import type { ConsumerOptions } from '../../src/consumer/consumerOptions.js';
import { fromTopic } from '../../src/consumer/fromTopic.js';
import { AWSConnectionError, ConfigurationError, SubscriptionNotFoundError } from '../../src/errors.js';
import type { Message } from '../../src/message/message.js';
import { ack, ignore, reject, retryAfter } from '../../src/message/settlement.js';
import { topic } from '../../src/topic.js';
import { fakeClient, type FakeClient } from '../helpers/fakeClient.js';
import { fakeQueue, type FakeQueue } from '../helpers/fakeQueue.js';
import { at, marbles } from '../helpers/marbles.js';

const Users = topic('users', t.string);

interface Fixture extends FakeClient {
  readonly queue: FakeQueue;
  /** Subscribes at frame 0 with what the spec makes of the messages. */
  readonly messages$: (options?: ConsumerOptions) => Observable<Message<string>>;
}

function consumerOf(calls: Partial<AwsCalls> = {}): Fixture {
  const queue = fakeQueue();
  const fake = fakeClient({ ...queue.calls, ...calls });
  return { ...fake, queue, messages$: (options) => fromTopic(fake.client, Users, options) };
}

const count = ({ requests }: FakeClient, call: keyof AwsCalls): number =>
  requests.filter((request) => request.call === call).length;
const typesOf = ({ events }: FakeClient): string[] =>
  events.map(({ type }) => type).filter((type) => type !== 'called');
const fault = (code: string, retryable: boolean): AWSConnectionError =>
  new AWSConnectionError({ operation: 'ReceiveMessage', code, retryable });
const fill = (queue: FakeQueue, n: number): void => {
  for (let index = 0; index < n; index += 1) queue.send(`m${String(index)}`, `v${String(index)}`);
};

describe('fromTopic', () => {
  it('does nothing before subscribe, and polls on its own for each subscription', () => {
    marbles((m) => {
      const fixture = consumerOf();
      const messages$ = fixture.messages$();
      expect(fixture.requests).to.deep.equal([]);
      at(m, 0, () => {
        const first = messages$.subscribe();
        const second = messages$.subscribe();
        at(m, 10, () => {
          expect(fixture.queue.polls()).to.equal(2);
          first.unsubscribe();
          expect(fixture.queue.polls()).to.equal(1);
          second.unsubscribe();
        });
      });
      m.flush();
    });
  });

  it('emits decoded messages with what SQS says of them', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      const got: Message<string>[] = [];
      at(m, 0, () => {
        queue.send('m1', 'hello', { groupId: 'tenant', sentTimestamp: 5 });
        messages$({ stop: timer(10) })
          .pipe(ackMap((value, message) => (got.push(message), of(value))))
          .subscribe();
      });
      m.flush();
      expect(got[0]).to.deep.include({
        value: 'hello',
        id: 'm1',
        topic: 'users',
        attributes: {},
        groupId: 'tenant',
        receiveCount: 1,
        sentAt: new Date(5),
        receivedAt: new Date(1),
      });
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('never has more in flight than maxInFlight, whatever arrives', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      let held = 0;
      let most = 0;
      at(m, 0, () => {
        fill(queue, 200);
        messages$({ maxInFlight: 23, stop: timer(500) })
          .pipe(
            ackMap(() => {
              held += 1;
              most = Math.max(most, held, queue.inFlight().length);
              return timer(7).pipe(map(() => (held -= 1)));
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(most).to.equal(23);
    });
  });

  it('keeps one long poll while idle, and no timer of its own besides', () => {
    marbles((m) => {
      const fixture = consumerOf();
      at(m, 0, () => {
        fixture.messages$({ stop: timer(100_500) }).subscribe();
      });
      m.flush();
      expect(count(fixture, 'receive')).to.equal(6);
    });
  });

  it('polls in parallel as messages arrive, up to maxPolls', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      let most = 0;
      at(m, 0, () => {
        fill(queue, 400);
        messages$({ maxPolls: 4, stop: timer(300) })
          .pipe(
            ackMap(() => {
              most = Math.max(most, queue.polls());
              return EMPTY;
            }),
          )
          .subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(most).to.equal(4);
    });
  });

  it('refills a free slot while its batch-mates still run: one slow message does not stall the batch (sqs-consumer)', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      const doneAt = new Map<string, number>();
      at(m, 0, () => {
        fill(queue, 30);
        messages$({ maxInFlight: 10, stop: timer(100) })
          .pipe(
            ackMap((value) => timer(value === 'v0' ? 2_000 : 1).pipe(map(() => doneAt.set(value, m.scheduler.now())))),
          )
          .subscribe();
      });
      m.flush();
      expect(doneAt.get('v29')).to.be.lessThan(200);
      expect(doneAt.get('v0')).to.be.greaterThan(2_000);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('renews the lease of buffered messages too, until they are settled', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 4);
        messages$({ visibilityTimeoutSeconds: 10, stop: timer(1_000) })
          .pipe(
            ackMap(
              (value) => {
                handled.push(value);
                return timer(15_000);
              },
              { concurrency: 1 },
            ),
          )
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0', 'v1', 'v2', 'v3']);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('cancels the handler and acknowledges nothing when the lease is lost', () => {
    marbles((m) => {
      const fixture = consumerOf({ changeVisibilityBatch: () => throwError(() => fault('Throttling', true)) });
      const { queue, messages$ } = fixture;
      let cancelledAt = 0;
      at(m, 0, () => {
        fill(queue, 1);
        const work$ = new Subject<void>();
        const subscription = messages$({ visibilityTimeoutSeconds: 10 })
          .pipe(
            ackMap(() =>
              m.cold('-').pipe((source) => {
                const tracked$ = source;
                return tracked$;
              }),
            ),
          )
          .subscribe();
        work$.complete();
        at(m, 10_500, () => {
          cancelledAt = m.scheduler.now();
          subscription.unsubscribe();
        });
      });
      m.flush();
      expect(cancelledAt).to.equal(10_500);
      expect(count(fixture, 'deleteBatch')).to.equal(0);
      expect(typesOf(fixture)).to.include('leaseLost');
    });
  });

  describe('message.settle', () => {
    it('acts at once, without a subscriber; the first wins', () => {
      marbles((m) => {
        const fixture = consumerOf();
        at(m, 0, () => {
          fill(fixture.queue, 1);
          fixture.messages$({ stop: timer(100) }).subscribe((message) => {
            message.settle(ack);
            message.settle(retryAfter(60_000));
          });
        });
        m.flush();
        expect(fixture.queue.ids()).to.deep.equal([]);
        expect(count(fixture, 'changeVisibilityBatch')).to.equal(0);
      });
    });

    it('completes when SQS has confirmed that very entry, not when it is queued', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        at(m, 0, () => {
          fill(queue, 2);
        });
        const confirmed$ = messages$().pipe(
          take(1),
          // 1 ms to receive, 20 ms of linger while the other is held, 1 ms to delete.
          map((message) => message.settle(ack)),
        );
        at(m, 0, () => {
          confirmed$.subscribe((confirmation$) => {
            m.expectObservable(confirmation$).toBe('--|');
          });
        });
      });
    });

    it('is never cancelled by unsubscribe', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        at(m, 0, () => {
          fill(queue, 3);
          const subscription = messages$().subscribe((message) => message.settle(ack));
          at(m, 1, () => {
            subscription.unsubscribe();
          });
        });
        m.flush();
        expect(queue.ids()).to.deep.equal([]);
      });
    });

    it('errors after the lease was lost', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        const errors: unknown[] = [];
        at(m, 0, () => {
          fill(queue, 1);
          let held: Message<string> | undefined;
          const subscription = messages$().subscribe((message) => (held = message));
          at(m, 5, () => {
            subscription.unsubscribe();
            held?.settle(ack).subscribe({ error: (error: unknown) => errors.push(error) });
          });
        });
        m.flush();
        expect(errors[0]).to.be.instanceOf(AWSConnectionError).with.property('code', 'LeaseLost');
        expect(queue.ids()).to.deep.equal(['m0']);
      });
    });

    it('leaves an ignored message to its visibility timeout', () => {
      marbles((m) => {
        const fixture = consumerOf();
        const seen: number[] = [];
        at(m, 0, () => {
          fill(fixture.queue, 1);
          fixture.messages$({ stop: timer(40_000) }).subscribe((message) => {
            seen.push(m.scheduler.now());
            message.settle(message.receiveCount === 1 ? ignore : ack);
          });
        });
        m.flush();
        expect(seen).to.deep.equal([1, 30_001]);
        expect(fixture.queue.ids()).to.deep.equal([]);
      });
    });

    it('makes a message visible again after the whole seconds asked for', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        const seen: number[] = [];
        at(m, 0, () => {
          fill(queue, 1);
          messages$({ stop: timer(10_000) }).subscribe((message) => {
            seen.push(m.scheduler.now());
            message.settle(message.receiveCount === 1 ? retryAfter(1_500) : ack);
          });
        });
        m.flush();
        expect(seen).to.deep.equal([1, 2_002]);
      });
    });
  });

  it('deletes a message whose delete failed on redelivery, without handing it out', () => {
    marbles((m) => {
      let deletes = 0;
      const queue = fakeQueue();
      const fixture = fakeClient({
        ...queue.calls,
        deleteBatch: (request) => {
          deletes += 1;
          if (deletes > 1) return queue.calls.deleteBatch(request);
          return of({ successful: [], failed: [{ id: '0', code: 'ReceiptHandleIsInvalid', senderFault: true }] });
        },
      });
      const handled: string[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        fromTopic(fixture.client, Users, { stop: timer(60_000) })
          .pipe(ackMap((value) => of(handled.push(value))))
          .subscribe();
      });
      m.flush();
      expect(handled).to.deep.equal(['v0']);
      expect(queue.ids()).to.deep.equal([]);
      expect(typesOf(fixture).filter((type) => type.startsWith('settle'))).to.deep.equal(['settleFailed', 'settled']);
    });
  });

  it('unsubscribe aborts the polls and releases what is unsettled', () => {
    marbles((m) => {
      const { queue, messages$ } = consumerOf();
      at(m, 0, () => {
        fill(queue, 5);
        const subscription = messages$().subscribe();
        at(m, 10, () => {
          expect(queue.inFlight()).to.have.length(5);
          subscription.unsubscribe();
          expect(queue.polls()).to.equal(0);
        });
        at(m, 12, () => {
          expect(queue.inFlight()).to.deep.equal([]);
        });
      });
      m.flush();
      expect(m.scheduler.now()).to.be.lessThan(100);
    });
  });

  describe('stop', () => {
    it('ends polling, lets the work in flight finish and settle, then completes', () => {
      marbles((m) => {
        const fixture = consumerOf();
        const { queue, messages$ } = fixture;
        at(m, 0, () => {
          fill(queue, 3);
        });
        const stop = m.hot('      ----s');
        const expected = '        ---------(abc)'.slice(0, 20);
        const work = '            --------x|';
        const result$ = messages$({ stop }).pipe(ackMap(() => m.cold(work)));
        m.expectObservable(result$.pipe(map(() => 'x'))).toBe(
          expected.replace('---------(abc)', '---------(xxx)---|').slice(0, 40),
        );
        m.flush();
        expect(queue.ids()).to.deep.equal([]);
        expect(typesOf(fixture).at(-1)).to.equal('stopped');
      });
    });

    it('hands out nothing that comes in after it, and makes it visible to others (squiss-ts)', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        const got: string[] = [];
        let completed = 0;
        at(m, 0, () => {
          messages$({ stop: timer(100) }).subscribe({
            next: ({ id }) => got.push(id),
            complete: () => (completed = m.scheduler.now()),
          });
        });
        // The poll is young: it is waited for, in case its answer is on the way.
        at(m, 300, () => {
          fill(queue, 1);
        });
        m.flush();
        expect(got).to.deep.equal([]);
        expect(queue.inFlight()).to.deep.equal([]);
        expect(completed).to.be.within(300, 600);
      });
    });

    it('aborts a poll that has waited in vain', () => {
      marbles((m) => {
        const { messages$ } = consumerOf();
        m.expectObservable(messages$({ stop: timer(5_000) })).toBe('5s |');
      });
    });

    it('takes an AbortSignal, also one that is aborted already', () => {
      marbles((m) => {
        const { messages$ } = consumerOf();
        const controller = new AbortController();
        at(m, 5_000, () => {
          controller.abort();
        });
        m.expectObservable(messages$({ stop: controller.signal })).toBe('5s |');
        m.expectObservable(messages$({ stop: AbortSignal.abort() })).toBe('|');
      });
    });

    it('that errors ends the stream with that error, in order', () => {
      marbles((m) => {
        const { queue, messages$ } = consumerOf();
        at(m, 0, () => {
          fill(queue, 1);
        });
        const result$ = messages$({ stop: m.cold('-----#') }).pipe(ackMap(() => timer(8_000).pipe(map(() => 'x'))));
        m.expectObservable(result$).toBe('8001ms x 0ms #'.replace(' 0ms #', '') + '-#');
      });
    });
  });

  describe('failures', () => {
    it('backs off with full jitter while AWS can not be reached, and goes on', () => {
      marbles((m) => {
        let calls = 0;
        const queue = fakeQueue();
        const fixture = fakeClient({
          ...queue.calls,
          receive: (request) => {
            calls += 1;
            return calls <= 3 ? throwError(() => fault('ECONNREFUSED', true)) : queue.calls.receive(request);
          },
        });
        at(m, 0, () => {
          fill(queue, 1);
        });
        // Delays of 100, 200 and 400 ms: half the bound, as the fake draws 0.5 each time.
        const got$ = fromTopic(fixture.client, Users).pipe(
          take(1),
          map(({ value }) => value),
        );
        m.expectObservable(got$).toBe('701ms (a|)', { a: 'v0' });
        m.flush();
        expect(fixture.events.filter(({ type }) => type === 'pollFailed')).to.deep.include({
          type: 'pollFailed',
          at: 300,
          topic: 'users',
          queue: 'https://sqs/dev-users-billing-queue',
          error: { name: 'AWSConnectionError', code: 'ECONNREFUSED', retryable: true },
          consecutiveFailures: 3,
          retryInMs: 400,
        });
      });
    });

    it('errors with a typed error on a fatal failure, after the work in flight is done and settled', () => {
      marbles((m) => {
        let calls = 0;
        const queue = fakeQueue();
        const denied = fault('AccessDenied', false);
        const fixture = fakeClient({
          ...queue.calls,
          receive: (request) => {
            calls += 1;
            return calls === 1
              ? queue.calls.receive(request)
              : timer(1).pipe(
                  map(() => {
                    throw denied;
                  }),
                );
          },
        });
        at(m, 0, () => {
          fill(queue, 1);
        });
        const result$ = fromTopic(fixture.client, Users).pipe(ackMap(() => timer(2_000).pipe(map(() => 'x'))));
        m.expectObservable(result$).toBe('2001ms x#', undefined, denied);
        m.flush();
        expect(queue.ids()).to.deep.equal([]);
        expect(typesOf(fixture)).to.include('pollFailed');
      });
    });

    it('a resubscribe after an error starts anew', () => {
      marbles((m) => {
        let calls = 0;
        const queue = fakeQueue();
        const { client } = fakeClient({
          ...queue.calls,
          receive: (request) => {
            calls += 1;
            return calls === 1 ? throwError(() => fault('AccessDenied', false)) : queue.calls.receive(request);
          },
        });
        at(m, 0, () => {
          fill(queue, 1);
        });
        const messages$ = fromTopic(client, Users).pipe(
          take(1),
          map(({ value }) => value),
        );
        m.expectObservable(messages$).toBe('#', undefined, fault('AccessDenied', false));
        m.expectObservable(messages$, '10ms ^').toBe('11ms (a|)', { a: 'v0' });
      });
    });

    it('errors with SubscriptionNotFoundError when there is no queue', () => {
      marbles((m) => {
        const { messages$ } = consumerOf({ getQueueUrl: () => throwError(() => fault('QueueDoesNotExist', false)) });
        const errors: unknown[] = [];
        messages$().subscribe({ error: (error: unknown) => errors.push(error) });
        m.flush();
        expect(errors[0]).to.be.instanceOf(SubscriptionNotFoundError);
      });
    });

    it('keeps asking for the queue while AWS can not be reached', () => {
      marbles((m) => {
        let calls = 0;
        const fixture = consumerOf({
          getQueueUrl: () => {
            calls += 1;
            return calls < 12 ? throwError(() => fault('ECONNREFUSED', true)) : of('https://sqs/q');
          },
        });
        at(m, 0, () => {
          fill(fixture.queue, 1);
        });
        const got: string[] = [];
        fixture
          .messages$()
          .pipe(take(1))
          .subscribe(({ value }) => got.push(value));
        m.flush();
        expect(got).to.deep.equal(['v0']);
        expect(typesOf(fixture)).to.include('pollFailed');
      });
    });
  });

  describe('bad messages', () => {
    it('never reach the subscriber and never stop the stream; onInvalid decides', () => {
      marbles((m) => {
        const fixture = consumerOf();
        const { queue, messages$ } = fixture;
        const asked: unknown[] = [];
        at(m, 0, () => {
          queue.send('bad', 'not json'.padEnd(9, '{'));
          queue.send('wrong', 42);
          queue.send('good', 'v');
        });
        const result$ = messages$({
          stop: timer(100),
          onInvalid: (error, message) => {
            asked.push([error.name, message.id, message.topic, message.receiveCount]);
            return ack;
          },
        }).pipe(ackMap((value) => of(value)));
        m.expectObservable(result$.pipe(take(1))).toBe('-(v|)');
        m.flush();
        expect(asked).to.deep.equal([
          ['InvalidMessageError', 'bad', 'users', 1],
          ['ValidationFailedError', 'wrong', 'users', 1],
        ]);
        expect(typesOf(fixture).filter((type) => type === 'invalid')).to.have.length(2);
      });
    });

    it('with no dead-letter queue come back with backoff: never deleted unread (message-queue-toolkit, JustSaying)', () => {
      marbles((m) => {
        const fixture = consumerOf({ getQueueAttributes: () => of({}) });
        const { queue, messages$ } = fixture;
        at(m, 0, () => {
          queue.send('bad', '{');
          messages$({ stop: timer(5_000) }).subscribe();
        });
        m.flush();
        expect(queue.ids()).to.deep.equal(['bad']);
        expect(count(fixture, 'deleteBatch')).to.equal(0);
      });
    });

    it('are rejected when onInvalid throws', () => {
      marbles((m) => {
        const fixture = consumerOf({ getQueueAttributes: () => of({}) });
        at(m, 0, () => {
          fixture.queue.send('bad', '{');
          fixture
            .messages$({
              stop: timer(100),
              onInvalid: () => {
                throw new Error('a bug');
              },
            })
            .subscribe();
        });
        m.flush();
        expect(typesOf(fixture)).to.include.members(['callbackFailed', 'settled']);
      });
    });
  });

  describe('reject', () => {
    it('copies body, attributes and reason to the dead-letter queue, and only then deletes', () => {
      marbles((m) => {
        const sent: unknown[] = [];
        const fixture = consumerOf({
          getQueueAttributes: () =>
            of({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dlq' }) }),
          sendBatch: (request) =>
            timer(50).pipe(
              map(() => {
                sent.push(request);
                return { successful: [{ id: '0' }], failed: [] };
              }),
            ),
        });
        const attributes = { k: { dataType: 'String', stringValue: 'v' } };
        at(m, 0, () => {
          fixture.queue.send('m1', 'v', { attributes, groupId: 'tenant' });
          fixture
            .messages$({ stop: timer(200) })
            .subscribe((message) => message.settle(reject(new TypeError('secret'))));
        });
        at(m, 50, () => {
          expect(fixture.queue.ids()).to.deep.equal(['m1']);
        });
        m.flush();
        expect(fixture.queue.ids()).to.deep.equal([]);
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
        expect(typesOf(fixture)).to.include('rejected');
      });
    });

    it('leaves the message in the queue when the copy fails', () => {
      marbles((m) => {
        const fixture = consumerOf({
          getQueueAttributes: () =>
            of({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dlq' }) }),
          sendBatch: () => throwError(() => fault('AccessDenied', false)),
        });
        const ends: unknown[] = [];
        at(m, 0, () => {
          fixture.queue.send('m1', 'v');
          fixture.messages$({ stop: timer(200) }).subscribe((message) => {
            message
              .settle(reject(new Error('x')))
              .subscribe({ error: (error: AWSConnectionError) => ends.push(error.code) });
          });
        });
        m.flush();
        expect(fixture.queue.ids()).to.deep.equal(['m1']);
        expect(ends).to.deep.equal(['AccessDenied']);
      });
    });
  });

  describe('client.close()', () => {
    it('stops the consumer as `stop` does; a later subscription errors', () => {
      marbles((m) => {
        const { client, queue, messages$ } = consumerOf();
        at(m, 0, () => {
          fill(queue, 1);
        });
        at(m, 1_000, () => {
          void client.close();
        });
        m.expectObservable(messages$().pipe(ackMap(() => timer(3_000).pipe(map(() => 'x'))))).toBe('3001ms x|');
        m.flush();
        expect(queue.ids()).to.deep.equal([]);
        const errors: unknown[] = [];
        messages$().subscribe({ error: (error: AWSConnectionError) => errors.push(error.code) });
        expect(errors).to.deep.equal(['ClientClosed']);
      });
    });

    it('cancels and releases what has not finished within timeoutMs', () => {
      marbles((m) => {
        const { client, queue, messages$ } = consumerOf();
        at(m, 0, () => {
          fill(queue, 2);
        });
        at(m, 1_000, () => {
          void client.close();
        });
        m.expectObservable(messages$().pipe(ackMap(() => NEVER))).toBe('28s |');
        m.flush();
        expect(queue.ids()).to.deep.equal(['m0', 'm1']);
        expect(queue.inFlight()).to.deep.equal([]);
        expect(m.scheduler.now()).to.be.lessThan(60_000);
      });
    });
  });

  it('checks its options at once, all of them', () => {
    const { messages$ } = consumerOf();
    expect(() => messages$({ maxInFlight: 0, waitTimeSeconds: 21 })).to.throw(
      ConfigurationError,
      'maxInFlight: expected a whole number from 1 to 120000; waitTimeSeconds: expected a whole number from 0 to 20',
    );
  });
});
