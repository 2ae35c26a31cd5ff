import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bodiesOf } from './drafts.js';
import { run } from './script.js';

const RAW = { RawMessageDelivery: 'true' };
const inGroup = (body: string, groupId = 'g') => ({ body, groupId, deduplicationId: body });

export const fifoDelivery: Theme = {
  name: 'FIFO topics',
  behaviours: [
    {
      name: 'a FIFO topic feeds a FIFO queue: order, group and deduplication id are kept',
      *script({ fifoTopic, fifoQueue, subscribe, publish, takeOne, delete: remove }) {
        const topicArn = yield* fifoTopic();
        const target = yield* fifoQueue();
        yield* subscribe(topicArn, target, RAW);
        yield* publish(topicArn, inGroup('a'), inGroup('b'), inGroup('c'));
        for (const body of ['a', 'b', 'c']) {
          const message = yield* takeOne(target);
          expect(message).to.deep.include(inGroup(body));
          yield* remove(target, message);
        }
      },
    },
    {
      name: 'a FIFO topic numbers what it takes in',
      emulator: 'fauxqs: answers a publish without a sequence number',
      *script({ fifoTopic, publish }) {
        const published = yield* publish(yield* fifoTopic(), inGroup('a'), inGroup('b'));
        const [first, second] = published.map(({ sequenceNumber }) => BigInt(sequenceNumber ?? 0));
        expect(first).to.not.equal(0n);
        expect(second !== undefined && first !== undefined && second > first, 'that it grows').to.equal(true);
      },
    },
    {
      name: 'a FIFO topic says the sequence number in its envelopes',
      emulator: 'fauxqs: leaves the sequence number out of the envelope',
      *script({ fifoTopic, fifoQueue, subscribe, publish, takeOne }) {
        const topicArn = yield* fifoTopic();
        const target = yield* fifoQueue();
        yield* subscribe(topicArn, target);
        const [published] = yield* publish(topicArn, inGroup('a'));
        const { SequenceNumber } = JSON.parse((yield* takeOne(target)).body) as { readonly SequenceNumber?: string };
        expect(SequenceNumber).to.be.a('string').and.equal(published?.sequenceNumber);
      },
    },
    {
      name: 'a FIFO topic may feed a standard queue',
      *script({ fifoTopic, queue, subscribe, publish, take }) {
        const topicArn = yield* fifoTopic();
        const target = yield* queue();
        yield* subscribe(topicArn, target, RAW);
        yield* publish(topicArn, inGroup('a'));
        expect(bodiesOf(yield* take(target, 1))).to.deep.equal(['a']);
      },
    },
    {
      name: 'a standard topic can not feed a FIFO queue',
      emulator: 'fauxqs: subscribes a FIFO queue to a standard topic',
      *script({ calls, topic, fifoQueue }) {
        const topicArn = yield* topic();
        const { arn: queueArn } = yield* fifoQueue();
        const fault = yield* callFault(calls.subscribe({ topicArn, queueArn, attributes: RAW }));
        expect(fault).to.equal('InvalidParameterException');
      },
    },
    {
      name: 'a FIFO topic delivers one of two with the same deduplication id, and takes both in',
      *script({ fifoTopic, fifoQueue, subscribe, publish, takeOne, delete: remove, nothing }) {
        const topicArn = yield* fifoTopic();
        const target = yield* fifoQueue();
        yield* subscribe(topicArn, target, RAW);
        yield* publish(topicArn, { body: 'a', groupId: 'g', deduplicationId: 'same' });
        yield* publish(topicArn, { body: 'b', groupId: 'g', deduplicationId: 'same' });
        const message = yield* takeOne(target);
        expect(message.body).to.equal('a');
        yield* remove(target, message);
        yield* nothing(target);
      },
    },
    {
      name: 'a topic deduplicates before any queue: a standard queue gets one as well',
      emulator: 'fauxqs: deduplicates in the queue only',
      *script({ fifoTopic, queue, subscribe, publish, take, nothing }) {
        const topicArn = yield* fifoTopic({ ContentBasedDeduplication: 'true' });
        const target = yield* queue();
        yield* subscribe(topicArn, target, RAW);
        for (const groupId of ['g', 'h']) yield* publish(topicArn, { body: 'a', groupId });
        yield* take(target, 1);
        yield* nothing(target);
      },
    },
    {
      name: 'a message without a group, or without anything to deduplicate it by, is refused; those beside it are taken in',
      *script({ calls, fifoTopic, fifoQueue, subscribe, takeOne }) {
        const topicArn = yield* fifoTopic();
        const target = yield* fifoQueue();
        yield* subscribe(topicArn, target, RAW);
        const { successful, failed } = yield* run(
          calls.publishBatch({
            topicArn,
            entries: [
              { id: 'bad-1', body: 'bad', attributes: {}, deduplicationId: 'd' },
              { id: 'good', body: 'good', attributes: {}, groupId: 'g', deduplicationId: 'good' },
              { id: 'bad-2', body: 'bad', attributes: {}, groupId: 'g' },
            ],
          }),
        );
        expect(successful.map(({ id }) => id)).to.deep.equal(['good']);
        expect(failed).to.deep.equal([
          { id: 'bad-1', code: 'InvalidParameter', senderFault: true },
          { id: 'bad-2', code: 'InvalidParameter', senderFault: true },
        ]);
        expect((yield* takeOne(target)).body).to.equal('good');
      },
    },
  ],
};
