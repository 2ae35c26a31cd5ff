import { expect } from 'chai';
import { catchError, EMPTY, map, NEVER, type Observable, of, throwError } from 'rxjs';
import type { AwsCalls, Call } from '../../src/client/client.js';
import { type CallWitness, observeCalls } from '../../src/client/observeCalls.js';
import { OPERATIONS } from '../../src/client/operations.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { MessagingEvent } from '../../src/events.js';
import { at, marbles } from '../helpers/marbles.js';

const KEYS = Object.keys(OPERATIONS) as (keyof AwsCalls)[];
const POLL = { queueUrl: 'q', maxMessages: 10, waitTimeSeconds: 2, visibilityTimeoutSeconds: 30 };
const DELETE = { queueUrl: 'q', entries: ['a', 'b', 'c'].map((id) => ({ id, receiptHandle: id })) };
const NAME = { queueName: 'q' };

/** Calls that are all answered alike. */
const all = (answer: Call<unknown, unknown>): AwsCalls =>
  // Each call hands its response through unread.
  Object.fromEntries(KEYS.map((key) => [key, answer])) as unknown as AwsCalls;

interface Witnessed {
  readonly calls: AwsCalls;
  readonly events: MessagingEvent[];
}

/** Observed calls of a time limit of 1 s, on a client that stays open and that somebody listens to, unless said otherwise. */
function witnessed(answer: Call<unknown, unknown>, witness: Partial<CallWitness> = {}): Witnessed {
  const events: MessagingEvent[] = [];
  const calls = observeCalls(all(answer), {
    listening: () => true,
    emit: (event) => events.push(event()),
    closed$: NEVER,
    timeoutMs: 1_000,
    ...witness,
  });
  return { calls, events };
}

const awsError = (code: string, throttled = false): AWSConnectionError =>
  new AWSConnectionError({ operation: 'ReceiveMessage', code, retryable: true, throttled });

/** A call whose error is told by its fields, for diagrams. */
const toldOf = (call$: Observable<unknown>): Observable<unknown> =>
  call$.pipe(
    catchError((error: unknown) =>
      throwError((): unknown => (error instanceof AWSConnectionError ? error.toJSON() : error)),
    ),
  );

const closedError = (operation: string, outcomeUnknown = false): object => ({
  _tag: 'AWSConnectionError',
  name: 'AWSConnectionError',
  message: `${operation} failed: ClientClosed (close() was called on this client)`,
  code: 'ClientClosed',
  operation,
  retryable: false,
  throttled: false,
  outcomeUnknown,
});
const timeoutError = (operation: string): object => ({
  ...closedError(operation, true),
  message: `${operation} failed: Timeout (no answer in time)`,
  code: 'Timeout',
  retryable: true,
});

