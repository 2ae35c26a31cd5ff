import { expect } from 'chai';
import { NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import type { ReceiveRequest } from '../../src/client/client.js';
import { withAttempts } from '../../src/consumer/attempts.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

const request = (maxMessages: number): ReceiveRequest => ({
  queueUrl: 'https://sqs/q.fifo',
  maxMessages,
  waitTimeSeconds: 20,
  visibilityTimeoutSeconds: 30,
});

/** No answer comes, until it is given up. */
const lost: Observable<never> = new Subject();
const fails = throwError(() => new Error('reset'));
const answers = of([]);

/** Makes receives at these times, for so many messages, with these answers; gives what was asked for, ids as letters. */
function attemptsOf(
  m: Marbles,
  receives: readonly (readonly [time: number, max: number, answer: Observable<readonly RawMessage[]>])[],
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
      const giveUp = receive(request(max)).subscribe({ error: () => undefined });
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

  it('forgets it as SQS does: five minutes after it was made first', () => {
    marbles((m) => {
      const times = Array.from({ length: 11 }, (_, index) => index * 29_000);
      const asked = attemptsOf(m, [
        ...times.map((time) => [time, 10, fails] as const),
        [299_999, 10, fails],
        [300_000, 10, answers],
      ]);
      expect(asked.slice(-3)).to.deep.equal(['a 10', 'a 10', 'b 10']);
    });
  });
});
