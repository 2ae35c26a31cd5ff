import { expect } from 'chai';
import * as t from 'io-ts';
import { EMPTY, map, NEVER, of, Subject, take, tap, throwError, timer } from 'rxjs';
import { MessageProcessingError } from '../../src/errors.js';
import { ignore, retryAfter } from '../../src/message/settlement.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { type Outcome, subscribe, type SubscribeOptions } from '../../src/subscription/subscribe.js';
import type { Handlers } from '../../src/subscription/route.js';
import { fifoTopic, topic, type TopicValue } from '../../src/topic.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { fakeConsumer, fault } from '../helpers/fakeConsumer.js';
import { at, marbles } from '../helpers/marbles.js';

const codecs = { created: t.type({ name: t.string }), deleted: t.type({ id: t.number }) };
const Account = topic('account', codecs);
type Account = TopicValue<typeof Account>;

const attributes = (type: string): Partial<RawMessage> => ({
  attributes: { type: { dataType: 'String', stringValue: type } },
});

/** Handlers that record what they are given. */
function recording(handlers: Partial<Handlers<Account>> = {}) {
  const given: unknown[] = [];
  const all: Handlers<Account> = {
    created: (data) => {
      given.push(data);
    },
    deleted: (data) => {
      given.push(data);
    },
    ...handlers,
  };
  return { given, all };
}

