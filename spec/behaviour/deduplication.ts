import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bodiesOf, sortedBodies, text } from './drafts.js';

const CONTENT = { ContentBasedDeduplication: 'true' };
const BY_GROUP = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };

export const deduplication: Theme = {
  name: 'deduplication',
  behaviours: [
    {
      name: 'of two with the same id the first stays, and both are taken in',
      *script({ fifoQueue, send, take, nothing }) {
        const target = yield* fifoQueue();
        yield* send(target, { body: 'a', groupId: 'g', deduplicationId: 'same' });
        yield* send(target, { body: 'b', groupId: 'h', deduplicationId: 'same' });
        expect(bodiesOf(yield* take(target, 1))).to.deep.equal(['a']);
        yield* nothing(target);
      },
    },
    {
      name: 'of two with the same id in one batch the first stays',
      *script({ fifoQueue, send, take, nothing }) {
        const target = yield* fifoQueue();
        const groups = ['g', 'h'];
        yield* send(
          target,
          ...groups.map((groupId) => ({ id: groupId, body: groupId, groupId, deduplicationId: 'd' })),
        );
        expect(bodiesOf(yield* take(target, 1))).to.deep.equal(['g']);
        yield* nothing(target);
      },
    },
    {
      name: 'a deduplication id is known after its message was deleted too',
      *script({ fifoQueue, send, takeOne, delete: remove, nothing }) {
        const target = yield* fifoQueue();
        const draft = { body: 'a', groupId: 'g', deduplicationId: 'd' };
        yield* send(target, draft);
        yield* remove(target, yield* takeOne(target));
        yield* send(target, draft);
        yield* nothing(target);
      },
    },
    {
      name: 'by content the body counts, whatever the attributes',
      *script({ fifoQueue, send, take, nothing }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, { body: 'same', groupId: 'g', attributes: { a: text('1') } });
        yield* send(target, { body: 'same', groupId: 'h', attributes: { a: text('2') } });
        yield* send(target, { body: 'other', groupId: 'i' });
        expect(sortedBodies(yield* take(target, 2))).to.deep.equal(['other', 'same']);
        yield* nothing(target);
      },
    },
    {
      name: 'a deduplication id goes before the content',
      *script({ fifoQueue, send, take }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, { body: 'same', groupId: 'g', deduplicationId: '1' });
        yield* send(target, { body: 'same', groupId: 'h', deduplicationId: '2' });
        expect(bodiesOf(yield* take(target, 2))).to.deep.equal(['same', 'same']);
      },
    },
    {
      name: 'the id of the content is a hash of it',
      *script({ fifoQueue, send, takeOne }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, { body: 'abc', groupId: 'g' });
        const SHA256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
        expect(yield* takeOne(target)).to.include({ deduplicationId: SHA256 });
      },
    },
    {
      name: 'an id of one queue says nothing to another',
      *script({ fifoQueue, send, take }) {
        const draft = { body: 'a', groupId: 'g', deduplicationId: 'd' };
        for (const target of [yield* fifoQueue(), yield* fifoQueue()]) {
          yield* send(target, draft);
          yield* take(target, 1);
        }
      },
    },
    {
      name: 'with the scope messageGroup an id counts within its group',
      emulator: 'fauxqs: deduplicates over the whole queue, whatever its scope',
      *script({ fifoQueue, send, take, nothing }) {
        const target = yield* fifoQueue(BY_GROUP);
        for (const body of ['g', 'h']) yield* send(target, { body, groupId: body, deduplicationId: 'same' });
        yield* send(target, { body: 'again', groupId: 'h', deduplicationId: 'same' });
        expect(sortedBodies(yield* take(target, 2))).to.deep.equal(['g', 'h']);
        yield* nothing(target);
      },
    },
    {
      name: 'a limit by group needs the scope messageGroup',
      emulator: 'fauxqs: takes a limit by group with any scope',
      *script({ calls, name }) {
        const attributes = { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' };
        expect(yield* callFault(calls.createQueue({ queueName: name('queue.fifo'), attributes }))).to.be.a('string');
      },
    },
    {
      name: 'a queue that does not go by content refuses a message without an id',
      *script({ fifoQueue, sendFault }) {
        const fault = yield* sendFault(yield* fifoQueue(), { body: 'a', groupId: 'g' });
        expect(fault).to.equal('InvalidParameterValue');
      },
    },
    {
      name: 'an id on a standard queue is refused',
      emulator: 'fauxqs: takes a deduplication id on a standard queue',
      *script({ queue, sendFault }) {
        const fault = yield* sendFault(yield* queue(), { body: 'a', deduplicationId: 'd' });
        expect(fault).to.equal('InvalidParameterValue');
      },
    },
  ],
};
