import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { sortedBodies } from './drafts.js';
import { run } from './script.js';

const INVALID = 'ReceiptHandleIsInvalid';

export const deletion: Theme = {
  name: 'deletion',
  behaviours: [
    {
      name: 'a deleted message does not come again',
      *script({ queue, send, take, wait, delete: remove, nothing }) {
        const target = yield* queue();
        yield* send(target, 'a', 'b', 'c');
        yield* remove(target, ...(yield* take(target, 3, { visibilityTimeoutSeconds: 2 })));
        yield* wait(1_500);
        yield* nothing(target);
      },
    },
    {
      name: 'deleting twice succeeds twice',
      *script({ queue, send, takeOne, delete: remove }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const message = yield* takeOne(target);
        yield* remove(target, message);
        yield* remove(target, message);
      },
    },
    {
      name: 'after its timeout a message of a standard queue can still be deleted, until somebody else receives it',
      *script({ queue, send, takeOne, wait, delete: remove, nothing }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const message = yield* takeOne(target, { visibilityTimeoutSeconds: 1 });
        yield* wait(1_200);
        yield* remove(target, message);
        yield* nothing(target);
      },
    },
    {
      name: 'the handle of an earlier receive deletes nothing of a standard queue, and is told that it did',
      *script({ queue, send, takeOne, delete: remove, hide }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const stale = yield* takeOne(target, { visibilityTimeoutSeconds: 0 });
        const current = yield* takeOne(target);
        yield* remove(target, stale);
        yield* hide(target, current, 0);
        expect(yield* takeOne(target)).to.include({ receiveCount: 3 });
      },
    },
    {
      name: 'the handle of an earlier receive deletes nothing of a FIFO queue, and is told so',
      emulator: 'fauxqs: says that a stale handle deleted, on FIFO queues too',
      *script({ fifoQueue, send, takeOne, deleteFault }) {
        const target = yield* fifoQueue();
        yield* send(target, { body: 'body', groupId: 'g', deduplicationId: 'd' });
        const { receiptHandle } = yield* takeOne(target, { visibilityTimeoutSeconds: 0 });
        yield* takeOne(target);
        expect(yield* deleteFault(target, receiptHandle)).to.equal('InvalidParameterValue');
      },
    },
    {
      name: 'after its timeout a message of a FIFO queue can not be deleted any more',
      emulator: 'fauxqs: deletes from a FIFO queue after the timeout',
      *script({ fifoQueue, send, takeOne, wait, deleteFault }) {
        const target = yield* fifoQueue();
        yield* send(target, { body: 'body', groupId: 'g', deduplicationId: 'd' });
        const { receiptHandle } = yield* takeOne(target, { visibilityTimeoutSeconds: 1 });
        yield* wait(1_200);
        expect(yield* deleteFault(target, receiptHandle)).to.equal('InvalidParameterValue');
        expect(yield* takeOne(target)).to.include({ receiveCount: 2 });
      },
    },
    {
      name: 'a handle that is none is refused',
      emulator: 'fauxqs: deletes by any text',
      *script({ queue, deleteFault }) {
        expect(yield* deleteFault(yield* queue(), 'not-a-handle')).to.equal(INVALID);
      },
    },
    {
      name: 'the handle of another queue is refused',
      emulator: 'fauxqs: deletes by the handle of another queue',
      *script({ queue, send, takeOne, deleteFault }) {
        const [one, other] = [yield* queue(), yield* queue()];
        yield* send(one, 'body');
        const { receiptHandle } = yield* takeOne(one);
        expect(yield* deleteFault(other, receiptHandle)).to.equal(INVALID);
      },
    },
    {
      name: 'the handle of another queue deletes nothing',
      *script({ calls, queue, send, takeOne, hide }) {
        const [one, other] = [yield* queue(), yield* queue()];
        yield* send(one, 'body');
        const message = yield* takeOne(one);
        const { receiptHandle } = message;
        yield* run(calls.deleteBatch({ queueUrl: other.url, entries: [{ id: '0', receiptHandle }] }));
        yield* hide(one, message, 0);
        yield* takeOne(one);
      },
    },
    {
      name: 'each entry has its own answer: the good ones are deleted',
      emulator: 'fauxqs: has no entry that fails',
      *script({ calls, queue, send, take, hide }) {
        const target = yield* queue();
        yield* send(target, 'a', 'b', 'c');
        const messages = yield* take(target, 3);
        const entries = messages.map(({ body, receiptHandle }) => ({
          id: body,
          receiptHandle: body === 'b' ? 'not-a-handle' : receiptHandle,
        }));
        const { successful, failed } = yield* run(calls.deleteBatch({ queueUrl: target.url, entries }));
        expect(successful.map(({ id }) => id).sort()).to.deep.equal(['a', 'c']);
        expect(failed).to.deep.equal([{ id: 'b', code: INVALID, senderFault: true }]);
        for (const message of messages) if (message.body === 'b') yield* hide(target, message, 0);
        expect(sortedBodies(yield* take(target, 1))).to.deep.equal(['b']);
      },
    },
  ],
};
