import { expect } from 'chai';
import { EMPTY, mergeMap, throwError, timer } from 'rxjs';
import { ackMap, fromTopic, type Message, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { Letters } from '../../helpers/letters.js';

const no = new Error('no');
const failing = () => throwError(() => no);

describe('ackMap', () => {
  describe('Inner errors, or exceeds `timeoutMs`: `onError(error, message)`, default `retryAfter(backoff(receiveCount))`, exponential with full jitter, clamped so that the lease total stays under 12 h.', () => {
    it('inner errors: `onError(error, message)`', () => {
      const asked: unknown[] = [];
      const onError = (error: unknown, { value, receiveCount }: Message<string>) => {
        asked.push([error, value, receiveCount]);
        return retryAfter(7_000);
      };
      messagingTest(({ broker, cold, publish, expectReceived, expectRetried }) => {
        fromTopic(broker, Letters)
          .pipe(ackMap((_letter, { receiveCount }) => (receiveCount === 1 ? cold('--#', {}, no) : EMPTY), { onError }))
          .subscribe();
        publish(Letters, '            a             ');
        expectRetried(Letters).toBe(' --a           ');
        expectReceived(Letters).toBe('a- 6999ms - a ');
      });
      expect(asked).to.deep.equal([[no, 'a', 1]]);
    });

    it('or exceeds `timeoutMs`', () => {
      const asked: unknown[] = [];
      const onError = (error: unknown) => {
        asked.push(String(error));
        return retryAfter(7_000);
      };
      messagingTest(({ broker, cold, publish, expectRetried, expectSubscriptions }) => {
        const work = cold('                 ---------w');
        fromTopic(broker, Letters)
          .pipe(ackMap((_letter, { receiveCount }) => (receiveCount === 1 ? work : EMPTY), { timeoutMs: 4, onError }))
          .subscribe();
        publish(Letters, '                  -a');
        expectSubscriptions(work.subscriptions).toBe('-^---!');
        expectRetried(Letters).toBe('       -----a');
      });
      expect(asked).to.deep.equal(['MessageProcessingError: the handler took longer than 4 ms']);
    });

    // Up to 1, 2, 4 and 8 s, of which the jitter takes its share, in whole seconds. After five receives SQS takes it away.
    for (const [share, times] of [
      [0, '     (aaaaa)'],
      [0.5, '   a 999ms a 999ms  a 1999ms a 3999ms a'],
      [0.999, ' a 999ms a 1999ms a 3999ms a 7999ms a'],
    ] as const) {
      it(`default \`retryAfter(backoff(receiveCount))\`, exponential with full jitter, here of ${share}`, () => {
        messagingTest(
          ({ broker, publish, expectReceived }) => {
            fromTopic(broker, Letters).pipe(ackMap(failing)).subscribe();
            publish(Letters, 'a');
            expectReceived(Letters).toBe(times);
          },
          { random: () => share },
        );
      });
    }

    it('clamped so that the lease total stays under 12 h', () => {
      messagingTest(({ broker, publish, expectReceived, expectRetried, flush }) => {
        const failed: string[] = [];
        broker.events$.subscribe(({ type }) => failed.push(...(type === 'settleFailed' ? [type] : [])));
        // After 11 h 55 min it is asked to come again in an hour. There are 4.5 min left, half a minute of 12 h being kept.
        fromTopic(broker, Letters, { visibilityTimeoutSeconds: 3_600 })
          .pipe(
            ackMap(
              (_letter, { receiveCount }) => (receiveCount > 1 ? EMPTY : timer(42_900_000).pipe(mergeMap(failing))),
              {
                onError: () => retryAfter(3_600_000),
              },
            ),
          )
          .subscribe();
        publish(Letters, '            a');
        expectRetried(Letters).toBe(' 715m a');
        expectReceived(Letters).toBe('a 719m 29999ms a');
        flush();
        expect(failed).to.deep.equal([]);
        expect(broker.messages(Letters)).to.deep.equal([]);
      });
    });

    it('the default too is clamped', () => {
      messagingTest(
        ({ broker, publish, expectReceived }) => {
          // The backoff of a second would end half a second after what may be asked for.
          fromTopic(broker, Letters, { visibilityTimeoutSeconds: 3_600 })
            .pipe(
              ackMap((_letter, { receiveCount }) =>
                receiveCount > 1 ? EMPTY : timer(43_169_500).pipe(mergeMap(failing)),
              ),
            )
            .subscribe();
          publish(Letters, '            a');
          expectReceived(Letters).toBe('a 719m 29499ms a');
        },
        { random: () => 0.999 },
      );
    });
  });
});