describe('observeCalls', () => {
  it('hands request and response through, one value and the end', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const answer = cold('   ---a|');
      const subs = '          ^---!';
      const expected = '      ---a|';
      const requests: unknown[] = [];
      const { calls } = witnessed((request) => {
        requests.push(request);
        return answer;
      });
      expectObservable(calls.deleteBatch(DELETE)).toBe(expected);
      expectSubscriptions(answer.subscriptions).toBe(subs);
      expect(requests).to.deep.equal([]);
      flush();
      expect(requests).to.deep.equal([DELETE]);
    });
  });

  it('is cold: each subscription makes the call, and is timed, on its own', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const answer = cold('   500ms (a|)');
      const { calls, events } = witnessed(() => answer);
      const call$ = calls.getQueueUrl(NAME);
      expectObservable(call$, '      ^').toBe('500ms (a|)');
      expectObservable(call$, '700ms ^').toBe('1200ms (a|)');
      expectSubscriptions(answer.subscriptions).toBe(['^ 499ms !', '700ms ^ 499ms !']);
      at(helpers, 2_000, () => {
        expect(events.map((event) => 'durationMs' in event && event.durationMs)).to.deep.equal([500, 500]);
      });
    });
  });

  it('hands an error through as it is', () => {
    marbles(({ cold, expectObservable }) => {
      const error = awsError('AccessDenied');
      const { calls } = witnessed(() => cold('--#', undefined, error));
      expectObservable(calls.getQueueUrl(NAME)).toBe('--#', undefined, error);
    });
  });

  for (const key of KEYS) {
    const operation = OPERATIONS[key];
    it(`wraps ${key}: limit, event and end of ${operation}`, () => {
      marbles((helpers) => {
        const { expectObservable } = helpers;
        const { calls, events } = witnessed(() => NEVER);
        const call = calls[key] as Call<unknown, unknown>;
        expectObservable(toldOf(call({}))).toBe('1s #', undefined, timeoutError(operation));
        at(helpers, 1_001, () => {
          expect(events).to.deep.equal([
            {
              type: 'called',
              at: 1_000,
              operation,
              durationMs: 1_000,
              entries: 0,
              error: { name: 'AWSConnectionError', code: 'Timeout', retryable: true },
            },
          ]);
        });
        const closed = witnessed(() => NEVER, { closed$: of(undefined) }).calls[key] as Call<unknown, unknown>;
        expectObservable(toldOf(closed({}))).toBe('#', undefined, closedError(operation));
      });
    });
  }

  it('has no call but those of OPERATIONS', () => {
    expect(Object.keys(witnessed(() => NEVER).calls)).to.have.members(KEYS);
  });

  describe('time limit', () => {
    it('gives up, and aborts, a call without an answer in time', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const answer = cold('  1001ms (a|)');
        const subs = '         ^ 999ms !';
        const expected = '     1000ms #';
        const { calls } = witnessed(() => answer);
        expectObservable(toldOf(calls.getQueueUrl(NAME))).toBe(expected, undefined, timeoutError('GetQueueUrl'));
        expectSubscriptions(answer.subscriptions).toBe(subs);
      });
    });

    it('takes an answer of the last millisecond', () => {
      marbles(({ cold, expectObservable }) => {
        const { calls } = witnessed(() => cold('999ms (a|)'));
        expectObservable(calls.getQueueUrl(NAME)).toBe('999ms (a|)');
      });
    });

    it('begins to run after the wait of a long poll', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const quick = cold('2999ms (a|)');
        const slow = cold(' 3001ms (a|)');
        const subs = '      ^ 2999ms !';
        expectObservable(witnessed(() => quick).calls.receive(POLL)).toBe('2999ms (a|)');
        expectObservable(toldOf(witnessed(() => slow).calls.receive(POLL))).toBe(
          '3s #',
          undefined,
          timeoutError('ReceiveMessage'),
        );
        expectSubscriptions(slow.subscriptions).toBe(subs);
      });
    });

    it('adds nothing to a poll that does not wait', () => {
      marbles(({ expectObservable }) => {
        const { calls } = witnessed(() => NEVER);
        expectObservable(toldOf(calls.receive({ ...POLL, waitTimeSeconds: 0 }))).toBe(
          '1s #',
          undefined,
          timeoutError('ReceiveMessage'),
        );
      });
    });

    it('leaves no timer behind an answer, an error or an unsubscribe', () => {
      marbles((helpers) => {
        const { cold, scheduler } = helpers;
        for (const answer of [cold('-(a|)'), cold('-#'), NEVER]) {
          const call$ = witnessed(() => answer).calls.getQueueUrl(NAME);
          const subscription = call$.subscribe({ error: () => undefined });
          at(helpers, 10, () => {
            subscription.unsubscribe();
          });
        }
        scheduler.flush();
        expect(scheduler.frame).to.equal(10);
      });
    });
  });

  it('aborts the call by unsubscribe, and tells nothing of it', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const answer = cold('   -----a|');
      const unsubs = '        ^--!';
      const expected = '      ----';
      const { calls, events } = witnessed(() => answer);
      expectObservable(calls.receive(POLL), unsubs).toBe(expected);
      expectSubscriptions(answer.subscriptions).toBe(unsubs);
      at(helpers, 10_000, () => {
        expect(events).to.deep.equal([]);
      });
    });
  });

  describe('on a client that is closed', () => {
    it('ends the calls under way, by an event too', () => {
      marbles((helpers) => {
        const { cold, hot, expectObservable, expectSubscriptions } = helpers;
        const closed$ = hot('  ---c').pipe(map(() => undefined));
        const answer = cold('  ------a|');
        const subs = '         ^--!';
        const expected = '     ---#';
        const { calls, events } = witnessed(() => answer, { closed$ });
        expectObservable(toldOf(calls.receive(POLL))).toBe(expected, undefined, closedError('ReceiveMessage', true));
        expectSubscriptions(answer.subscriptions).toBe(subs);
        at(helpers, 10, () => {
          expect(events).to.deep.equal([
            {
              type: 'called',
              at: 3,
              operation: 'ReceiveMessage',
              durationMs: 3,
              entries: 0,
              error: { name: 'AWSConnectionError', code: 'ClientClosed', retryable: false },
            },
          ]);
        });
      });
    });

    it('makes no call any more', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const answer = cold('a|');
        const { calls } = witnessed(() => answer, { closed$: of(undefined) });
        expectObservable(toldOf(calls.receive(POLL)), '-----^').toBe(
          '-----#',
          undefined,
          closedError('ReceiveMessage'),
        );
        expectSubscriptions(answer.subscriptions).toBe([]);
      });
    });

    it('is not closed by a notifier that ends without having emitted', () => {
      marbles(({ cold, expectObservable }) => {
        const { calls } = witnessed(() => cold('---(a|)'), { closed$: EMPTY });
        expectObservable(calls.getQueueUrl(NAME)).toBe('---(a|)');
      });
    });
  });

  describe('events', () => {
    it('say how long a call took, and how many messages it brought or carried', () => {
      marbles((helpers) => {
        const { cold, scheduler } = helpers;
        const { calls, events } = witnessed((request) => cold('7ms (a|)', { a: request === POLL ? ['m1', 'm2'] : {} }));
        at(helpers, 5, () => calls.receive(POLL).subscribe());
        at(helpers, 20, () => calls.deleteBatch(DELETE).subscribe());
        at(helpers, 30, () => calls.getQueueUrl(NAME).subscribe());
        scheduler.flush();
        expect(events).to.deep.equal([
          { type: 'called', at: 12, operation: 'ReceiveMessage', durationMs: 7, entries: 2 },
          { type: 'called', at: 27, operation: 'DeleteMessageBatch', durationMs: 7, entries: 3 },
          { type: 'called', at: 37, operation: 'GetQueueUrl', durationMs: 7, entries: 0 },
        ]);
      });
    });

    it('come before the response and before the error', () => {
      const order: unknown[] = [];
      const emit: CallWitness['emit'] = (event) => order.push(event().type);
      witnessed(() => of('response'), { emit })
        .calls.getQueueUrl(NAME)
        .subscribe((response) => order.push(response));
      witnessed(() => throwError(() => awsError('InternalError')), { emit })
        .calls.getQueueUrl(NAME)
        .subscribe({ error: () => order.push('error') });
      expect(order).to.deep.equal(['called', 'response', 'called', 'error']);
    });

    it('carry the entries of a batch that failed, and name and code of the error', () => {
      marbles((helpers) => {
        const { cold, scheduler } = helpers;
        const { calls, events } = witnessed(() => cold('--#', undefined, awsError('InternalError')));
        calls.deleteBatch(DELETE).subscribe({ error: () => undefined });
        scheduler.flush();
        expect(events).to.deep.equal([
          {
            type: 'called',
            at: 2,
            operation: 'DeleteMessageBatch',
            durationMs: 2,
            entries: 3,
            error: { name: 'AWSConnectionError', code: 'InternalError', retryable: true },
          },
        ]);
      });
    });

    it('say once that AWS asked for fewer calls', () => {
      marbles((helpers) => {
        const { cold, scheduler } = helpers;
        const { calls, events } = witnessed(() => cold('--#', undefined, awsError('OverLimit', true)));
        calls.receive(POLL).subscribe({ error: () => undefined });
        scheduler.flush();
        expect(events).to.deep.equal([
          {
            type: 'called',
            at: 2,
            operation: 'ReceiveMessage',
            durationMs: 2,
            entries: 0,
            error: { name: 'AWSConnectionError', code: 'OverLimit', retryable: true },
          },
          { type: 'throttled', at: 2, operation: 'ReceiveMessage' },
        ]);
      });
    });

    it('tell of a foreign error its name alone', () => {
      const { calls, events } = witnessed(() => throwError(() => new TypeError('secret')));
      calls.getQueueUrl(NAME).subscribe({ error: () => undefined });
      expect(events.map((event) => 'error' in event && event.error)).to.deep.equal([{ name: 'TypeError' }]);
    });

    it('are neither made nor timed while nobody listens when a call begins', () => {
      marbles((helpers) => {
        const { cold, scheduler } = helpers;
        let isListening = false;
        const { calls, events } = witnessed(() => cold('--(a|)'), { listening: () => isListening });
        calls.getQueueUrl(NAME).subscribe();
        isListening = true;
        at(helpers, 1, () => {
          calls.receive(POLL).subscribe();
          isListening = false;
        });
        scheduler.flush();
        expect(events).to.deep.equal([
          { type: 'called', at: 3, operation: 'ReceiveMessage', durationMs: 2, entries: 0 },
        ]);
      });
    });
  });
});
