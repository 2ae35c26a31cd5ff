import { ReadableStream } from 'node:stream/web';
import { expect } from 'chai';
import { lastValueFrom, map, NEVER, type ObservableInput, of, take, throwError, timer, toArray } from 'rxjs';
import { ackMap, fromTopic, type Message, MessageProcessingError, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { settlementLog } from '../../helpers/fakeMessage.js';
import { inOrder, Letters } from '../../helpers/letters.js';

/** Every kind of ObservableInput that RxJS knows, of one letter. */
const INPUTS: Readonly<Record<string, (letter: string) => ObservableInput<string>>> = {
  Observable: (letter) => of(letter),
  array: (letter) => [letter],
  iterable: (letter) => new Set([letter]),
  promise: (letter) => Promise.resolve(letter),
  'async iterable': async function* (letter) {
    yield await Promise.resolve(letter);
  },
  'readable stream': (letter) =>
    new ReadableStream<string>({
      start: (controller) => {
        controller.enqueue(letter);
        controller.close();
      },
    }),
};

describe('ackMap', () => {
  it('`project(value, message)` returns any ObservableInput.', async () => {
    for (const [kind, project] of Object.entries(INPUTS)) {
      const { settled, message } = settlementLog();
      const given: unknown[] = [];
      const [one, two] = [message('a'), message('b')];
      const work = (value: string, of$: Message<string>): ObservableInput<string> => {
        given.push(value, of$);
        return project(value);
      };
      const letters = await lastValueFrom(of(one, two).pipe(ackMap(work), toArray()));
      expect(letters, kind).to.deep.equal(['a', 'b']);
      expect(settled, kind).to.deep.equal(['a: ack', 'b: ack']);
      expect(given, kind).to.deep.equal(['a', one, 'b', two]);
    }
  });

  it('Inner completes: `ack`, and only then.', () => {
    messagingTest(({ broker, cold, publish, expectObservable, expectSettled, expectRetried }) => {
      publish(Letters, '               -a---b-----   ');
      const completing = cold('         --x---|      ');
      const lasting = cold('                --x      ');
      const letters$ = fromTopic(broker, Letters, { visibilityTimeoutSeconds: 1 }).pipe(
        ackMap((letter) => (letter === 'a' ? completing : lasting)),
      );
      expectObservable(letters$).toBe('---x---x         ');
      // 20 ms later: another one is under way.
      expectSettled(Letters).toBe('    ------- 20ms a   ');
      expectRetried(Letters).toBe('                     ');
    });
  });

  it('A non-retryable error is rejected.', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled, expectRetried, expectDeadLettered, flush }) => {
      const errors: Readonly<Record<string, Error>> = {
        a: new MessageProcessingError('never', { retryable: false }),
        b: Object.assign(new TypeError('never'), { retryable: false }),
      };
      const letters$ = fromTopic(broker, Letters).pipe(
        ackMap((letter) => (errors[letter] === undefined ? of(letter) : throwError(() => errors[letter]))),
      );
      publish(Letters, '                 -a-b-c');
      expectObservable(letters$).toBe('  -----c');
      expectSettled(Letters).toBe('      -----c');
      expectDeadLettered(Letters).toBe(' -a-b');
      expectRetried(Letters).toBe('');
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
    });
  });

  describe('The output carries inner values; it never errors because a handler did; it completes once everything is settled.', () => {
    it('the output carries inner values', () => {
      messagingTest(({ broker, cold, publish, expectObservable }) => {
        const letters$ = fromTopic(broker, Letters).pipe(
          ackMap((letter) => cold('1-2-(3|)').pipe(map((nth) => letter + nth))),
        );
        const values = { p: 'a1', q: 'a2', r: 'a3', x: 'b1', y: 'b2', z: 'b3' };
        publish(Letters, '               -a------b    ');
        expectObservable(letters$).toBe('-p-q-r--x-y-z', values);
      }, inOrder);
    });

    it('it never errors because a handler did', () => {
      messagingTest(({ broker, cold, publish, expectObservable, expectRetried }) => {
        // By failing later, at once, by what it returns, and by taking too long.
        const handlers: Readonly<Record<string, () => ObservableInput<string>>> = {
          a: () => cold('-#'),
          b: () => {
            throw new Error('no');
          },
          // From JavaScript a handler may return what is no ObservableInput.
          c: () => undefined as unknown as ObservableInput<string>,
          d: () => NEVER,
        };
        const letters$ = fromTopic(broker, Letters, { maxInFlight: 1 }).pipe(
          ackMap((letter) => (handlers[letter] ?? (() => of(letter)))(), {
            timeoutMs: 2,
            onError: () => retryAfter(3_600_000),
          }),
        );
        publish(Letters, '               -a--b--c--d---e');
        expectRetried(Letters).toBe('    --a-b--c----d--');
        expectObservable(letters$).toBe('--------------e');
      });
    });

    it('it completes once everything is settled', () => {
      messagingTest(({ broker, hot, publish, expectObservable, expectSettled }) => {
        broker.latency({ delete: 40 });
        const letters$ = fromTopic(broker, Letters, { stop: hot('700ms s') }).pipe(
          ackMap((letter) => timer(1_000).pipe(map(() => letter))),
        );
        publish(Letters, '               a');
        expectObservable(letters$).toBe('1s a 39ms |');
        expectSettled(Letters).toBe('    1040ms a');
      });
    });

    it('also where its source has completed before', () => {
      messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
        broker.latency({ delete: 40 });
        const letters$ = fromTopic(broker, Letters).pipe(
          take(1),
          ackMap((letter) => of(letter)),
        );
        publish(Letters, '               a       ');
        expectObservable(letters$).toBe('a 39ms |');
        expectSettled(Letters).toBe('    40ms a');
      });
    });
  });
});
