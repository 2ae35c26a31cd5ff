import { expect } from 'chai';
import * as t from 'io-ts';
import { from, interval, map, mergeMap, NEVER, of, take, tap, throwError } from 'rxjs';
import {
  ackMap,
  fifoTopic,
  fromTopic,
  ignore,
  InvalidMessageError,
  MessageProcessingError,
  publishTo,
  reject,
  topic,
  toTopic,
} from '../../src/index.js';
import { messagingTest, type MessagingTestHelpers, recordMarbles } from '../../src/testing/index.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const Letters = topic('letters', t.string);
const Echoes = topic('echoes', t.string);
const User = t.type({ name: t.string });
const Users = topic('users', User);
const Orders = fifoTopic('orders', t.string, { groupId: (text) => text.charAt(0), contentBasedDeduplication: true });
const users = { a: { name: 'Ada' }, b: { name: 'Bob' } };

/** What a test throws, as text. */
function failureOf(script: (helpers: MessagingTestHelpers) => void, overtimeMs?: number): string {
  try {
    messagingTest(script, overtimeMs === undefined ? {} : { overtimeMs });
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
      expectDeadLettered(Users).toBe('-a---x', { ...users, x: '{"name":' });
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
    expect(failureOf(late, 998)).to.equal('');
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
      'validation failed at /name: expected string',
    );
    expect(failureOf(({ publish }) => publish(Letters, 'a-#'))).to.equal(
      'publish(letters): a publisher has no error, so `#` says nothing',
    );
    expect(failureOf(({ publishRaw }) => publishRaw(Letters, 'ab', { a: '1' }))).to.equal(
      'publishRaw(letters): there is no value for `b`',
    );
    expect(() => messagingTest(({ publish }) => publish(Letters, 'a', { a: '\u0000'.repeat(300_000) }))).to.throw(
      InvalidMessageError,
    );
  });

  it('says what is missing or misplaced in the script', () => {
    expect(failureOf(({ expectSettled }) => void expectSettled(Letters))).to.equal(
      'expectSettled(letters) has no diagram: give it one by toBe(…)',
    );
    const late = 'flush() has ended this test: give every diagram before it';
    const afterFlush = (script: (helpers: MessagingTestHelpers) => void): string =>
      failureOf((helpers) => {
        helpers.flush();
        script(helpers);
      });
    expect(afterFlush(({ publish }) => publish(Letters, 'a'))).to.equal(late);
    expect(afterFlush(({ expectSettled }) => expectSettled(Letters).toBe(''))).to.equal(late);
    expect(afterFlush(({ expectObservable }) => expectObservable(of(1)).toBe(''))).to.equal(late);
    const asynchronous = (() => Promise.resolve()) as () => void;
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
