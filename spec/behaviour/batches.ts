import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { bodiesOf, entriesOf, sortedBodies, text } from './drafts.js';
import { run } from './script.js';

const HALF_MIB = 524_288;
const HALF_OF_SNS = 131_072;

export const batches: Theme = {
  name: 'batches',
  behaviours: [
    {
      name: 'of a batch that was refused nothing is done',
      *script({ calls, queue, nothing }) {
        const target = yield* queue();
        expect(
          yield* callFault(
            calls.sendBatch({
              queueUrl: target.url,
              entries: entriesOf([
                { id: 'a', body: 'body' },
                { id: 'a', body: 'body' },
              ]),
            }),
          ),
        ).to.be.a('string');
        yield* nothing(target);
      },
    },
    {
      name: 'SendMessageBatch takes 1 MiB, attributes counted, and no byte more',
      *script({ calls, queue, send, take }) {
        const target = yield* queue();
        const attributes = { name: text('value') };
        const size = HALF_MIB - 'nameStringvalue'.length;
        const full = { id: 'full', body: 'x'.repeat(size), attributes };
        const entries = entriesOf([full, { ...full, id: 'over', body: `${full.body}x` }]);
        expect(yield* callFault(calls.sendBatch({ queueUrl: target.url, entries }))).to.equal('BatchRequestTooLong');
        yield* send(target, full, { ...full, id: 'other' });
        yield* take(target, 2);
      },
    },
    {
      name: 'PublishBatch takes 256 KiB',
      *script({ topic, publish }) {
        const body = 'x'.repeat(HALF_OF_SNS);
        yield* publish(yield* topic(), body, body);
      },
    },
    {
      name: 'PublishBatch takes no byte more than 256 KiB, attributes counted',
      emulator: 'fauxqs: does not add up what a batch of SNS holds',
      *script({ calls, topic }) {
        const topicArn = yield* topic();
        const body = 'x'.repeat(HALF_OF_SNS);
        const entries = entriesOf([body, { body: 'x'.repeat(HALF_OF_SNS - 3), attributes: { a: text('b') } }]);
        const fault = yield* callFault(calls.publishBatch({ topicArn, entries }));
        expect(fault).to.equal('BatchRequestTooLongException');
      },
    },
    {
      name: 'an entry over the MaximumMessageSize of its queue fails, and those beside it are taken in',
      *script({ calls, queue, take, nothing }) {
        const target = yield* queue({ MaximumMessageSize: '1024' });
        const entries = entriesOf([
          { id: 'full', body: 'x'.repeat(1_024) },
          { id: 'over', body: 'y'.repeat(1_025) },
          { id: 'counted', body: 'z'.repeat(1_020), attributes: { a: text('b') } },
        ]);
        const { successful, failed } = yield* run(calls.sendBatch({ queueUrl: target.url, entries }));
        expect(successful).to.deep.equal([{ id: 'full' }]);
        const rest = { code: 'InvalidParameterValue', senderFault: true };
        expect(failed).to.deep.equal([
          { id: 'over', ...rest },
          { id: 'counted', ...rest },
        ]);
        expect(bodiesOf(yield* take(target, 1))).to.deep.equal(['x'.repeat(1_024)]);
        yield* nothing(target);
      },
    },
    {
      name: 'of a batch with a bad message the good ones are sent',
      *script({ calls, queue, take, nothing }) {
        const target = yield* queue();
        const entries = entriesOf(['a', 'bad \u0000', 'c']);
        const { successful, failed } = yield* run(calls.sendBatch({ queueUrl: target.url, entries }));
        expect(successful).to.deep.equal([{ id: '0' }, { id: '2' }]);
        expect(failed).to.deep.equal([{ id: '1', code: 'InvalidMessageContents', senderFault: true }]);
        expect(sortedBodies(yield* take(target, 2))).to.deep.equal(['a', 'c']);
        yield* nothing(target);
      },
    },
  ],
};
