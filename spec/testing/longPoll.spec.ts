import { expect } from 'chai';
import { map } from 'rxjs';
import { longPoll } from '../../src/testing/longPoll.js';
import { brokerQueue, entryOf, receiveOf, refusalOf } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

/** A queue and a poll of it that emits the bodies. */
function fixture(name = 'q') {
  const queue = brokerQueue(name);
  let looks = 0;
  const poll = (waitTimeSeconds: number, visibilityTimeoutSeconds = 30) =>
    longPoll(queue, waitTimeSeconds, () => {
      looks += 1;
      return queue.receive(receiveOf({ waitTimeSeconds, visibilityTimeoutSeconds }));
    }).pipe(map((received) => received.map(({ body }) => body).join()));
  return { queue, poll, looks: () => looks };
}

describe('longPoll', () => {
  it('emits at once what is there', () => {
    marbles(({ expectObservable }) => {
      const { queue, poll } = fixture();
      queue.send(entryOf('a'));
      expectObservable(poll(20)).toBe('(r|)', { r: 'a' });
    });
  });

  it('does not wait with a wait of 0', () => {
    marbles(({ expectObservable }) => {
      expectObservable(fixture().poll(0)).toBe('(r|)', { r: '' });
    });
  });

  it('emits nothing found when the wait is over, counted from each subscribe', () => {
    marbles(({ expectObservable }) => {
      const poll = fixture().poll(2);
      expectObservable(poll).toBe('      2s (r|)', { r: '' });
      expectObservable(poll, '---^').toBe('--- 2s (r|)', { r: '' });
    });
  });

  it('looks when a message comes in, and at no other time', () => {
    marbles((m) => {
      const { queue, poll, looks } = fixture();
      at(m, 4, () => queue.send(entryOf('a')));
      m.expectObservable(poll(20)).toBe('----(r|)', { r: 'a' });
      m.flush();
      expect(looks()).to.equal(2);
    });
  });

  it('looks when one becomes visible by time', () => {
    marbles((m) => {
      const { queue, poll } = fixture();
      queue.send(entryOf('a'));
      queue.receive(receiveOf({ visibilityTimeoutSeconds: 3 }));
      m.expectObservable(poll(20)).toBe('3s (r|)', { r: 'a' });
    });
  });

  it('looks when one is given back, or hidden for longer', () => {
    marbles((m) => {
      const { queue, poll } = fixture();
      queue.send(entryOf('a'));
      const [held] = queue.receive(receiveOf({ visibilityTimeoutSeconds: 3 }));
      at(m, 1, () => queue.changeVisibility(held?.receiptHandle ?? '', 10));
      at(m, 5_000, () => queue.changeVisibility(held?.receiptHandle ?? '', 0));
      m.expectObservable(poll(20)).toBe('5s (r|)', { r: 'a' });
    });
  });

  it('looks when a deletion unlocks a group', () => {
    marbles((m) => {
      const { queue, poll } = fixture('q.fifo');
      for (const body of ['a', 'b']) queue.send(entryOf(body, { groupId: 'g' }));
      const [held] = queue.receive(receiveOf({ maxMessages: 1 }));
      at(m, 7, () => queue.delete(held?.receiptHandle ?? ''));
      m.expectObservable(poll(20)).toBe('-------(r|)', { r: 'b' });
    });
  });

  it('gives a message to one of two polls', () => {
    marbles((m) => {
      const { queue, poll } = fixture();
      at(m, 4, () => queue.send(entryOf('a')));
      m.expectObservable(poll(1)).toBe('----(r|)', { r: 'a' });
      m.expectObservable(poll(1)).toBe('1s  (r|)', { r: '' });
    });
  });

  it('takes nothing after an unsubscribe', () => {
    marbles((m) => {
      const { queue, poll } = fixture();
      at(m, 4, () => queue.send(entryOf('a')));
      m.expectObservable(poll(20), '^--!').toBe('----');
      at(m, 5, () => {
        expect(queue.messages).to.have.length(1);
        expect(queue.messages[0]).to.include({ receiveCount: 0 });
      });
    });
  });

  it('errors as the look does', () => {
    marbles(() => {
      const refused: unknown[] = [];
      const { queue } = fixture();
      longPoll(queue, 20, () => queue.receive(receiveOf({ maxMessages: 11 }))).subscribe({
        error: (error: unknown) => {
          refused.push(
            refusalOf(() => {
              throw error;
            }),
          );
        },
      });
      expect(refused).to.deep.equal(['InvalidParameterValue']);
    });
  });
});
