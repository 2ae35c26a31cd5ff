import { expect } from 'chai';
import type { BrokerQueue } from '../../src/testing/brokerQueue.js';
import { brokerQueue, entryOf, receiveOf, refusalOf } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

const NO_LIBERTIES = { unordered: false, partialReceives: false, duplicates: 0, chance: () => 0 };

/** Sends bodies, all of one group. */
function fill(queue: BrokerQueue, ...bodies: readonly string[]): BrokerQueue {
  for (const body of bodies) queue.send(entryOf(body, { groupId: 'g' }));
  return queue;
}
/** Receives, and gives the handles. */
const receive = (queue: BrokerQueue, more: Parameters<typeof receiveOf>[0] = {}): readonly string[] =>
  queue.receive(receiveOf(more)).map(({ receiptHandle }) => receiptHandle);
const bodies = ({ messages }: BrokerQueue): string => messages.map(({ body }) => body).join();

/** A queue whose messages move after one receive. */
function withDeadLetters(): { readonly queue: BrokerQueue; readonly deadLetters: BrokerQueue } {
  const deadLetters = brokerQueue('d');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 });
  return { deadLetters, queue: brokerQueue('q', { RedrivePolicy }, { queueOf: () => deadLetters }) };
}

describe('brokerQueue', () => {
  it('tells of a message what SQS does, and gives FIFO messages growing sequence numbers', () => {
    marbles((m) => {
      at(m, 5, () => {
        const queue = brokerQueue('q.fifo');
        const first = queue.send(entryOf('a', { groupId: 'g' }));
        const second = queue.send(entryOf('b', { groupId: 'g', deduplicationId: 'd' }));
        const received = queue.receive(receiveOf());
        expect(received.map(({ sequenceNumber }) => sequenceNumber)).to.deep.equal([
          first.sequenceNumber,
          second.sequenceNumber,
        ]);
        expect(String(first.sequenceNumber) < String(second.sequenceNumber)).to.equal(true);
        expect(received[1]).to.deep.include({ messageId: second.messageId, body: 'b', sentTimestamp: 5 });
        expect(received[1]).to.deep.include({ receiveCount: 1, groupId: 'g', deduplicationId: 'd', attributes: {} });
      });
    });
  });

  it('counts its messages by state', () => {
    const queue = fill(brokerQueue('q'), 'a', 'b', 'c');
    receive(queue, { maxMessages: 1 });
    queue.setAttributes({ DelaySeconds: '5' });
    fill(queue, 'd');
    expect(queue.attributes()).to.deep.include({
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });

  it('shows a delayed message in time', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q', { DelaySeconds: '5' }), 'a');
      const counts: number[] = [];
      for (const ms of [4_999, 5_000]) at(m, ms, () => counts.push(receive(queue).length));
      m.flush();
      expect(counts).to.deep.equal([0, 1]);
    });
  });

  it('hides a message for its visibility timeout, to the millisecond', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q'), 'a');
      const counts: number[] = [];
      for (const ms of [0, 2_999, 3_000]) {
        at(m, ms, () => counts.push(receive(queue, { visibilityTimeoutSeconds: 3 }).length));
      }
      m.flush();
      expect(counts).to.deep.equal([1, 0, 1]);
    });
  });

  it('refuses receives out of range', () => {
    const queue = brokerQueue('q');
    const wrong = [
      { maxMessages: 0 },
      { maxMessages: 11 },
      { maxMessages: 1.5 },
      { waitTimeSeconds: -1 },
      { waitTimeSeconds: 21 },
      { visibilityTimeoutSeconds: -1 },
      { visibilityTimeoutSeconds: 43_201 },
    ];
    for (const more of wrong) {
      expect(
        refusalOf(() => queue.receive(receiveOf(more))),
        JSON.stringify(more),
      ).to.equal('InvalidParameterValue');
    }
    const most = receiveOf({ waitTimeSeconds: 20, visibilityTimeoutSeconds: 43_200 });
    expect(queue.receive(most)).to.deep.equal([]);
  });

  it('forgets messages after their retention, in flight or not', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q', { MessageRetentionPeriod: '60' }), 'a', 'b');
      const [a = ''] = receive(queue, { maxMessages: 1, visibilityTimeoutSeconds: 600 });
      at(m, 1, () => fill(queue, 'c'));
      at(m, 59_999, () => {
        expect(bodies(queue)).to.equal('a,b,c');
      });
      at(m, 60_000, () => {
        expect(queue.changeVisibility(a, 5)).to.equal('InvalidParameterValue');
        expect(queue.attributes()).to.include({ ApproximateNumberOfMessagesNotVisible: '0' });
        expect(bodies(queue)).to.equal('c');
        expect(receive(queue)).to.have.length(1);
      });
      at(m, 60_001, () => {
        expect(receive(queue)).to.deep.equal([]);
        expect(bodies(queue)).to.equal('');
      });
    });
  });

  it('standard: deletes with the handle of the last receive, also when its time is over; with an older one says yes', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q'), 'a');
      const [old = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
      at(m, 1_000, () => {
        const [current = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
        expect(queue.delete(old)).to.equal(undefined);
        expect(bodies(queue)).to.equal('a');
        at(m, 2_000, () => {
          expect(queue.delete(current)).to.equal(undefined);
          expect(bodies(queue)).to.equal('');
          expect(queue.delete(current)).to.equal(undefined);
        });
      });
    });
  });

  it('FIFO: deletes only while the message is in flight by this very receive', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q.fifo'), 'a');
      const [old = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
      at(m, 1_000, () => {
        expect(queue.delete(old)).to.equal('InvalidParameterValue');
        const [current = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
        expect(queue.delete(old)).to.equal('InvalidParameterValue');
        expect(bodies(queue)).to.equal('a');
        expect(queue.delete(current)).to.equal(undefined);
        expect(bodies(queue)).to.equal('');
      });
    });
  });

  it('refuses handles that it never gave', () => {
    const queue = brokerQueue('q');
    expect(queue.delete('q')).to.equal('ReceiptHandleIsInvalid');
    expect(queue.changeVisibility('r/1/1', 5)).to.equal('ReceiptHandleIsInvalid');
  });

  it('changes the visibility of a message in flight, and of no other', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q'), 'a', 'b');
      const [a = '', b = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
      expect(queue.changeVisibility(a, 0)).to.equal(undefined);
      expect(queue.changeVisibility(a, 5)).to.equal('MessageNotInflight');
      const [again = ''] = receive(queue, { visibilityTimeoutSeconds: 1 });
      expect(queue.changeVisibility(a, 5)).to.equal('InvalidParameterValue');
      expect(queue.changeVisibility('q/1/0', 5)).to.equal('InvalidParameterValue');
      expect(queue.changeVisibility(again, 5)).to.equal(undefined);
      queue.delete(b);
      expect(queue.changeVisibility(b, 5)).to.equal('InvalidParameterValue');
      at(m, 4_999, () => {
        expect(receive(queue)).to.deep.equal([]);
      });
      at(m, 5_000, () => {
        expect(queue.changeVisibility(again, 5)).to.equal('MessageNotInflight');
        expect(receive(queue)).to.have.length(1);
      });
    });
  });

  it('hides no message for more than twelve hours from its receipt: it refuses, and does not clamp', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q'), 'a');
      const [a = ''] = receive(queue, { visibilityTimeoutSeconds: 30 });
      at(m, 10_000, () => {
        for (const seconds of [43_191, 43_201, -1, 0.5]) {
          expect(queue.changeVisibility(a, seconds), String(seconds)).to.equal('InvalidParameterValue');
        }
        expect(queue.messages[0]?.visibleAt).to.equal(30_000);
        expect(queue.changeVisibility(a, 43_190)).to.equal(undefined);
        expect(queue.messages[0]?.visibleAt).to.equal(43_200_000);
      });
    });
  });

  it('moves dead letters when they would be received once more', () => {
    const { queue, deadLetters } = withDeadLetters();
    fill(queue, 'a');
    const [a = ''] = receive(queue, { visibilityTimeoutSeconds: 0 });
    expect([bodies(queue), bodies(deadLetters)]).to.deep.equal(['a', '']);
    fill(queue, 'b');
    expect(queue.receive(receiveOf()).map(({ body }) => body)).to.deep.equal(['b']);
    expect([bodies(queue), bodies(deadLetters)]).to.deep.equal(['b', 'a']);
    // An old handle finds that its message is not here any more.
    expect(queue.delete(a)).to.equal('AWS.SimpleQueueService.NonExistentQueue');
    expect(queue.changeVisibility(a, 5)).to.equal('InvalidParameterValue');
    const [moved] = deadLetters.receive(receiveOf());
    expect(moved).to.include({ body: 'a', receiveCount: 2 });
    expect(deadLetters.delete(moved?.receiptHandle ?? '')).to.equal(undefined);
    expect(queue.delete(a)).to.equal(undefined);
  });

  it('keeps what it can move nowhere', () => {
    const { queue } = withDeadLetters();
    const lost = brokerQueue('q', { RedrivePolicy: queue.attribute('RedrivePolicy') ?? '' });
    fill(lost, 'a');
    expect(
      [0, 0, 0].map((visibilityTimeoutSeconds) => receive(lost, { visibilityTimeoutSeconds }).length),
    ).to.deep.equal([1, 1, 1]);
  });

  it('FIFO: takes a message once in five minutes, by its id or its content, in its scope', () => {
    const queue = brokerQueue('q.fifo');
    const first = queue.send(entryOf('a', { groupId: 'g' }));
    expect(queue.send(entryOf('a', { groupId: 'h' }))).to.deep.equal(first);
    queue.send(entryOf('a', { groupId: 'g', deduplicationId: 'other' }));
    expect(bodies(queue)).to.equal('a,a');
    const scoped = brokerQueue('q.fifo', { DeduplicationScope: 'messageGroup' });
    for (const groupId of ['g', 'h', 'g']) scoped.send(entryOf('a', { groupId }));
    expect(scoped.messages.map(({ groupId }) => groupId)).to.deep.equal(['g', 'h']);
  });

  it('FIFO: brings the same messages for the same attempt, hidden anew, and counts them once', () => {
    marbles((m) => {
      const queue = fill(brokerQueue('q.fifo'), 'a', 'b');
      const first = queue.receive(receiveOf({ attemptId: 'x', visibilityTimeoutSeconds: 3 }));
      at(m, 2_000, () => {
        expect(queue.receive(receiveOf({ attemptId: 'y' }))).to.deep.equal([]);
        expect(queue.receive(receiveOf({ attemptId: 'x', visibilityTimeoutSeconds: 3 }))).to.deep.equal(first);
      });
      at(m, 4_999, () => {
        expect(queue.receive(receiveOf({ attemptId: 'x', visibilityTimeoutSeconds: 3 }))).to.deep.equal(first);
      });
      at(m, 7_999, () => {
        expect(refusalOf(() => queue.receive(receiveOf({ attemptId: 'x' })))).to.equal('InvalidParameterValue');
        expect(queue.receive(receiveOf({ attemptId: 'z' })).map(({ receiveCount }) => receiveCount)).to.deep.equal([
          2, 2,
        ]);
      });
    });
  });

  it('standard: takes no notice of attempts', () => {
    const queue = fill(brokerQueue('q'), 'a');
    receive(queue, { attemptId: 'x' });
    expect(receive(queue, { attemptId: 'x' })).to.deep.equal([]);
  });

  it('duplicates by chance, with one message id, and never on FIFO', () => {
    const chances = [0.3, 0.29];
    const liberties = { ...NO_LIBERTIES, duplicates: 0.3, chance: () => chances.shift() ?? 0 };
    const queue = fill(brokerQueue('q', {}, { liberties }), 'a', 'b');
    expect(bodies(queue)).to.equal('a,b,b');
    expect(queue.messages[1]?.messageId).to.equal(queue.messages[2]?.messageId);
    const [b] = receive(queue).slice(1);
    queue.delete(b ?? '');
    expect(bodies(queue)).to.equal('a,b');
    expect(bodies(fill(brokerQueue('q.fifo', {}, { liberties }), 'a'))).to.equal('a');
  });

  for (const [name, answer] of [
    ['q', 'OverLimit'],
    ['q.fifo', undefined],
  ] as const) {
    it(`has 120,000 messages in flight at most, then ${name} answers ${answer ?? 'nothing'}`, () => {
      const queue = brokerQueue(name);
      const inFlight = { visibleAt: Infinity, receivedAt: 0, receiveCount: 1, sentTimestamp: Date.now() };
      fill(queue, 'a', 'b');
      // By the back door: to receive so many takes minutes.
      const inside = queue.messages as object[];
      const more = Array.from({ length: 119_999 }, (_, index) => ({ ...inside[0], ...inFlight, groupId: `g${index}` }));
      for (const one of more) inside.push(one);
      expect(receive(queue)).to.have.length(1);
      expect(refusalOf(() => expect(receive(queue)).to.deep.equal([]))).to.equal(answer);
      Object.assign(more[0] ?? {}, { visibleAt: 0 });
      expect(receive(queue)).to.have.length(1);
    });
  }
});
