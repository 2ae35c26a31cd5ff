import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { played } from './script.js';
import { timed } from './timed.js';

export const visibility: Theme = {
  name: 'visibility',
  behaviours: [
    {
      name: 'a received message is hidden for its timeout, and then comes again, counted, by another handle',
      *script({ queue, send, takeOne }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const { ms, result } = yield* timed(
          played(function* () {
            const received = yield* takeOne(target, { visibilityTimeoutSeconds: 2 });
            return [received, yield* takeOne(target, { waitTimeSeconds: 5 })] as const;
          }),
        );
        const [first, again] = result;
        expect(ms).to.be.at.least(2_000);
        expect(again).to.deep.equal({ ...first, receiveCount: 2, receiptHandle: again.receiptHandle });
        expect(again.receiptHandle).to.not.equal(first.receiptHandle);
      },
    },
    {
      name: 'a message received with a timeout of 0 comes again at once',
      *script({ queue, send, takeOne }) {
        const target = yield* queue();
        yield* send(target, 'body');
        for (const receiveCount of [1, 2, 3]) {
          expect(yield* takeOne(target, { visibilityTimeoutSeconds: 0 })).to.include({ receiveCount });
        }
      },
    },
    {
      name: 'a message whose timeout is changed to 0 comes again at once',
      *script({ queue, send, takeOne, hide }) {
        const target = yield* queue();
        yield* send(target, 'body');
        yield* hide(target, yield* takeOne(target), 0);
        expect(yield* takeOne(target)).to.include({ receiveCount: 2 });
      },
    },
    {
      name: 'a message whose timeout is changed to more stays hidden for longer, counted from the change',
      *script({ queue, send, takeOne, hide, wait }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const message = yield* takeOne(target, { visibilityTimeoutSeconds: 2 });
        yield* wait(500);
        const { ms, result } = yield* timed(
          played(function* () {
            yield* hide(target, message, 2);
            return yield* takeOne(target, { waitTimeSeconds: 5 });
          }),
        );
        expect(ms).to.be.at.least(2_000);
        expect(result).to.include({ receiveCount: 2 });
      },
    },
    {
      name: 'a message whose timeout is changed to less comes again sooner',
      *script({ queue, send, takeOne, hide }) {
        const target = yield* queue();
        yield* send(target, 'body');
        yield* hide(target, yield* takeOne(target), 1);
        expect(yield* takeOne(target, { waitTimeSeconds: 2 })).to.include({ receiveCount: 2 });
      },
    },
  ],
};
