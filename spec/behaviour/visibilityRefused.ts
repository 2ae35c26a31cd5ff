import { expect } from 'chai';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { run } from './script.js';

const outOfRange = (what: string, seconds: number): Behaviour => ({
  name: `a visibility timeout of ${what} is refused, when received and when changed`,
  *script({ calls, queue, send, takeOne, visibilityFault }) {
    const target = yield* queue();
    yield* send(target, 'body');
    const request = { maxMessages: 1, waitTimeSeconds: 1, visibilityTimeoutSeconds: seconds };
    expect(yield* callFault(calls.receive({ ...request, queueUrl: target.url }))).to.equal('InvalidParameterValue');
    const { receiptHandle } = yield* takeOne(target);
    expect(yield* visibilityFault(target, receiptHandle, seconds)).to.equal('InvalidParameterValue');
  },
});

export const visibilityRefused: Theme = {
  name: 'changes of visibility that are refused',
  behaviours: [
    {
      name: 'twelve hours from receipt are the most, whenever it is changed: more is refused, and changes nothing',
      emulator: 'fauxqs: counts the twelve hours from the change',
      *script({ queue, send, takeOne, wait, visibilityFault, nothing }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { receiptHandle } = yield* takeOne(target);
        yield* wait(1_100);
        expect(yield* visibilityFault(target, receiptHandle, 43_200)).to.equal('InvalidParameterValue');
        expect(yield* visibilityFault(target, receiptHandle, 43_190)).to.equal(undefined);
        yield* nothing(target);
      },
    },
    outOfRange('less than 0', -1),
    outOfRange('more than twelve hours', 43_201),
    {
      name: 'a handle that is none changes nothing',
      *script({ queue, visibilityFault }) {
        const fault = yield* visibilityFault(yield* queue(), 'not-a-handle', 10);
        expect(fault).to.equal('ReceiptHandleIsInvalid');
      },
    },
    {
      name: 'the handle of an earlier receive changes nothing',
      *script({ queue, send, takeOne, visibilityFault, nothing }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { receiptHandle } = yield* takeOne(target, { visibilityTimeoutSeconds: 0 });
        yield* takeOne(target);
        expect(yield* visibilityFault(target, receiptHandle, 0)).to.be.a('string');
        yield* nothing(target);
      },
    },
    {
      name: 'a change by the handle of an earlier receive is told from one by a handle that is none',
      emulator: 'fauxqs: forgets handles, and says that they are invalid',
      *script({ queue, send, takeOne, visibilityFault }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { receiptHandle } = yield* takeOne(target, { visibilityTimeoutSeconds: 0 });
        yield* takeOne(target);
        expect(yield* visibilityFault(target, receiptHandle, 0)).to.equal('InvalidParameterValue');
      },
    },
    {
      name: 'a message whose timeout is over is not in flight, and can not be hidden any more',
      emulator: 'fauxqs: sees that a timeout is over at the next receive only',
      *script({ queue, send, takeOne, wait, visibilityFault }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { receiptHandle } = yield* takeOne(target, { visibilityTimeoutSeconds: 1 });
        yield* wait(1_200);
        expect(yield* visibilityFault(target, receiptHandle, 30)).to.equal('MessageNotInflight');
        yield* takeOne(target);
      },
    },
    {
      name: 'a message that was deleted can not be hidden',
      *script({ queue, send, takeOne, delete: remove, visibilityFault }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const message = yield* takeOne(target);
        yield* remove(target, message);
        expect(yield* visibilityFault(target, message.receiptHandle, 30)).to.be.a('string');
      },
    },
    {
      name: 'each entry of a change has its own answer: a bad one leaves the others alone',
      *script({ calls, queue, send, takeOne }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { receiptHandle } = yield* takeOne(target);
        const { successful, failed } = yield* run(
          calls.changeVisibilityBatch({
            queueUrl: target.url,
            entries: [
              { id: 'bad', receiptHandle, visibilityTimeoutSeconds: 43_201 },
              { id: 'good', receiptHandle, visibilityTimeoutSeconds: 0 },
            ],
          }),
        );
        expect(successful).to.deep.equal([{ id: 'good' }]);
        expect(failed).to.deep.equal([{ id: 'bad', code: 'InvalidParameterValue', senderFault: true }]);
        yield* takeOne(target);
      },
    },
  ],
};
