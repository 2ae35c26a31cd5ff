import { expect } from 'chai';
import { ignoreElements, map, of, switchMap, take, throwError, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import { SubscriptionNotFoundError } from '../../../src/errors.js';
import { fakeConsumer, fault, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

describe('fromTopic, when AWS fails', () => {
  const unhandled = watchUnhandled();

  it('backs off with full jitter while AWS can not be reached, and goes on (sqs-consumer: 397 attempts in 500 ms)', () => {
    marbles((m) => {
      let calls = 0;
      const { queue, messages$, events } = fakeConsumer(({ receive }) => ({
        receive: (request) => {
          calls += 1;
          return calls <= 3 ? throwError(() => fault('ECONNREFUSED', true)) : receive(request);
        },
      }));
      at(m, 0, () => {
        fill(queue, 1);
      });
      // Up to 200, 400 and 800 ms, of which the fake draws half.
      const got$ = messages$().pipe(
        take(1),
        map(({ value }) => value),
      );
      m.expectObservable(got$).toBe('701ms (a|)', { a: 'v0' });
      m.flush();
      expect(events.filter(({ type }) => type === 'pollFailed')).to.deep.include({
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
      const denied = fault('AccessDenied', false);
      const { queue, messages$, events } = fakeConsumer(({ receive }) => ({
        receive: (request) => {
          calls += 1;
          return calls === 1 ? receive(request) : timer(1).pipe(switchMap(() => throwError(() => denied)));
        },
      }));
      at(m, 0, () => {
        fill(queue, 1);
      });
      const result$ = messages$().pipe(ackMap((value) => timer(2_000).pipe(map(() => value))));
      m.expectObservable(result$).toBe('2001ms a #', { a: 'v0' }, denied);
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(events.at(-1)).to.deep.include({ type: 'stopped', reason: 'error' });
    });
  });

  it('starts anew on a resubscribe after an error', () => {
    marbles((m) => {
      let calls = 0;
      const denied = fault('AccessDenied', false);
      const { queue, messages$ } = fakeConsumer(({ receive }) => ({
        receive: (request) => {
          calls += 1;
          return calls === 1 ? throwError(() => denied) : receive(request);
        },
      }));
      at(m, 0, () => {
        fill(queue, 1);
      });
      const values$ = messages$().pipe(
        take(1),
        map(({ value }) => value),
      );
      m.expectObservable(values$).toBe('#', undefined, denied);
      m.expectObservable(values$, '10ms ^').toBe('11ms (a|)', { a: 'v0' });
    });
  });

  it('errors with SubscriptionNotFoundError when there is no queue', () => {
    marbles((m) => {
      const { messages$ } = fakeConsumer(() => ({
        getQueueUrl: () => throwError(() => fault('QueueDoesNotExist', false)),
      }));
      const errors: unknown[] = [];
      messages$().subscribe({ error: (error: unknown) => errors.push(error) });
      m.flush();
      expect(errors).to.have.length(1);
      expect(errors[0]).to.be.instanceOf(SubscriptionNotFoundError);
    });
  });

  it('keeps asking for the queue while AWS can not be reached, and says so', () => {
    marbles((m) => {
      let calls = 0;
      const { queue, messages$, events } = fakeConsumer(({ getQueueUrl }) => ({
        getQueueUrl: (request) => {
          calls += 1;
          return calls < 12 ? throwError(() => fault('ECONNREFUSED', true)) : getQueueUrl(request);
        },
      }));
      at(m, 0, () => {
        fill(queue, 1);
      });
      const got: string[] = [];
      messages$()
        .pipe(take(1))
        .subscribe(({ value }) => got.push(value));
      m.flush();
      expect(got).to.deep.equal(['v0']);
      expect(events.find(({ type }) => type === 'pollFailed')).to.deep.include({
        queue: 'dev-users-billing-queue',
        error: { name: 'AWSConnectionError', code: 'ECONNREFUSED', retryable: true },
      });
    });
  });

  it('goes on when a listener of the events throws (sqs-consumer)', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer();
      client.events$.subscribe(() => {
        throw new Error('a bug in the metrics');
      });
      at(m, 0, () => {
        fill(queue, 30);
      });
      m.expectObservable(
        messages$({ stop: timer(1_000) }).pipe(
          ackMap((value) => of(value)),
          ignoreElements(),
        ),
      ).toBe('1s |');
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
      expect(unhandled().map(String)).to.include('Error: a bug in the metrics');
    });
  });
});
