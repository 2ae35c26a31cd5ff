import { expect } from 'chai';
import { concatMap, forkJoin, map, timer } from 'rxjs';
import type { Theme } from './behaviour.js';
import { played, type Script } from './script.js';
import type { Queue, Stage } from './stage.js';
import { timed } from './timed.js';

/** A long poll of five seconds that has to bring `body` before its wait is over; meanwhile `meanwhile` is played. */
function* wakes(
  { receive }: Stage,
  queue: Queue,
  body: string,
  meanwhile: () => Script = function* () {
    // Time alone brings the message.
  },
): Script {
  const woken = yield* timed(
    forkJoin([
      played(() => receive(queue, { waitTimeSeconds: 5 })),
      timer(500).pipe(concatMap(() => played(meanwhile))),
    ]).pipe(map(([received]) => received)),
  );
  expect(woken.result.map((message) => message.body)).to.deep.equal([body]);
  expect(woken.ms).to.be.below(4_500);
}

export const longPolls: Theme = {
  name: 'long polls',
  behaviours: [
    {
      name: 'a long poll of an empty queue comes back without messages when its wait is over',
      *script({ receive, queue }) {
        const target = yield* queue();
        const { ms, result } = yield* timed(played(() => receive(target, { waitTimeSeconds: 2 })));
        expect(result).to.deep.equal([]);
        expect(ms).to.be.within(1_950, 5_000);
      },
    },
    {
      name: 'a short poll comes back at once, whatever the wait of its queue',
      *script({ receive, queue }) {
        const target = yield* queue({ ReceiveMessageWaitTimeSeconds: '20' });
        const { ms, result } = yield* timed(played(() => receive(target, { waitTimeSeconds: 0 })));
        expect(result).to.deep.equal([]);
        expect(ms).to.be.below(5_000);
      },
    },
    {
      name: 'a long poll wakes when a message arrives',
      *script(stage) {
        const target = yield* stage.queue();
        yield* wakes(stage, target, 'body', () => stage.send(target, 'body'));
      },
    },
    {
      name: 'a long poll wakes when a topic delivers',
      *script(stage) {
        const topicArn = yield* stage.topic();
        const target = yield* stage.queue();
        yield* stage.subscribe(topicArn, target, { RawMessageDelivery: 'true' });
        yield* wakes(stage, target, 'body', function* () {
          yield* stage.publish(topicArn, 'body');
        });
      },
    },
    {
      name: 'a long poll wakes when the visibility timeout of a message ends',
      *script(stage) {
        const target = yield* stage.queue();
        yield* stage.send(target, 'body');
        yield* stage.takeOne(target, { visibilityTimeoutSeconds: 1 });
        yield* wakes(stage, target, 'body');
      },
    },
    {
      name: 'a long poll wakes when a message is given back',
      *script(stage) {
        const target = yield* stage.queue();
        yield* stage.send(target, 'body');
        const message = yield* stage.takeOne(target);
        yield* wakes(stage, target, 'body', () => stage.hide(target, message, 0));
      },
    },
    {
      name: 'a long poll wakes when the delay of a message ends',
      *script(stage) {
        const target = yield* stage.queue({ DelaySeconds: '1' });
        yield* stage.send(target, 'body');
        yield* wakes(stage, target, 'body');
      },
    },
    {
      name: 'a long poll wakes when a group is free again',
      *script(stage) {
        const target = yield* stage.fifoQueue({ ContentBasedDeduplication: 'true' });
        yield* stage.send(target, { body: 'a', groupId: 'g' }, { id: '1', body: 'b', groupId: 'g' });
        const first = yield* stage.takeOne(target);
        yield* wakes(stage, target, 'b', () => stage.delete(target, first));
      },
    },
  ],
};
