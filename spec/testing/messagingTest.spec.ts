import { expect } from 'chai';
import * as t from 'io-ts';
import { defer, from, interval, map, mergeMap, NEVER, of, take, tap, throwError, timer } from 'rxjs';
import {
  ackMap,
  fifoTopic,
  fromTopic,
  ignore,
  MessageProcessingError,
  publishTo,
  reject,
  retryWithBackoff,
  topic,
  toTopic,
} from '../../src/index.js';
import {
  createTestBroker,
  messagingTest,
  type MessagingTestHelpers,
  type MessagingTestOptions,
  recordMarbles,
} from '../../src/testing/index.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const Letters = topic('letters', t.string);
const Echoes = topic('echoes', t.string);
const User = t.type({ name: t.string });
const Users = topic('users', User);
const Orders = fifoTopic('orders', t.string, { groupId: (text) => text.charAt(0), contentBasedDeduplication: true });
const users = { a: { name: 'Ada' }, b: { name: 'Bob' } };

/** What a test throws, as text. */
function failureOf(script: (helpers: MessagingTestHelpers) => void, options?: MessagingTestOptions): string {
  try {
    messagingTest(script, options);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

/** Fails the first `times` receives of each message. */
const failing =
  (times: number) =>
  (value: string, { receiveCount }: { readonly receiveCount: number }) =>
    receiveCount <= times ? throwError(() => new Error('not yet')) : of(value);

describe('messagingTest', () => {
  it('has diagrams for what goes in, what comes out and what becomes of the messages, in equal columns', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled }) => {
      const names$ = fromTopic(broker, Users).pipe(ackMap(({ name }) => of(name)));
      publish(Users, '              -a-----b', users);
      expectReceived(Users).toBe('   -a-----b', users);
      expectObservable(names$).toBe('-a-----b', { a: 'Ada', b: 'Bob' });
      expectSettled(Users).toBe('    -a-----b', users);
    });
  });

  it('counts what is published at frame 0, whatever the order of the script', () => {
    messagingTest(({ broker, publish, expectReceived, expectObservable }) => {
      publish(Letters, 'a');
      expectReceived(Letters).toBe('a');
      expectObservable(fromTopic(broker, Letters).pipe(ackMap((value) => of(value)))).toBe('a');
    });
  });

  it('has retries, and 10 minutes of visibility, in no time', () => {
    messagingTest(({ broker, publish, expectRetried, expectSettled, expectReceived }) => {
      fromTopic(broker, Letters)
        .pipe(ackMap(failing(2)))
        .subscribe();
      publish(Letters, '       a');
      expectReceived(Letters).toBe('a 999ms a 999ms a');
      expectRetried(Letters).toBe(' a 999ms a');
      expectSettled(Letters).toBe(' 2s a');
    });
    messagingTest(({ broker, publish, expectReceived, expectRetried, expectSettled }) => {
      fromTopic(broker, Letters, { visibilityTimeoutSeconds: 600 })
        .pipe(mergeMap((message) => message.settle(message.receiveCount === 1 ? ignore : reject(new Error('bad')))))
        .subscribe();
      publish(Letters, '       a');
      expectReceived(Letters).toBe('a 599999ms a');
      expectRetried(Letters).toBe(' a');
      expectSettled(Letters).toBe('');
    });
  });

  it('has dead letters: rejected, undecodable, and moved by SQS', () => {
    messagingTest(({ broker, publish, publishRaw, expectDeadLettered, expectSettled }) => {
      const refuse = () => throwError(() => new MessageProcessingError('no', { retryable: false }));
      fromTopic(broker, Users)
        .pipe(ackMap(({ name }) => (name === 'Ada' ? refuse() : of(name))))
        .subscribe();
      publish(Users, '           -a-b', users);
      publishRaw(Users, '        -----x', { x: '{"name":' });
      expectSettled(Users).toBe('     ---b', users);
      expectDeadLettered(Users).toBe('-a---x', users, { x: '{"name":' });
    });
    messagingTest(({ broker, publish, expectDeadLettered }) => {
      broker.provision(Letters, { maxReceiveCount: 2 });
      fromTopic(broker, Letters)
        .pipe(ackMap(failing(9)))
        .subscribe();
      publish(Letters, '           a');
      expectDeadLettered(Letters).toBe('2s a');
    });
  });

  it('tells what clients publish from what the test publishes', () => {
    messagingTest(({ broker, publish, expectPublished }) => {
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => of(value.toUpperCase())))
        .subscribe(toTopic(broker, Echoes));
      broker.provision(Echoes);
      publish(Letters, '        a--b');
      expectPublished(Echoes).toBe('A--B');
      expectPublished(Letters).toBe('');
    });
  });

  it('keeps FIFO groups in order', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectSettled }) => {
      const doors = hot('                    ---o--o---o-------');
      const work$ = fromTopic(broker, Orders).pipe(
        ackMap((value) =>
          doors.pipe(
            take(1),
            map(() => value),
          ),
        ),
      );
      publish(Orders, '              ab', { a: 'x1', b: 'x2' });
      expectObservable(work$).toBe(' ---a--b', { a: 'x1', b: 'x2' });
      expectSettled(Orders).toBe('   ---a--b', { a: 'x1', b: 'x2' });
    });
  });

  it('has a client for each service, with a queue of its own', () => {
    messagingTest(({ broker, publish, expectSettled, expectReceived, expectRetried, expectDeadLettered }) => {
      const audit = broker.connect({ service: 'audit' });
      fromTopic(broker, Letters)
        .pipe(ackMap(failing(1)))
        .subscribe();
      expectSettled(Letters).toBe('       -- 999ms a');
      expectSettled(Letters, audit).toBe('-a');
      expectReceived(Letters, audit).toBe('-a');
      expectRetried(Letters, audit).toBe('');
      expectDeadLettered(Letters, audit).toBe('');
      fromTopic(audit, Letters)
        .pipe(ackMap(failing(0)))
        .subscribe();
      publish(Letters, '-a');
    });
  });

  it('has what TestScheduler has: hot, cold, time, subscriptions, toEqual', () => {
    messagingTest(({ hot, cold, time, expectObservable, expectSubscriptions }) => {
      const source = hot('       -a--b-');
      const other = cold('       --c|');
      expectObservable(source, ' ^--!').toBe('-a');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectObservable(other).toEqual(cold('--c|'));
      expectObservable(interval(time('--|')).pipe(take(2))).toBe('--a-(b|)', { a: 0, b: 1 });
    });
  });

  it('stops, drains and completes as a consumer does', () => {
    messagingTest(({ broker, hot, cold, publish, expectObservable, expectSettled, flush }) => {
      const stop = hot('                 ---s');
      const work$ = fromTopic(broker, Letters, { stop }).pipe(ackMap((value) => cold('----v|', { v: value })));
      publish(Letters, '             -a--b');
      expectObservable(work$).toBe(' -----a(|)');
      expectSettled(Letters).toBe('  ------a');
      flush();
      expect(broker.messages(Letters).map(({ body, state }) => [body, state])).to.deep.equal([['"b"', 'visible']]);
    });
  });

  it('shows both diagrams where they differ, of every expectation at once', () => {
    const failure = failureOf(({ broker, publish, expectObservable, expectSettled }) => {
      publish(Users, '-a-----b', users);
      expectObservable(fromTopic(broker, Users).pipe(ackMap(({ name }) => of(name)))).toBe('-a---b', {
        a: 'Ada',
        b: 'Bob',
      });
      expectSettled(Users).toBe('-b', users);
    });
    expect(failure.split('\n')).to.deep.equal([
      'expectObservable is not as expected',
      '  expected  -a---b--',
      '  actual    -a-----b',
      '                 ^ ^',
      '  at 5ms: expected b, got nothing',
      '  at 7ms: expected nothing, got b',
      "  a = 'Ada'",
      "  b = 'Bob'",
      '',
      'expectSettled(users) is not as expected',
      '  expected  -b------',
      '  actual    -a-----b',
      '             ^     ^',
      '  at 1ms: expected b, got a',
      '  at 7ms: expected nothing, got b',
      "  b = { name: 'Bob' }",
      "  a = { name: 'Ada' }",
    ]);
  });

  it('compares subscriptions, too', () => {
    const failure = failureOf(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-');
      expectObservable(source, '^--!').toBe('-a');
      expectSubscriptions(source.subscriptions).toBe(['^----!']);
    });
    expect(failure.split('\n').slice(0, 3)).to.deep.equal([
      'expectSubscriptions is not as expected',
      '  expected  ^----!',
      '  actual    ^--!--',
    ]);
  });

  it('sees what comes after the last diagram, within the overtime', () => {
    const late = ({ broker, publish, expectSettled }: MessagingTestHelpers): void => {
      fromTopic(broker, Letters)
        .pipe(ackMap(failing(1)))
        .subscribe();
      publish(Letters, 'a');
      expectSettled(Letters).toBe('');
    };
    expect(failureOf(late)).to.include('at 1s: expected nothing, got a');
    expect(failureOf(late, { overtimeMs: 998 })).to.equal('');
    expect(faultsThrownBy(() => messagingTest(late, { overtimeMs: -1 }))).to.deep.equal([
      'overtimeMs: expected milliseconds of at least 0',
    ]);
  });

  it('ends, though a consumer never does, and leaves nothing behind', () => {
    let subscribed = 0;
    messagingTest(({ broker, publish }) => {
      publish(Letters, 'a');
      fromTopic(broker, Letters)
        .pipe(
          ackMap(() => NEVER),
          tap({ finalize: () => (subscribed += 1) }),
        )
        .subscribe();
    });
    expect(subscribed).to.equal(1);
  });

  it('ends a consumer whose handler is a promise: resolved later, it finds nobody', async () => {
    const handled: string[] = [];
    let isDone = false;
    messagingTest(({ broker, publish, expectSettled, expectReceived }) => {
      publish(Letters, '       a');
      expectReceived(Letters).toBe('a');
      expectSettled(Letters).toBe(' ');
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => Promise.resolve(value)))
        .subscribe({ next: (value) => handled.push(value), complete: () => (isDone = true) });
    });
    await Promise.resolve();
    expect(handled).to.deep.equal([]);
    expect(isDone).to.equal(true);
  });

  it('says at once what can not be published', () => {
    expect(failureOf(({ publish }) => publish(Users, 'ab', { a: { name: 'Ada' } }))).to.equal(
      'publish(users): there is no value for `b`',
    );
    expect(failureOf(({ publish }) => publish(Users, 'a', { a: { name: 1 } as never }))).to.equal(
      'publish(users): `a`: validation failed at /name: expected string',
    );
    expect(failureOf(({ publish }) => publish(Users, 'a'))).to.match(
      /^publish\(users\): `a`, for which there is no value: validation failed/,
    );
    expect(failureOf(({ publish }) => publish(Letters, 'a-|'))).to.equal(
      'publish(letters): `|` says nothing of what is published; leave it out',
    );
    expect(failureOf(({ publishRaw }) => publishRaw(Letters, 'ab', { a: '1' }))).to.equal(
      'publishRaw(letters): there is no value for `b`',
    );
    expect(failureOf(({ publish }) => publish(Letters, 'a', { a: 'x'.repeat(300_000) }))).to.match(
      /^publish\(letters\): `a`: the message has 300002 bytes/,
    );
  });

  it('says what is missing or misplaced in the script', () => {
    expect(failureOf(({ expectSettled }) => void expectSettled(Letters))).to.equal(
      'expectSettled(letters) has no diagram: give it one by toBe(…)',
    );
    const late = 'the test is running, or has run: give every diagram before it';
    const afterFlush = (script: (helpers: MessagingTestHelpers) => void): string =>
      failureOf((helpers) => {
        helpers.flush();
        script(helpers);
      });
    expect(afterFlush(({ publish }) => publish(Letters, 'a'))).to.equal(late);
    expect(afterFlush(({ expectSettled }) => expectSettled(Letters).toBe(''))).to.equal(late);
    expect(afterFlush(({ expectObservable }) => expectObservable(of(1)).toBe(''))).to.equal(late);
    const asynchronous = (() => Promise.reject(new Error('comes of it'))) as () => void;
    expect(failureOf(asynchronous)).to.equal(
      'the script of a messagingTest is no async function: virtual time runs when it returns',
    );
  });

  it('verifies once, whether flush comes by hand or by itself', () => {
    let verified = 0;
    messagingTest(({ broker, publish, expectSettled, flush }) => {
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => of(value)))
        .subscribe(() => (verified += 1));
      publish(Letters, '      a');
      expectSettled(Letters).toBe('a');
      flush();
      flush();
    });
    expect(verified).to.equal(1);
  });

  it('lets through what the script throws, and what nobody handles', () => {
    expect(
      failureOf(() => {
        throw new Error('of the script');
      }),
    ).to.equal('of the script');
    expect(failureOf(() => void throwError(() => new Error('unhandled')).subscribe())).to.equal('unhandled');
  });

  it('replays a recording', () => {
    const consume = ({ broker }: MessagingTestHelpers, times: number): void =>
      void fromTopic(broker, Letters)
        .pipe(ackMap(failing(times)))
        .subscribe();
    let recorded = '';
    messagingTest((helpers) => {
      const recording = recordMarbles(helpers.broker.events$, { topic: Letters });
      consume(helpers, 2);
      helpers.publish(Letters, 'ab---(cd)');
      helpers.flush();
      recorded = recording.diagram();
    });
    messagingTest((helpers) => {
      consume(helpers, 2);
      helpers.replay(Letters, recorded);
    });
    const failure = failureOf((helpers) => {
      consume(helpers, 1);
      helpers.replay(Letters, recorded);
    });
    expect(failure).to.include('replay(letters) is not as recorded').and.include('  settled');
    const strict = failureOf((helpers) => {
      helpers.broker.latency(400);
      consume(helpers, 2);
      helpers.replay(Letters, recorded, undefined, { toleranceColumns: 0 });
    });
    expect(strict).to.include('is not as recorded');
  });

  it('publishes through a producer of the pipeline as well', () => {
    messagingTest(({ broker, cold, expectPublished, expectObservable }) => {
      broker.provision(Letters);
      broker.fail('publish', { entries: { 0: 'InternalError' } });
      const results$ = cold('-a-b|').pipe(
        publishTo(broker, Letters),
        map(({ _tag }) => _tag),
      );
      expectPublished(Letters).toBe('  ---b 47ms a');
      expectObservable(results$).toBe('---b 47ms (a|)', { a: 'Right', b: 'Right' });
    });
  });

  it('does not take what came at another time, in another order or more often', () => {
    const handled = ({ broker }: MessagingTestHelpers): void =>
      void fromTopic(broker, Letters)
        .pipe(ackMap((value) => of(value)))
        .subscribe();
    for (const marbles of ['--a', 'aa', '', 'b', '(ab)']) {
      const failure = failureOf((helpers) => {
        handled(helpers);
        helpers.publish(Letters, 'a');
        helpers.expectSettled(Letters).toBe(marbles);
      });
      expect(failure, marbles).to.include('expectSettled(letters) is not as expected');
    }
    const burst = ({ broker, publish, expectReceived }: MessagingTestHelpers): void => {
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => of(value)))
        .subscribe();
      publish(Letters, '         (abcdef)');
      expectReceived(Letters).toBe('(abcdef)');
    };
    expect(failureOf(burst)).to.include('the same, in another order: a standard queue keeps none');
    expect(failureOf(burst, { unordered: false })).to.equal('');
  });

  it('compares subscriptions one by one', () => {
    const failure = failureOf(({ cold, expectSubscriptions }) => {
      const source = cold('-');
      const first = source.subscribe();
      timer(10).subscribe(() => first.unsubscribe());
      timer(5)
        .pipe(mergeMap(() => source))
        .subscribe();
      expectSubscriptions(source.subscriptions).toBe(['^', '-----^----!']);
    });
    expect(failure).to.include(
      'expectSubscriptions is not as expected\n  expected  ^----------\n  actual    ^---------!',
    );
    expect(failure).to.include('expectSubscriptions, subscription 2, is not as expected');
    const missing = failureOf(({ cold, expectSubscriptions }) => {
      expectSubscriptions(cold('-').subscriptions).toBe('^');
    });
    expect(missing).to.include('  at 0ms: expected ^, got nothing');
  });

  it('is not within another: RxJS has one virtual time', () => {
    expect(failureOf(() => messagingTest(() => undefined))).to.equal(
      'a messagingTest within another: RxJS has one virtual time at a time',
    );
    // The next one runs.
    messagingTest(() => undefined);
  });

  it('says so where virtual time stands still, instead of hanging', () => {
    const failure = failureOf(() => {
      interval(0).subscribe();
    });
    expect(failure).to.equal('virtual time stands still at 0 ms: something is tried again and again without a delay');
  });

  it('has letters with a value each, and says which has none', () => {
    expect(failureOf(({ expectSettled }) => expectSettled(Users).toBe('q', users))).to.equal(
      'expectSettled(users): there is no value for `q`',
    );
    expect(failureOf(({ expectObservable }) => expectObservable(of(1)).toBe('(b|)', { a: 1 }))).to.equal(
      'expectObservable: there is no value for `b`',
    );
    const without = failureOf(({ broker, publish, expectReceived }) => {
      fromTopic(broker, Users).subscribe();
      publish(Users, '         a', users);
      expectReceived(Users).toBe('a');
    });
    expect(without).to.include('no values were given: a letter stands for itself');
  });

  it('tells what is left, where something did not come', () => {
    const unsettled = failureOf(({ broker, publish, expectSettled }) => {
      fromTopic(broker, Letters)
        .pipe(ackMap(() => NEVER))
        .subscribe();
      publish(Letters, '        a');
      expectSettled(Letters).toBe('a');
    });
    expect(unsettled).to.match(/left in flight, received and not settled: 1$/);
    const unread = failureOf(({ publish, expectSettled }) => {
      publish(Letters, '        ab');
      expectSettled(Letters).toBe('ab');
    });
    expect(unread).to.match(/left in the queue, never received: 2$/);
  });

  it('tells of which service and which Observable it speaks, and where the diagram stands', () => {
    let thrown = new Error('nothing');
    try {
      messagingTest(({ broker, expectObservable, expectSettled }) => {
        const audit = broker.connect({ service: 'audit', topics: [Letters] });
        expectObservable(of(1)).toBe('(a|)', { a: 1 });
        expectObservable(of(2)).toBe('(b|)', { b: 1 });
        expectSettled(Letters, audit).toBe('a');
        expectSettled(Letters, broker.connect()).toBe('a');
      });
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown.message).to.include('expectObservable no. 2 is not as expected');
    expect(thrown.message).to.include('expectSettled(letters of audit) is not as expected');
    expect(thrown.message).to.include('expectSettled(letters of another client) is not as expected');
    expect(thrown.stack?.split('\n').find((line) => line.startsWith('    at '))).to.include('messagingTest.spec');
  });

  it('takes clients of its own broker only', () => {
    const other = createTestBroker({ topics: [Letters] });
    expect(failureOf(({ expectSettled }) => expectSettled(Letters, other).toBe(''))).to.equal(
      'the client given to an expectation is none of this broker; make it by broker.connect()',
    );
  });

  it('reads a diagram before it is run: what is none is told in words of RxJS', () => {
    const marker = 'conventional marble diagrams cannot have the unsubscription marker "!"';
    expect(failureOf(({ expectReceived }) => expectReceived(Letters).toBe('a!'))).to.equal(marker);
    expect(failureOf(({ cold, expectObservable }) => expectObservable(cold('-')).toBe('a!'))).to.equal(marker);
    expect(
      failureOf(({ cold, expectSubscriptions }) => expectSubscriptions(cold('-').subscriptions).toBe('^ a')),
    ).to.match(/^there can only be '\^' and '!' markers/);
    expect(failureOf(({ expectReceived }) => expectReceived(Letters).toBe('^a'))).to.equal(
      'expectReceived(letters): `^` says nothing here; leave it out',
    );
  });

  it('tells the first error: what closing comes to is of no interest then', () => {
    const throwAtEnd = ({ broker }: MessagingTestHelpers): void => {
      broker.provision(Letters);
      fromTopic(broker, Letters).subscribe({
        complete: () => {
          throw new Error('late');
        },
      });
    };
    expect(failureOf(throwAtEnd)).to.equal('late');
    expect(
      failureOf((helpers) => {
        throwAtEnd(helpers);
        throw new Error('of the script');
      }),
    ).to.equal('of the script');
    expect(
      failureOf((helpers) => {
        throwAtEnd(helpers);
        helpers.publish(Letters, 'a');
        helpers.expectReceived(Letters).toBe('-a');
      }),
    ).to.include('expectReceived(letters) is not as expected');
  });

  it('takes no fault that never came to pass, unless it is told to', () => {
    const planned = ({ broker, publish }: MessagingTestHelpers): void => {
      fromTopic(broker, (broker.provision(Letters), Letters))
        .pipe(ackMap((value) => of(value)))
        .subscribe();
      broker.fail('delete', { entries: { 1: 'InternalError' } });
      broker.fail('receive', { error: 'InternalError' });
      publish(Letters, 'a');
    };
    expect(failureOf(planned)).to.equal(
      "broker.fail('delete', …) never came to pass: there was no such call, or no such entry in it " +
        '(allowUnusedFaults lets that be)',
    );
    expect(failureOf(planned, { allowUnusedFaults: true })).to.equal('');
    expect(faultsThrownBy(() => messagingTest(planned, { allowUnusedFaults: 1 as never }))).to.deep.equal([
      'allowUnusedFaults: expected true or false',
    ]);
  });

  it('has the same random numbers in every run, also in a retry within a handler', () => {
    messagingTest(({ broker, publish, expectSettled }) => {
      const charge = (value: string, { failures }: { failures: number }) => {
        let attempts = 0;
        return defer(() => {
          attempts += 1;
          return attempts > failures ? of(value) : throwError(() => new Error('not yet'));
        }).pipe(retryWithBackoff({ maxRetries: 2, backoff: { initialMs: 100 } }));
      };
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => charge(value, { failures: 2 })))
        .subscribe();
      publish(Letters, '       a');
      expectSettled(Letters).toBe('150ms a');
    });
  });

  it('shows the text of a body that can not be decoded, out of its envelope', () => {
    messagingTest(({ broker, publishRaw, publish, expectDeadLettered, expectReceived }) => {
      broker.provision(Users, { rawDelivery: false });
      fromTopic(broker, Users)
        .pipe(ackMap(({ name }) => of(name)))
        .subscribe();
      publish(Users, '            a', users);
      publishRaw(Users, '         -x-y', { x: 'no JSON', y: '{"name":1}' });
      expectReceived(Users).toBe('ax-y', users, { x: 'no JSON', y: '{"name":1}' });
      expectDeadLettered(Users).toBe('-x-y', {}, { x: 'no JSON', y: '{"name":1}' });
    });
  });

  it('sees what a client with names of its own publishes', () => {
    messagingTest(({ broker, cold, expectPublished }) => {
      const other = broker.connect({ topicMap: { letters: 'mine' }, topics: [Letters] });
      cold('                                -a').subscribe(toTopic(other, Letters));
      expectPublished(Letters, other).toBe('-a');
      expectPublished(Letters).toBe('');
    });
  });

  it('looks into the queue of each service', () => {
    messagingTest(({ broker, publish, flush }) => {
      const audit = broker.connect({ service: 'audit', topics: [Letters] });
      fromTopic(broker, Letters)
        .pipe(ackMap((value) => of(value)))
        .subscribe();
      publish(Letters, 'a');
      flush();
      expect(broker.messages(Letters)).to.have.lengthOf(0);
      expect(broker.messages(Letters, audit).map(({ body }) => body)).to.deep.equal(['"a"']);
      expect(broker.deadLetters(Letters, audit)).to.deep.equal([]);
    });
  });

  it('replays one recording of a topic, within a tolerance that is a number of columns', () => {
    const recording = '1 column = 1ms\npublished a\nreceived  -';
    expect(
      failureOf(({ replay }) => {
        replay(Letters, recording);
        replay(Letters, recording);
      }),
    ).to.equal('replay(letters): one recording of a topic can be replayed in a test');
    for (const toleranceColumns of [Infinity, NaN, -1, 1.5]) {
      expect(
        faultsThrownBy(() => messagingTest(({ replay }) => replay(Letters, recording, {}, { toleranceColumns }))),
      ).to.deep.equal(['toleranceColumns: expected a whole number of at least 0']);
    }
  });

  it('ten hours of traffic', () => {
    const count = 3_600;
    let handled = 0;
    messagingTest(
      ({ broker, time, expectObservable }) => {
        broker.provision(Letters);
        fromTopic(broker, Letters)
          .pipe(ackMap((value) => of(value)))
          .subscribe(() => (handled += 1));
        const traffic$ = interval(36_000_000 / count).pipe(
          take(count),
          map((index) => `${index}`),
          publishTo(broker, Letters),
        );
        expectObservable(traffic$.pipe(mergeMap(() => from([])))).toBe('600m |');
        expect(time('--|')).to.equal(2);
      },
      { overtimeMs: 0 },
    );
    expect(handled).to.equal(count);
  });
});
