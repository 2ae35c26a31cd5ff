import { delay, distinctUntilChanged, filter, map, NEVER, timer } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters, publishMany } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Adaptive polling', () => {
  it('Idle: one long poll.', () => {
    messagingTest(({ broker, expectObservable }) => {
      broker.provision(Letters);
      const client = watchCalls(broker);
      expectObservable(fromTopic(client, Letters), '        ^ 50s !').toBe('');
      const waits$ = client.requests$('receive').pipe(map(({ waitTimeSeconds }) => waitTimeSeconds));
      expectObservable(waits$).toBe('                       w 19999ms w 19999ms w', { w: 20 });
      expectObservable(client.polls$, '                     ^ 39s !').toBe('1 19999ms (01)', { 0: 0, 1: 1 });
    });
  });

  describe('Messages arriving: parallel polls as credits allow, up to `maxPolls`, their results merged as they come (never in order of request).', () => {
    it('parallel polls, up to `maxPolls`', () => {
      messagingTest(({ broker, expectObservable }) => {
        broker.latency({ receive: 10 });
        publishMany(broker, 200);
        const client = watchCalls(broker);
        const busy$ = fromTopic(client, Letters, { maxInFlight: 200, maxPolls: 3 }).pipe(ackMap(() => NEVER));
        expectObservable(busy$, '       ^ 34ms !').toBe('');
        // Each answer is full: two in place of one, three in place of two, and no more.
        const expected = '              1 9ms (012) 5ms (12323) 3ms (232323)';
        expectObservable(client.polls$, '^ 33ms !').toBe(expected, { 0: 0, 1: 1, 2: 2, 3: 3 });
      }, inOrder);
    });

    it('as credits allow', () => {
      messagingTest(({ broker, expectObservable }) => {
        broker.latency({ receive: 4 });
        publishMany(broker, 200);
        const client = watchCalls(broker);
        const busy$ = fromTopic(client, Letters, { maxInFlight: 25, maxPolls: 3 }).pipe(ackMap(() => NEVER));
        expectObservable(busy$, '           ^-----------!').toBe('');
        const asked$ = client.requests$('receive').pipe(map(({ maxMessages }) => maxMessages));
        expectObservable(asked$).toBe('     x---(xy)', { x: 10, y: 5 });
      }, inOrder);
    });

    it('their results merged as they come (never in order of request)', () => {
      messagingTest(({ broker, expectObservable }) => {
        publishMany(broker, 30);
        // After the first two are asked at once; the answer to the first of them takes longer.
        const client = watchCalls(broker, {
          receive: (answer$, nth) => answer$.pipe(delay([0, 50, 10][nth] ?? 0)),
        });
        const receives$ = fromTopic(client, Letters).pipe(
          map(({ value }) => Math.floor(Number(value.slice(1)) / 10)),
          distinctUntilChanged(),
        );
        expectObservable(receives$).toBe('0 9ms 2 39ms 1', { 0: 0, 1: 1, 2: 2 });
      }, inOrder);
    });
  });

  describe('No receive for a sliver of credit while much is in flight.', () => {
    it('it waits for company', () => {
      messagingTest(({ broker, expectObservable }) => {
        publishMany(broker, 200);
        const client = watchCalls(broker);
        // One is done each millisecond from 1 s on.
        const busy$ = fromTopic(client, Letters, { maxInFlight: 100, maxPolls: 1 }).pipe(
          ackMap((value) => timer(1_000 + Number(value.slice(1)))),
        );
        expectObservable(busy$.pipe(filter(() => false)), '           ^ 1015ms !').toBe('');
        const asked$ = client.requests$('receive').pipe(map(({ maxMessages }) => maxMessages));
        const expected = '             (xxxxxxxxxx) 997ms x';
        expectObservable(asked$).toBe(expected, { x: 10 });
      }, inOrder);
    });

    it('but for 50 ms only: a slot does not stay free for want of others', () => {
      messagingTest(({ broker, expectObservable }) => {
        publishMany(broker, 200);
        const client = watchCalls(broker);
        const busy$ = fromTopic(client, Letters, { maxInFlight: 100, maxPolls: 1 }).pipe(
          ackMap((value) => (value === 'v3' ? timer(1_000) : NEVER)),
        );
        expectObservable(busy$.pipe(filter(() => false)), '^ 1100ms !').toBe('');
        const asked$ = client.requests$('receive').pipe(map(({ maxMessages }) => maxMessages));
        const expected = '                     (xxxxxxxxxx) 1038ms y';
        expectObservable(asked$).toBe(expected, { x: 10, y: 1 });
      }, inOrder);
    });
  });
});

describe('Slots never wait for a batch.', () => {
  it('A free slot is refilled while its batch-mates still run.', () => {
    messagingTest(({ broker, cold, publish, expectObservable, expectReceived, expectSettled }) => {
      const work: Readonly<Record<string, string>> = {
        a: '---------(a|)',
        b: ' --(b|)',
        c: '  ---------(c|)',
        d: '     --(d|)',
        e: '         --(e|)',
      };
      const letters$ = fromTopic(broker, Letters, { maxInFlight: 3 }).pipe(
        ackMap((letter) => cold(work[letter] ?? '')),
      );
      publish(Letters, '               abcde');
      expectReceived(Letters).toBe('   abcd-e');
      expectObservable(letters$).toBe('---b-d-e-a-c');
      expectSettled(Letters).toBe('     -----------(bdeac)');
    }, inOrder);
  });
});
