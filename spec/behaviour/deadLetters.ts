import { expect } from 'chai';
import type { Attributes } from '../../src/client/client.js';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bytes, plain, text } from './drafts.js';
import type { Queue, Stage } from './stage.js';
import type { Script } from './script.js';

const redrive = (deadLetterTargetArn: string, maxReceiveCount: number): Attributes => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
});

/** Receives a message so many times, and gives it back each time; the last handle. */
function* receiveAgain({ takeOne }: Stage, queue: Queue, times: number): Script<string> {
  let handle = '';
  for (let time = 1; time <= times; time += 1) {
    const message = yield* takeOne(queue, { visibilityTimeoutSeconds: 0 });
    expect(message.receiveCount).to.equal(time);
    handle = message.receiptHandle;
  }
  return handle;
}

const refusing = (what: string, emulator: string, attributesOf: (stage: Stage) => Script<Attributes>): Behaviour => ({
  name: `${what} is refused, for a new queue and for an old one`,
  emulator,
  *script(stage) {
    const { calls, name, queue, fifoQueue } = stage;
    const attributes = yield* attributesOf(stage);
    const isFifo = attributes.FifoQueue === 'true';
    const queueName = name(isFifo ? 'queue.fifo' : 'queue');
    expect(yield* callFault(calls.createQueue({ queueName, attributes }))).to.equal('InvalidParameterValue');
    const { url: queueUrl } = yield* isFifo ? fifoQueue() : queue();
    const { FifoQueue: _isSet, ...change } = attributes;
    const fault = yield* callFault(calls.setQueueAttributes({ queueUrl, attributes: change }));
    expect(fault).to.equal('InvalidParameterValue');
  },
});

export const deadLetters: Theme = {
  name: 'dead letters',
  behaviours: [
    {
      name: 'a message that was received maxReceiveCount times comes to the dead-letter queue as it was, and no sooner',
      *script(stage) {
        const dead = yield* stage.queue();
        const target = yield* stage.queue(redrive(dead.arn, 2));
        const attributes = { text: text('text'), bytes: bytes(1, 2, 3) };
        yield* stage.send(target, { body: 'body', attributes });
        const { messageId } = yield* stage.takeOne(target, { visibilityTimeoutSeconds: 0 });
        expect(yield* stage.takeOne(target, { visibilityTimeoutSeconds: 0 })).to.include({
          messageId,
          receiveCount: 2,
        });
        yield* stage.nothing(dead);
        yield* stage.nothing(target);
        const letter = yield* stage.takeOne(dead);
        expect(letter).to.include({ messageId, body: 'body' });
        expect(plain(letter.attributes)).to.deep.equal(plain(attributes));
      },
    },
    {
      name: 'a message that was deleted at its last receive does not come to the dead-letter queue',
      *script(stage) {
        const dead = yield* stage.queue();
        const target = yield* stage.queue(redrive(dead.arn, 1));
        yield* stage.send(target, 'body');
        const message = yield* stage.takeOne(target);
        yield* stage.delete(target, message);
        yield* stage.nothing(target);
        yield* stage.nothing(dead);
      },
    },
    {
      name: 'without a policy a message comes again and again',
      *script(stage) {
        const target = yield* stage.queue();
        yield* stage.send(target, 'body');
        yield* receiveAgain(stage, target, 12);
      },
    },
    {
      name: 'a policy that is set later holds for what is there',
      *script(stage) {
        const [dead, target] = [yield* stage.queue(), yield* stage.queue()];
        yield* stage.send(target, 'body');
        yield* receiveAgain(stage, target, 3);
        const attributes = redrive(dead.arn, 3);
        expect(yield* callFault(stage.calls.setQueueAttributes({ queueUrl: target.url, attributes }))).to.equal(
          undefined,
        );
        yield* stage.nothing(target);
        yield* stage.takeOne(dead);
      },
    },
    {
      name: 'the handle of before the move deletes nothing',
      *script(stage) {
        const dead = yield* stage.queue();
        const target = yield* stage.queue(redrive(dead.arn, 1));
        yield* stage.send(target, 'body');
        const receiptHandle = yield* receiveAgain(stage, target, 1);
        yield* stage.nothing(target);
        // SQS may say that it did, or that there is no such queue.
        yield* stage.deleteFault(target, receiptHandle);
        yield* stage.takeOne(dead);
      },
    },
    {
      name: 'a dead letter of a FIFO queue keeps its group, and the next of the group comes',
      *script(stage) {
        const dead = yield* stage.fifoQueue();
        const target = yield* stage.fifoQueue(redrive(dead.arn, 1));
        yield* stage.send(
          target,
          ...['a', 'b'].map((body) => ({ id: body, body, groupId: 'g', deduplicationId: body })),
        );
        yield* stage.takeOne(target, { visibilityTimeoutSeconds: 0 });
        expect(yield* stage.takeOne(target)).to.include({ body: 'b', receiveCount: 1 });
        expect(yield* stage.takeOne(dead)).to.include({ body: 'a', groupId: 'g', deduplicationId: 'a' });
      },
    },
    refusing('a standard dead-letter queue of a FIFO queue', 'fauxqs: takes any dead-letter queue', function* (stage) {
      return { FifoQueue: 'true', ...redrive((yield* stage.queue()).arn, 3) };
    }),
    refusing('a FIFO dead-letter queue of a standard queue', 'fauxqs: takes any dead-letter queue', function* (stage) {
      return redrive((yield* stage.fifoQueue()).arn, 3);
    }),
    refusing('a dead-letter queue that is not there', 'fauxqs: takes the ARN of no queue', function* (stage) {
      return redrive((yield* stage.queue()).arn.replace(/[^:]+$/, stage.name('absent')), 3);
    }),
    refusing('a maxReceiveCount of 0', 'fauxqs: takes any maxReceiveCount', function* (stage) {
      return redrive((yield* stage.queue()).arn, 0);
    }),
    refusing('a maxReceiveCount of 1001', 'fauxqs: takes any maxReceiveCount', function* (stage) {
      return redrive((yield* stage.queue()).arn, 1_001);
    }),
  ],
};
