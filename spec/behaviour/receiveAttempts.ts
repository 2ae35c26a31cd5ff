import { expect } from 'chai';
import type { ReceiveRequest } from '../../src/client/client.js';
import type { Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bodiesOf } from './drafts.js';
import type { Script } from './script.js';
import type { Queue, Stage } from './stage.js';

function* twoOfAGroup({ fifoQueue, send }: Stage): Script<Queue> {
  const queue = yield* fifoQueue({ ContentBasedDeduplication: 'true' });
  yield* send(queue, { body: 'g1', groupId: 'g' }, { id: '1', body: 'g2', groupId: 'g' });
  return queue;
}

/** The same attempt, as the port takes it. */
const again = ({ url: queueUrl }: Queue): ReceiveRequest => ({
  queueUrl,
  maxMessages: 1,
  waitTimeSeconds: 0,
  visibilityTimeoutSeconds: 30,
  attemptId: 'attempt',
});

export const receiveAttempts: Theme = {
  name: 'receive attempts',
  behaviours: [
    {
      name: 'an attempt that is made again brings the same messages again',
      emulator: 'fauxqs: does not know attempts',
      *script(stage) {
        const queue = yield* twoOfAGroup(stage);
        const first = yield* stage.receive(queue, { attemptId: 'attempt' });
        const again = yield* stage.receive(queue, { attemptId: 'attempt' });
        expect(bodiesOf(first)).to.include('g1');
        expect(again).to.deep.equal(first);
        yield* stage.delete(queue, ...again);
      },
    },
    {
      name: 'another attempt brings nothing: the group is locked',
      *script(stage) {
        const queue = yield* twoOfAGroup(stage);
        yield* stage.receive(queue, { attemptId: 'attempt' });
        expect(yield* stage.receive(queue, { attemptId: 'another' })).to.deep.equal([]);
      },
    },
    {
      name: 'an attempt whose messages were deleted since is refused',
      emulator: 'fauxqs: does not know attempts',
      *script(stage) {
        const queue = yield* twoOfAGroup(stage);
        const first = yield* stage.receive(queue, { attemptId: 'attempt', maxMessages: 1 });
        yield* stage.delete(queue, ...first);
        expect(yield* callFault(stage.calls.receive(again(queue)))).to.equal('InvalidParameterValue');
        expect(bodiesOf(yield* stage.receive(queue, { attemptId: 'another' }))).to.deep.equal(['g2']);
      },
    },
    {
      name: 'an attempt one of whose messages was hidden for longer since is refused',
      emulator: 'fauxqs: does not know attempts',
      *script(stage) {
        const queue = yield* twoOfAGroup(stage);
        for (const message of yield* stage.receive(queue, { attemptId: 'attempt' }))
          yield* stage.hide(queue, message, 60);
        expect(yield* callFault(stage.calls.receive(again(queue)))).to.equal('InvalidParameterValue');
      },
    },
  ],
};
