import { expect } from 'chai';
import { defer, mergeMap, type Observable, of, throwError, timer } from 'rxjs';
import { ackMap, fromTopic, retryWithBackoff } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters } from '../../helpers/letters.js';

/** Saves after 1 ms; what is said to fail does so as often. */
function database(failures: Readonly<Record<string, number>>): {
  readonly attempts: string[];
  readonly save: (letter: string) => Observable<string>;
} {
  const attempts: string[] = [];
  const left = new Map(Object.entries(failures));
  const save = (letter: string): Observable<string> =>
    defer(() => {
      attempts.push(letter);
      const more = left.get(letter) ?? 0;
      left.set(letter, more - 1);
      return timer(1).pipe(mergeMap(() => (more > 0 ? throwError(() => new Error('busy')) : of(letter))));
    });
  return { attempts, save };
}

/** Up to 8 ms and 16 ms, of which tests take half. */
const quickly = { maxRetries: 2, backoff: { initialMs: 8 } };

describe('retryWithBackoff in the handler', () => {
  it('`retryWithBackoff` composes inside the handler for quick retries in place: `ackMap(e => save(e).pipe(retryWithBackoff({...})))`.', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectRetried, expectSettled, flush }) => {
      const { save, attempts } = database({ a: 2, b: 3 });
      const saved$ = fromTopic(broker, Letters).pipe(ackMap((e) => save(e).pipe(retryWithBackoff(quickly))));
      publish(Letters, '             -a 98ms b 1014ms -');
      // Saved at the third attempt, after 1 + 4 + 1 + 8 + 1 ms, without a redelivery; three failures are too many.
      expectObservable(saved$).toBe('- 15ms a 1099ms b  ');
      expectSettled(Letters).toBe('  - 15ms a 1099ms b  ');
      expectReceived(Letters).toBe(' -a 98ms b 1014ms b ');
      expectRetried(Letters).toBe('  115ms b            ');
      flush();
      expect(attempts).to.deep.equal(['a', 'a', 'a', 'b', 'b', 'b', 'b']);
    }, inOrder);
  });

  describe('The two levers are separate: in place (holds the slot), or by redelivery (frees it).', () => {
    it('in place (holds the slot)', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived }) => {
        const { save } = database({ a: 2 });
        const saved$ = fromTopic(broker, Letters, { maxInFlight: 1 }).pipe(
          ackMap((letter) => save(letter).pipe(retryWithBackoff(quickly))),
        );
        publish(Letters, '            (ab)           ');
        expectReceived(Letters).toBe('a 14ms b       ');
        expectObservable(saved$).toBe('15ms ab        ');
      }, inOrder);
    });

    it('by redelivery (frees it)', () => {
      messagingTest(({ broker, publish, expectObservable, expectReceived, expectRetried }) => {
        const { save } = database({ a: 2 });
        const saved$ = fromTopic(broker, Letters, { maxInFlight: 1 }).pipe(ackMap((letter) => save(letter)));
        publish(Letters, '            (ab)           ');
        expectReceived(Letters).toBe('ab 999ms a 1s a');
        expectRetried(Letters).toBe(' -a 1s a');
        expectObservable(saved$).toBe('--b 2s a');
      }, inOrder);
    });
  });
});
