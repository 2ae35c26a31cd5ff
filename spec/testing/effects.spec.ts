import { expect } from 'chai';
import { isObservable } from 'rxjs';
import { createAccount } from '../../src/testing/account.js';
import { createEffects, type Effects } from '../../src/testing/effects.js';
import { entryOf, receiveOf, refusalOf } from '../helpers/brokerQueues.js';

const ACCOUNT = '123456789012';

function fixture(): Effects & { readonly queueUrl: string; readonly topicArn: string } {
  const liberties = { unordered: false, partialReceives: false, duplicates: 0, chance: () => 0 };
  const effects = createEffects(createAccount({ region: 'eu-west-1', accountId: ACCOUNT, liberties }));
  const queueUrl = effects.createQueue({ queueName: 'q', attributes: {} });
  return { ...effects, queueUrl, topicArn: effects.createTopic({ name: 'users', attributes: {} }) };
}
/** Receives at once, and gives the handles. */
function receive({ receive: effect, queueUrl }: ReturnType<typeof fixture>): readonly string[] {
  const handles: string[] = [];
  effect(receiveOf({ queueUrl })).subscribe((received) => handles.push(...received.map((raw) => raw.receiptHandle)));
  return handles;
}

describe('effects', () => {
  it('of batches: the truth of each entry, in order', () => {
    const it = fixture();
    const { queueUrl, topicArn } = it;
    const entries = [entryOf('a'), entryOf('b', { body: '' }), entryOf('c')];
    const failed = [{ id: 'b', code: 'MissingParameter', senderFault: true }];
    expect(it.sendBatch({ queueUrl, entries })).to.deep.equal({ successful: [{ id: 'a' }, { id: 'c' }], failed });
    const published = it.publishBatch({ topicArn, entries });
    expect(published.successful.map(({ id }) => id)).to.deep.equal(['a', 'c']);
    expect(published.successful[0]?.messageId).to.match(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(published.failed).to.deep.equal([{ id: 'b', code: 'InvalidParameter', senderFault: true }]);
    const [a = '', c = ''] = receive(it);
    const invalid = { id: 'x', receiptHandle: 'none' };
    expect(it.deleteBatch({ queueUrl, entries: [invalid, { id: '1', receiptHandle: a }] })).to.deep.equal({
      successful: [{ id: '1' }],
      failed: [{ id: 'x', code: 'ReceiptHandleIsInvalid', senderFault: true }],
    });
    const changes = [
      { id: '1', receiptHandle: c, visibilityTimeoutSeconds: 43_201 },
      { id: '2', receiptHandle: c, visibilityTimeoutSeconds: 0 },
    ];
    expect(it.changeVisibilityBatch({ queueUrl, entries: changes })).to.deep.equal({
      successful: [{ id: '2' }],
      failed: [{ id: '1', code: 'InvalidParameterValue', senderFault: true }],
    });
    expect(receive(it)).to.have.length(1);
  });

  it('of batches that are none, or to nowhere: refused as a whole', () => {
    const it = fixture();
    const { queueUrl, topicArn } = it;
    for (const call of [it.sendBatch, it.deleteBatch, it.changeVisibilityBatch]) {
      expect(refusalOf(() => call({ queueUrl, entries: [] }))).to.equal('EmptyBatchRequest');
      expect(refusalOf(() => call({ queueUrl: 'none', entries: [] }))).to.equal('QueueDoesNotExist');
    }
    expect(refusalOf(() => it.publishBatch({ topicArn, entries: [] }))).to.equal('EmptyBatchRequestException');
    expect(refusalOf(() => it.publishBatch({ topicArn: 'none', entries: [] }))).to.equal('NotFoundException');
    expect(refusalOf(() => it.receive(receiveOf({ queueUrl: 'none' })))).to.equal('QueueDoesNotExist');
  });

  it('of batches that are too long in all', () => {
    const it = fixture();
    const { queueUrl, topicArn } = it;
    const two = (bytes: number) => [entryOf('a'), entryOf('b', { body: 'x'.repeat(bytes - 1) })];
    const refusals = (bytes: number): readonly unknown[] => [
      refusalOf(() => it.sendBatch({ queueUrl, entries: two(bytes) })),
      refusalOf(() => it.publishBatch({ topicArn, entries: two(bytes) })),
    ];
    expect(refusals(262_144)).to.deep.equal([undefined, undefined]);
    expect(refusals(262_145)).to.deep.equal([undefined, 'BatchRequestTooLongException']);
    expect(refusals(1_048_576)[0]).to.equal(undefined);
    expect(refusals(1_048_577)[0]).to.equal('BatchRequestTooLong');
  });

  it('of a receive: one that takes its time', () => {
    const it = fixture();
    expect(isObservable(it.receive(receiveOf({ queueUrl: it.queueUrl, waitTimeSeconds: 20 })))).to.equal(true);
  });

  it('find queues of this account, and the attributes that are asked for', () => {
    const it = fixture();
    const { queueUrl } = it;
    expect(it.getQueueUrl({ queueName: 'q' })).to.equal(queueUrl);
    expect(it.getQueueUrl({ queueName: 'q', accountId: ACCOUNT })).to.equal(queueUrl);
    expect(refusalOf(() => it.getQueueUrl({ queueName: 'r' }))).to.equal('QueueDoesNotExist');
    expect(refusalOf(() => it.getQueueUrl({ queueName: 'q', accountId: '210987654321' }))).to.equal(
      'QueueDoesNotExist',
    );
    it.setQueueAttributes({ queueUrl, attributes: { DelaySeconds: '7' } });
    expect(it.getQueueAttributes({ queueUrl, names: ['DelaySeconds', 'None'] })).to.deep.equal({ DelaySeconds: '7' });
    expect(it.getQueueAttributes({ queueUrl, names: ['All'] })).to.include({
      DelaySeconds: '7',
      ApproximateNumberOfMessages: '0',
      QueueArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`,
    });
  });

  it('make subscriptions and change them', () => {
    const it = fixture();
    const queueArn = `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`;
    const subscriptionArn = it.subscribe({ topicArn: it.topicArn, queueArn, attributes: {} });
    it.setSubscriptionAttribute({ subscriptionArn, name: 'RawMessageDelivery', value: 'true' });
    expect(it.getSubscriptionAttributes({ subscriptionArn })).to.deep.equal({ RawMessageDelivery: 'true' });
  });
});
