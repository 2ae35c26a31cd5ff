import { expect } from 'chai';
import { asyncScheduler } from 'rxjs';
import type { Theme } from './behaviour.js';
import { bodiesOf } from './drafts.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What takes minutes or hours can be had where time is virtual only: on the broker. */
export const minutes: Theme = {
  name: 'minutes and hours',
  behaviours: [
    {
      name: 'a queue knows a deduplication id for five minutes',
      *script({ fifoQueue, send, wait, take, nothing }) {
        const target = yield* fifoQueue();
        const draft = { groupId: 'g', deduplicationId: 'd' };
        yield* send(target, { ...draft, body: 'first' });
        yield* wait(5 * MINUTE - SECOND);
        yield* send(target, { ...draft, body: 'known' });
        yield* wait(2 * SECOND);
        yield* send(target, { ...draft, groupId: 'h', body: 'new' });
        expect(bodiesOf(yield* take(target, 2))).to.deep.equal(['first', 'new']);
        yield* nothing(target);
      },
    },
    {
      name: 'a topic knows what it deduplicates by for five minutes',
      *script({ fifoTopic, queue, subscribe, publish, wait, take, nothing }) {
        const topicArn = yield* fifoTopic({ ContentBasedDeduplication: 'true' });
        const target = yield* queue();
        yield* subscribe(topicArn, target, { RawMessageDelivery: 'true' });
        for (const ms of [5 * MINUTE - SECOND, 2 * SECOND, 0]) {
          yield* publish(topicArn, { body: 'same', groupId: 'g' });
          yield* wait(ms);
        }
        yield* take(target, 2);
        yield* nothing(target);
      },
    },
    {
      name: 'a receive attempt is known for five minutes',
      *script({ fifoQueue, send, receive, wait }) {
        const target = yield* fifoQueue({ ContentBasedDeduplication: 'true' });
        yield* send(target, { body: 'body', groupId: 'g' });
        const attempt = { attemptId: 'attempt', visibilityTimeoutSeconds: 3_600 };
        expect(yield* receive(target, attempt)).to.have.lengthOf(1);
        yield* wait(5 * MINUTE - SECOND);
        expect(yield* receive(target, attempt)).to.have.lengthOf(1);
        yield* wait(5 * MINUTE + SECOND);
        expect(yield* receive(target, attempt)).to.deep.equal([]);
      },
    },
    {
      name: 'a message can be hidden again and again, for twelve hours from its receipt in all',
      *script({ queue, send, takeOne, hide, wait, visibilityFault }) {
        const target = yield* queue();
        yield* send(target, 'body');
        const message = yield* takeOne(target);
        for (let hour = 1; hour < 12; hour += 1) {
          yield* hide(target, message, 3_700);
          yield* wait(HOUR);
        }
        expect(yield* visibilityFault(target, message.receiptHandle, 3_601)).to.equal('InvalidParameterValue');
        yield* hide(target, message, 3_590);
        yield* wait(HOUR);
        expect(yield* takeOne(target)).to.include({ receiveCount: 2 });
      },
    },
    {
      name: 'a received message has twelve hours anew',
      *script({ queue, send, takeOne, hide, wait }) {
        const target = yield* queue();
        yield* send(target, 'body');
        yield* takeOne(target, { visibilityTimeoutSeconds: 43_200 });
        yield* wait(12 * HOUR);
        yield* hide(target, yield* takeOne(target), 43_190);
      },
    },
    {
      name: 'a queue holds a message for its retention period',
      *script({ queue, send, wait, takeOne, nothing }) {
        const target = yield* queue({ MessageRetentionPeriod: '60' });
        yield* send(target, 'body');
        yield* wait(MINUTE - 2 * SECOND);
        yield* takeOne(target, { visibilityTimeoutSeconds: 0 });
        yield* wait(3 * SECOND);
        yield* nothing(target);
      },
    },
    {
      name: 'a message can be delayed for a quarter of an hour',
      *script({ queue, send, wait, nothing, takeOne }) {
        const target = yield* queue({ DelaySeconds: '900' });
        yield* send(target, 'body');
        yield* wait(15 * MINUTE - 2 * SECOND);
        yield* nothing(target);
        yield* takeOne(target, { waitTimeSeconds: 2 });
      },
    },
    {
      name: 'a long poll waits for twenty seconds',
      *script({ queue, receive }) {
        const target = yield* queue();
        const before = asyncScheduler.now();
        expect(yield* receive(target, { waitTimeSeconds: 20 })).to.deep.equal([]);
        expect(asyncScheduler.now() - before).to.be.within(20_000, 20_100);
      },
    },
  ],
};