describe('subscribe', () => {
  function consumer(calls?: Parameters<typeof fakeConsumer>[0]) {
    const fake = fakeConsumer(calls);
    return {
      ...fake,
      outcomes$: (handlers: Handlers<Account>, options?: SubscribeOptions<Account>) =>
        subscribe(fake.client, Account, handlers, options),
      created: (id: string, more: Partial<RawMessage> = {}) => {
        fake.queue.send(id, { name: id }, { ...attributes('created'), ...more });
      },
      deleted: (id: string) => {
        fake.queue.send(id, { id: 7 }, attributes('deleted'));
      },
    };
  }

  const outcome = (id: string, more: Partial<Outcome> = {}): Outcome => ({
    id,
    topic: 'account',
    type: 'created',
    settlement: 'ack',
    durationMs: 0,
    ...more,
  });

  it('is cold', () => {
    const { client, requests } = fakeClient({});
    void subscribe(client, Account, recording().all);
    expect(requests).to.deep.equal([]);
  });

  it('gives each event to the handler of its type, and tells what became of it', () => {
    marbles((m) => {
      const { queue, outcomes$, created, deleted } = consumer();
      const { given, all } = recording();
      const outcomes: Outcome[] = [];
      at(m, 0, () => {
        created('a');
        deleted('b');
        outcomes$(all, { stop: timer(1_000) }).subscribe((told) => outcomes.push(told));
      });
      m.flush();
      expect(given).to.deep.equal([{ name: 'a' }, { id: 7 }]);
      expect(outcomes).to.deep.equal([outcome('a'), outcome('b', { type: 'deleted' })]);
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('tells an outcome when SQS has confirmed it, with the time the handler took', () => {
    marbles((m) => {
      const { outcomes$, created } = consumer();
      at(m, 0, () => {
        created('a');
      });
      const work = recording({ created: () => timer(300) }).all;
      // Received at 1, handled at 301; the deletion takes 1 ms, and the poll that was under way at the stop ends at 501.
      m.expectObservable(outcomes$(work, { stop: timer(50) })).toBe('302ms o 198ms |', {
        o: outcome('a', { durationMs: 300 }),
      });
    });
  });

  it('tells a failure as an outcome with its error, and goes on', () => {
    marbles((m) => {
      const { outcomes$, created, deleted } = consumer();
      const outcomes: Outcome[] = [];
      const failing = recording({ created: () => throwError(() => new TypeError('secret')) }).all;
      at(m, 0, () => {
        created('a');
        deleted('b');
        outcomes$(failing, { stop: timer(100) }).subscribe((told) => outcomes.push(told));
      });
      m.flush();
      expect(outcomes).to.have.deep.members([
        outcome('a', { settlement: 'retryAfter', error: { name: 'TypeError' } }),
        outcome('b', { type: 'deleted' }),
      ]);
    });
  });

  it('takes the settlement that onError says, the default one where it throws, and reject for what no retry helps', () => {
    marbles((m) => {
      const { outcomes$, created } = consumer((calls) => ({
        ...calls,
        getQueueAttributes: () => of({}),
      }));
      const settlements: string[] = [];
      const final = new MessageProcessingError('never', { retryable: false });
      const work = recording({ created: ({ name }) => throwError(() => (name === 'c' ? final : new Error(name))) }).all;
      at(m, 0, () => {
        created('a');
        created('b');
        created('c');
        const onError: SubscribeOptions<Account>['onError'] = (_error, { id }) => {
          if (id === 'a') return ignore;
          throw new Error('no idea');
        };
        outcomes$(work, { onError, stop: timer(100) }).subscribe((told) => {
          settlements.push(`${told.id}: ${told.settlement}`);
        });
      });
      m.flush();
      expect(settlements).to.have.members(['a: ignore', 'b: retryAfter', 'c: reject']);
    });
  });

  it('tells the settlement that the handler said itself, once', () => {
    marbles((m) => {
      const { outcomes$, created } = consumer();
      const outcomes: string[] = [];
      const work = recording({
        created: (_data, message) => {
          void message.settle(retryAfter(900_000));
          return of('done');
        },
      }).all;
      at(m, 0, () => {
        created('a');
        outcomes$(work, { stop: timer(100) }).subscribe(({ settlement }) => outcomes.push(settlement));
      });
      m.flush();
      expect(outcomes).to.deep.equal(['retryAfter']);
    });
  });

  it('tells nothing of a settlement that failed: events do', () => {
    marbles((m) => {
      const { outcomes$, created, types } = consumer(() => ({
        deleteBatch: () => throwError(() => fault('AccessDenied', false)),
      }));
      const told: unknown[] = [];
      at(m, 0, () => {
        created('a');
        outcomes$(recording().all, { stop: timer(100) }).subscribe((one) => told.push(one));
      });
      m.flush();
      expect(told).to.deep.equal([]);
      expect(types()).to.include('settleFailed');
    });
  });

  it('acknowledges what it told, although the subscriber then has enough', () => {
    marbles((m) => {
      const { queue, outcomes$, created } = consumer();
      at(m, 0, () => {
        created('a');
        outcomes$(recording().all).pipe(take(1)).subscribe();
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
    });
  });

  it('releases, and tells as released, what follows a failure in its FIFO group', () => {
    marbles((m) => {
      const Orders = fifoTopic('account', codecs, { groupId: () => 'g', deduplicationId: () => 'd' });
      const { client, queue } = fakeConsumer();
      const outcomes: string[] = [];
      const { all } = recording({ created: () => timer(10).pipe(map(() => expect.fail('no'))) });
      at(m, 0, () => {
        for (const id of ['a', 'b']) {
          const more = { ...attributes('created'), groupId: 'g', sequenceNumber: id };
          queue.send(id, { name: id }, more);
        }
        subscribe(client, Orders, all, { stop: timer(5), onError: () => retryAfter(60_000) }).subscribe((told) => {
          outcomes.push(`${told.id} ${told.settlement} ${String(told.durationMs)} ${told.error?.name ?? ''}`.trim());
        });
      });
      m.flush();
      expect(outcomes).to.deep.equal(['a retryAfter 10 AssertionError', 'b retryAfter 0']);
    });
  });

  it('starts anew with each subscription, and cancels the work when it is unsubscribed', () => {
    marbles((m) => {
      const { queue, outcomes$, created } = consumer();
      let cancelled = 0;
      const work = recording({ created: () => NEVER.pipe(tap({ unsubscribe: () => (cancelled += 1) })) }).all;
      const both$ = outcomes$(work);
      at(m, 0, () => {
        created('a');
        created('b', { sentTimestamp: 0 });
      });
      m.expectObservable(both$, '^ 9ms !').toBe('');
      m.expectObservable(both$, '20ms ^ 9ms !').toBe('');
      m.flush();
      expect(cancelled).to.equal(4);
      expect(queue.inFlight()).to.deep.equal([]);
    });
  });

  it('errors as fromTopic does', () => {
    marbles((m) => {
      const denied = fault('AccessDenied', false);
      const { outcomes$ } = consumer(() => ({ receive: () => throwError(() => denied) }));
      m.expectObservable(outcomes$(recording().all)).toBe('#', undefined, denied);
    });
  });

  it('rejects an event of a type it has no handler for, which an older release could publish', () => {
    marbles((m) => {
      const { client, queue, types } = fakeConsumer((calls) => ({ ...calls, getQueueAttributes: () => of({}) }));
      const stop = new Subject<void>();
      const handlers = { created: () => EMPTY } as unknown as Handlers<Account>;
      const outcomes: string[] = [];
      at(m, 0, () => {
        queue.send('a', { id: 7 }, attributes('deleted'));
        subscribe(client, Account, handlers, { stop }).subscribe(({ settlement, error }) => {
          outcomes.push(`${settlement} ${error?.name ?? ''}`);
          stop.next();
        });
      });
      m.flush();
      expect(outcomes).to.deep.equal(['reject SubscriptionNotFoundError']);
      expect(types()).to.include('handled');
    });
  });
});
