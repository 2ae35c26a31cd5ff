import { expect } from 'chai';
import { catchError, type Observable, of } from 'rxjs';
import type { Attributes, AwsCalls } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { run } from './script.js';

const absent = (call: string, made: (calls: AwsCalls, queueUrl: string) => Observable<unknown>): Behaviour => ({
  name: `${call} on a queue that is not there fails`,
  *script({ calls, queue, name }) {
    const queueUrl = (yield* queue()).url.replace(/[^/]+$/, name('absent'));
    expect(yield* callFault(made(calls, queueUrl))).to.equal('QueueDoesNotExist');
  },
});

const entry = { id: '0', receiptHandle: 'handle' };
const request = { maxMessages: 1, waitTimeSeconds: 1, visibilityTimeoutSeconds: 30 };

export const topology: Theme = {
  name: 'topology',
  behaviours: [
    {
      name: 'a queue that is made again is the same; with other attributes that is refused',
      *script({ calls, name }) {
        const queueName = name('queue');
        const create = (attributes: Attributes) => calls.createQueue({ queueName, attributes });
        const url = yield* run(create({ VisibilityTimeout: '60' }));
        expect(yield* run(create({ VisibilityTimeout: '60' }))).to.equal(url);
        expect(yield* run(create({}))).to.equal(url);
        expect(yield* callFault(create({ VisibilityTimeout: '61' }))).to.equal('QueueNameExists');
        expect(yield* run(calls.getQueueUrl({ queueName }))).to.equal(url);
      },
    },
    {
      name: 'a topic that is made again is the same; with other attributes that is refused',
      *script({ calls, name }) {
        const create = (ContentBasedDeduplication: string) =>
          calls.createTopic({ name: topicName, attributes: { FifoTopic: 'true', ContentBasedDeduplication } });
        const topicName = name('topic.fifo');
        const arn = yield* run(create('true'));
        expect(yield* run(create('true'))).to.equal(arn);
        expect(yield* callFault(create('false'))).to.equal('InvalidParameterException');
      },
    },
    {
      name: 'a queue that is subscribed again gets each message once; with other attributes that is refused',
      *script({ calls, topic, queue, subscribe, publish, take, nothing }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        const RAW = { RawMessageDelivery: 'true' };
        const subscriptionArn = yield* subscribe(topicArn, target, RAW);
        expect(yield* subscribe(topicArn, target, RAW)).to.equal(subscriptionArn);
        const other = { topicArn, queueArn: target.arn, attributes: { RawMessageDelivery: 'false' } };
        expect(yield* callFault(calls.subscribe(other))).to.equal('InvalidParameterException');
        yield* publish(topicArn, 'body');
        yield* take(target, 1);
        yield* nothing(target);
      },
    },
    {
      name: 'a subscription to a topic that is not there fails',
      *script({ calls, topic, queue, name }) {
        const topicArn = (yield* topic()).replace(/[^:]+$/, name('absent'));
        const { arn: queueArn } = yield* queue();
        const fault = yield* callFault(calls.subscribe({ topicArn, queueArn, attributes: {} }));
        expect(fault).to.equal('NotFoundException');
      },
    },
    {
      name: 'attributes of a subscription that is not there are not found',
      *script({ calls, topic }) {
        const subscriptionArn = `${yield* topic()}:00000000-0000-4000-8000-000000000000`;
        const change = { subscriptionArn, name: 'RawMessageDelivery', value: 'true' };
        expect(yield* callFault(calls.getSubscriptionAttributes({ subscriptionArn }))).to.equal('NotFoundException');
        expect(yield* callFault(calls.setSubscriptionAttribute(change))).to.equal('NotFoundException');
      },
    },
    {
      name: 'attributes of a queue are read as they were set, and one that can not be is refused',
      *script({ calls, queue }) {
        const { url: queueUrl, arn } = yield* queue({ DelaySeconds: '5' });
        yield* run(calls.setQueueAttributes({ queueUrl, attributes: { VisibilityTimeout: '7' } }));
        const bad = { MessageRetentionPeriod: '60', VisibilityTimeout: '43201' };
        expect(yield* callFault(calls.setQueueAttributes({ queueUrl, attributes: bad }))).to.equal(
          'InvalidAttributeValue',
        );
        const names = ['QueueArn', 'DelaySeconds', 'VisibilityTimeout', 'MessageRetentionPeriod'];
        expect(yield* run(calls.getQueueAttributes({ queueUrl, names }))).to.deep.equal({
          QueueArn: arn,
          DelaySeconds: '5',
          VisibilityTimeout: '7',
          MessageRetentionPeriod: '345600',
        });
      },
    },
    {
      name: 'the URL of a queue that is not there is not found',
      *script({ calls, name }) {
        expect(yield* callFault(calls.getQueueUrl({ queueName: name('absent') }))).to.equal('QueueDoesNotExist');
      },
    },
    {
      name: 'a refused call says its code without a prefix',
      emulator: 'fauxqs: writes AWS.SimpleQueueService. before the codes of refused calls',
      *script({ calls, queue }) {
        const { url: queueUrl } = yield* queue();
        const call$ = calls.receive({ ...request, queueUrl, maxMessages: 11 });
        const code$ = call$.pipe(catchError((error: unknown) => of(error instanceof AWSConnectionError && error.code)));
        expect(yield* run(code$)).to.equal('InvalidParameterValue');
      },
    },
    absent('ReceiveMessage', (calls, queueUrl) => calls.receive({ ...request, queueUrl })),
    absent('SendMessageBatch', ({ sendBatch }, queueUrl) =>
      sendBatch({ queueUrl, entries: [{ id: '0', body: 'body', attributes: {} }] }),
    ),
    absent('DeleteMessageBatch', ({ deleteBatch }, queueUrl) => deleteBatch({ queueUrl, entries: [entry] })),
    absent('ChangeMessageVisibilityBatch', ({ changeVisibilityBatch }, queueUrl) =>
      changeVisibilityBatch({ queueUrl, entries: [{ ...entry, visibilityTimeoutSeconds: 1 }] }),
    ),
    absent('GetQueueAttributes', (calls, queueUrl) => calls.getQueueAttributes({ queueUrl, names: ['QueueArn'] })),
    absent('SetQueueAttributes', (calls, queueUrl) =>
      calls.setQueueAttributes({ queueUrl, attributes: { DelaySeconds: '1' } }),
    ),
  ],
};
