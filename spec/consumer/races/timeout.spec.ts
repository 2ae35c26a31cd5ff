import { expect } from 'chai';
import { EMPTY, map, take, timer } from 'rxjs';
import { ackMap, fromTopic, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { Letters } from '../../helpers/letters.js';

describe('a handler that completes in the frame of its timeout', () => {
  it('before it: is acknowledged, and has not failed', () => {
    const asked: unknown[] = [];
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectRetried, expectSettled }) => {
      const done = hot('               -----d');
      const letters$ = fromTopic(broker, Letters).pipe(
        ackMap(() => done.pipe(take(1)), {
          timeoutMs: 4,
          onError: (error) => {
            asked.push(error);
            return retryAfter(1_000);
          },
        }),
      );
      publish(Letters, '               -a    ');
      expectObservable(letters$).toBe('-----d');
      expectSettled(Letters).toBe('    -----a');
      expectReceived(Letters).toBe('   -a    ');
      expectRetried(Letters).toBe('          ');
    });
    expect(asked).to.deep.equal([]);
  });

  it('after it: has failed, is not acknowledged, and comes again', () => {
    const asked: unknown[] = [];
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectRetried, expectSettled }) => {
      const letters$ = fromTopic(broker, Letters).pipe(
        ackMap((letter, { receiveCount }) => (receiveCount === 1 ? timer(4).pipe(map(() => letter)) : EMPTY), {
          timeoutMs: 4,
          onError: (error) => {
            asked.push(String(error));
            return retryAfter(1_000);
          },
        }),
      );
      publish(Letters, '               -a             ');
      expectObservable(letters$).toBe('               ');
      expectRetried(Letters).toBe('    -----a         ');
      expectReceived(Letters).toBe('   -a--- 1s a     ');
      expectSettled(Letters).toBe('    ----- 1s a     ');
    });
    expect(asked).to.deep.equal(['MessageProcessingError: the handler took longer than 4 ms']);
  });
});
