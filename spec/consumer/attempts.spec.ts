import { expect } from 'chai';
import { mergeMap, NEVER, type Observable, of, Subject, throwError, timer } from 'rxjs';
import { classify } from '../../src/client/classify.js';
import type { ReceiveRequest } from '../../src/client/client.js';
import { withAttempts } from '../../src/consumer/attempts.js';
import type { AWSConnectionError } from '../../src/errors.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { fakeConsumer, fill } from '../helpers/fakeConsumer.js';
import { fakeQueue } from '../helpers/fakeQueue.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

const requestOf = (maxMessages: number, visibilityTimeoutSeconds = 30): ReceiveRequest => ({
  queueUrl: 'https://sqs/q.fifo',
  maxMessages,
  waitTimeSeconds: 20,
  visibilityTimeoutSeconds,
});

/** No answer comes, until it is given up. */
const lost: Observable<never> = new Subject();
const fails = throwError(() => new Error('reset'));
const answers = of([]);

/** Makes receives at these times, for so many messages, with these answers; gives what was asked for, ids as letters. */
function attemptsOf(
  m: Marbles,
  receives: readonly (readonly [time: number, max: number, answer: Observable<readonly RawMessage[]>])[],
  visibilityTimeoutSeconds?: number,
): readonly string[] {
  const letters = new Map<string, string>();
  const asked: string[] = [];
  let answer: Observable<readonly RawMessage[]> = NEVER;
  const receive = withAttempts(({ attemptId = 'none', maxMessages }) => {
    const letter = letters.get(attemptId) ?? String.fromCharCode(97 + letters.size);
    letters.set(attemptId, letter);
    asked.push(`${letter} ${String(maxMessages)}`);
    return answer;
  });
  for (const [time, max, given] of receives) {
    at(m, time, () => {
      answer = given;
      // One that is never answered is given up, as by a pause.
      const giveUp = receive(requestOf(max, visibilityTimeoutSeconds)).subscribe({ error: () => undefined });
      if (given === lost) giveUp.unsubscribe();
    });
  }
  m.flush();
  return asked;
}

describe('withAttempts', () => {
  it('gives each receive an attempt of its own while answers come', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 10, answers],
        [1, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 10', 'b 10']);
    });
  });

  it('makes the attempt again whose answer was lost, for the same number of messages, and only once', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 4, fails],
        [1, 10, answers],
        [2, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 4', 'a 4', 'b 10']);
    });
  });

  it('makes it again and again while answers are lost, also one that was given up', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 10, fails],
        [1, 10, lost],
        [2, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 10', 'a 10', 'a 10']);
    });
  });

  it('does not make it again where it could bring more than there is room for', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 10, fails],
        [1, 3, answers],
        [2, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 10', 'b 3', 'a 10']);
    });
  });

  it('makes each of several again', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 10, lost],
        [0, 5, answers],
        [1, 10, fails],
        [2, 10, fails],
        [3, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 10', 'b 5', 'a 10', 'a 10', 'a 10']);
    });
  });

  it('forgets it once its messages are visible again: after the visibility timeout', () => {
    marbles((m) => {
      const asked = attemptsOf(m, [
        [0, 10, fails],
        [30_000, 10, answers],
      ]);
      expect(asked).to.deep.equal(['a 10', 'b 10']);
    });
  });

  it('forgets it as SQS does: five minutes after it was made first, also with a longer visibility timeout', () => {
    marbles((m) => {
      const longer = 600;
      const asked = attemptsOf(
        m,
        [
          [0, 10, fails],
          [299_999, 10, fails],
          [300_000, 10, answers],
        ],
        longer,
      );
      expect(asked).to.deep.equal(['a 10', 'a 10', 'b 10']);
    });
  });
});

const awsError = (name: string, httpStatusCode: number): AWSConnectionError =>
  classify({ name, $metadata: { httpStatusCode } }, 'ReceiveMessage');

/** What SQS answers to an attempt that it will not have again. */
const NOT_RETRYABLE = awsError('InvalidParameterValue', 400);

describe('an attempt that SQS will not have again', () => {
  for (const first of [awsError('RequestThrottled', 400), awsError('InternalError', 500)]) {
    it(`does not end the consumer (after ${first.code})`, () => {
      marbles((m) => {
        const seen = new Set<string>();
        const { queue, messages$, types } = fakeConsumer(
          (calls) => ({
            getQueueUrl: () => of('https://sqs/dev-users.fifo'),
            receive: (request) => {
              const id = request.attemptId ?? '';
              if (seen.has(id)) return timer(1).pipe(mergeMap(() => throwError(() => NOT_RETRYABLE)));
              seen.add(id);
              return seen.size === 1 ? timer(1).pipe(mergeMap(() => throwError(() => first))) : calls.receive(request);
            },
          }),
          {},
          fakeQueue(true),
        );
        const received: string[] = [];
        let error: unknown;
        at(m, 0, () => {
          fill(queue, 1);
          const consuming = messages$().subscribe({
            next: ({ value, settle }) => {
              received.push(value);
              void settle({ _tag: 'ack' });
            },
            error: (e: unknown) => (error = e),
          });
          at(m, 5_000, () => {
            consuming.unsubscribe();
          });
        });
        m.flush();
        expect(error).to.equal(undefined);
        expect(received).to.deep.equal(['v0']);
        expect(types()).to.include('pollFailed');
      });
    });
  }

  it('is made again after a throttle that met the repetition: the first may have brought something', () => {
    marbles((m) => {
      const ids: (string | undefined)[] = [];
      const lost$ = throwError(() => awsError('Timeout', 500));
      const throttled$ = throwError(() => awsError('RequestThrottled', 400));
      const receive = withAttempts(({ attemptId }) => {
        ids.push(attemptId);
        return [lost$, throttled$][ids.length - 1] ?? of([]);
      });
      for (const time of [0, 1, 2]) at(m, time, () => receive(requestOf(10)).subscribe({ error: () => undefined }));
      m.flush();
      expect(new Set(ids).size).to.equal(1);
    });
  });

  it('is not made again after a throttle: SQS answered, and handed nothing out', () => {
    marbles((m) => {
      const ids: (string | undefined)[] = [];
      const receive = withAttempts(({ attemptId }) => {
        ids.push(attemptId);
        return ids.length === 1 ? throwError(() => awsError('RequestThrottled', 400)) : of([]);
      });
      at(m, 0, () => receive(requestOf(10)).subscribe({ error: () => undefined }));
      at(m, 1, () => receive(requestOf(10)).subscribe());
      m.flush();
      expect(ids[0]).not.to.equal(ids[1]);
    });
  });
});

describe('an attempt whose messages may be visible again', () => {
  it('is not made again: given up 50 s after it was sent, with a visibility timeout of 30 s', () => {
    marbles((m) => {
      const ids: (string | undefined)[] = [];
      const receive = withAttempts(({ attemptId }) => {
        ids.push(attemptId);
        return ids.length === 1
          ? timer(50_000).pipe(mergeMap(() => throwError(() => awsError('Timeout', 500))))
          : of([]);
      });
      at(m, 0, () => receive(requestOf(10)).subscribe({ error: () => undefined }));
      at(m, 50_100, () => receive(requestOf(10)).subscribe());
      m.flush();
      expect(ids[0]).not.to.equal(ids[1]);
    });
  });
});
