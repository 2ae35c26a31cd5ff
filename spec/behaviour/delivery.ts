import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bodiesOf, bytes, manyAttributes, number, plain, sortedBodies, text } from './drafts.js';
import { played, run } from './script.js';
import { timed } from './timed.js';

const RAW = { RawMessageDelivery: 'true' };

export const delivery: Theme = {
  name: 'delivery',
  behaviours: [
    {
      name: 'a message goes to every queue of its topic',
      *script({ topic, queue, subscribe, publish, take }) {
        const topicArn = yield* topic();
        const queues = [yield* queue(), yield* queue()];
        for (const each of queues) yield* subscribe(topicArn, each, RAW);
        yield* publish(topicArn, 'a', 'b');
        for (const each of queues) expect(sortedBodies(yield* take(each, 2))).to.deep.equal(['a', 'b']);
      },
    },
    {
      name: 'raw, a message comes as it was published, with its attributes',
      *script({ topic, queue, subscribe, publish, takeOne }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* subscribe(topicArn, target, RAW);
        const attributes = { text: text('tëxt'), number: number(1.5), bytes: bytes(0, 255, 7) };
        const [published] = yield* publish(topicArn, { body: '{"a":"ü"}', subject: 'Subject', attributes });
        const received = yield* takeOne(target);
        expect(received.body).to.equal('{"a":"ü"}');
        expect(plain(received.attributes)).to.deep.equal(plain(attributes));
        expect(received.receiveCount).to.equal(1);
        expect(received.messageId, 'an id of SQS')
          .to.match(/^[0-9a-f-]{36}$/)
          .and.not.equal(published?.messageId);
      },
    },
    {
      name: 'delivery becomes raw when its subscription is changed',
      *script({ calls, topic, queue, subscribe, publish, takeOne }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        const subscriptionArn = yield* subscribe(topicArn, target, { RawMessageDelivery: 'false' });
        yield* run(calls.setSubscriptionAttribute({ subscriptionArn, name: 'RawMessageDelivery', value: 'true' }));
        const attributes = yield* run(calls.getSubscriptionAttributes({ subscriptionArn }));
        expect(attributes.RawMessageDelivery).to.equal('true');
        yield* publish(topicArn, 'body');
        expect((yield* takeOne(target)).body).to.equal('body');
      },
    },
    {
      name: 'what was published before a queue was subscribed does not come to it',
      *script({ topic, queue, subscribe, publish, take, nothing }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* publish(topicArn, 'before');
        yield* subscribe(topicArn, target, RAW);
        yield* publish(topicArn, 'after');
        expect(bodiesOf(yield* take(target, 1))).to.deep.equal(['after']);
        yield* nothing(target);
      },
    },
    {
      name: 'without a policy that lets the topic in, nothing is delivered',
      emulator: 'fauxqs: delivers without a queue policy',
      *script({ calls, topic, queue, publish, nothing }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* run(calls.subscribe({ topicArn, queueArn: target.arn, attributes: RAW }));
        yield* publish(topicArn, 'body');
        yield* nothing(target);
      },
    },
    {
      name: 'with a policy that lets another topic in, nothing is delivered',
      emulator: 'fauxqs: delivers whatever the queue policy says',
      *script({ calls, topic, queue, allow, publish, nothing }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* allow(yield* topic(), target);
        yield* run(calls.subscribe({ topicArn, queueArn: target.arn, attributes: RAW }));
        yield* publish(topicArn, 'body');
        yield* nothing(target);
      },
    },
    {
      name: 'eleven attributes are too many for raw delivery: the message is discarded without a word',
      emulator: 'fauxqs: delivers eleven attributes raw',
      *script({ topic, queue, subscribe, publish, take, nothing }) {
        const topicArn = yield* topic();
        const [raw, wrapped] = [yield* queue(), yield* queue()];
        yield* subscribe(topicArn, raw, RAW);
        yield* subscribe(topicArn, wrapped);
        yield* publish(topicArn, { body: 'eleven', attributes: manyAttributes(11) });
        yield* publish(topicArn, { body: 'ten', attributes: manyAttributes(10) });
        yield* take(wrapped, 2);
        expect(bodiesOf(yield* take(raw, 1))).to.deep.equal(['ten']);
        yield* nothing(raw);
      },
    },
    {
      name: "the delay of a queue holds for a topic's messages too",
      emulator: "fauxqs: delivers past a queue's DelaySeconds",
      *script({ topic, queue, subscribe, publish, take }) {
        const topicArn = yield* topic();
        const target = yield* queue({ DelaySeconds: '2' });
        yield* subscribe(topicArn, target, RAW);
        const { ms } = yield* timed(
          played(function* () {
            yield* publish(topicArn, 'body');
            yield* take(target, 1, { waitTimeSeconds: 5 });
          }),
        );
        expect(ms).to.be.at.least(2_000);
      },
    },
    {
      name: 'a publish to a topic that is not there fails',
      *script({ calls, topic, name }) {
        const topicArn = (yield* topic()).replace(/[^:]+$/, name('absent'));
        const entries = [{ id: '0', body: 'body', attributes: {} }];
        expect(yield* callFault(calls.publishBatch({ topicArn, entries }))).to.equal('NotFoundException');
      },
    },
  ],
};
