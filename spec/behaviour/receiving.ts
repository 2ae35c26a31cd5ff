import { expect } from 'chai';
import { takeUntil, timer, toArray } from 'rxjs';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { played, run } from './script.js';
import type { ReceiveOptions } from './stage.js';
import { timed } from './timed.js';

const outOfRange = (what: string, options: ReceiveOptions): Behaviour => ({
  name: `a receive ${what} is refused`,
  *script({ calls, queue }) {
    const request = { maxMessages: 1, waitTimeSeconds: 1, visibilityTimeoutSeconds: 30, ...options };
    const { url: queueUrl } = yield* queue();
    expect(yield* callFault(calls.receive({ ...request, queueUrl }))).to.equal('InvalidParameterValue');
  },
});

export const receiving: Theme = {
  name: 'receiving',
  behaviours: [
    {
      name: 'a message of a queue with a delay does not come before it, and is counted as received once after it',
      *script({ queue, send, takeOne }) {
        const target = yield* queue({ DelaySeconds: '2' });
        const { ms, result } = yield* timed(
          played(function* () {
            yield* send(target, 'body');
            return yield* takeOne(target, { waitTimeSeconds: 5 });
          }),
        );
        expect(ms).to.be.at.least(2_000);
        expect(result).to.include({ receiveCount: 1 });
      },
    },
    {
      name: 'a poll that was given up takes nothing',
      *script({ calls, queue, send, wait, takeOne }) {
        const target = yield* queue();
        const request = { maxMessages: 1, waitTimeSeconds: 5, visibilityTimeoutSeconds: 30, queueUrl: target.url };
        yield* run(calls.receive(request).pipe(takeUntil(timer(300)), toArray()));
        yield* wait(200);
        yield* send(target, 'body');
        yield* takeOne(target, { waitTimeSeconds: 2 });
      },
    },
    {
      name: 'a receive brings as many as it asks for at most, and ten in any case',
      *script({ queue, send, receive }) {
        const target = yield* queue();
        const ids = Array.from({ length: 10 }, (_, index) => String(index));
        yield* send(target, ...ids);
        yield* send(target, ...ids);
        const some = yield* receive(target, { maxMessages: 3 });
        expect(some.length).to.be.within(1, 3);
        let came = some.length;
        while (came < 20) {
          const more = yield* receive(target);
          expect(more.length).to.be.within(1, 10);
          came += more.length;
        }
        expect(came).to.equal(20);
      },
    },
    outOfRange('of no messages', { maxMessages: 0 }),
    outOfRange('of eleven messages', { maxMessages: 11 }),
    outOfRange('that waits for 21 seconds', { waitTimeSeconds: 21 }),
    outOfRange('that waits for less than none', { waitTimeSeconds: -1 }),
  ],
};
