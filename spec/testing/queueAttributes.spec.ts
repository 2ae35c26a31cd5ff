import { expect } from 'chai';
import { changedQueueAttributes, newQueueAttributes } from '../../src/testing/queueAttributes.js';
import { refusalOf } from '../helpers/brokerQueues.js';

const redrive = (name: string, maxReceiveCount: unknown): string =>
  JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:eu-west-1:123456789012:${name}`, maxReceiveCount });
const refusal = (name: string, value: string, isFifo = false): string | undefined =>
  refusalOf(() => changedQueueAttributes({}, { [name]: value }, isFifo));

describe('queueAttributes', () => {
  it('of a new queue have defaults, those of a FIFO queue some more', () => {
    const standard = newQueueAttributes('q', { VisibilityTimeout: '5' });
    expect(standard).to.deep.equal({
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '5',
    });
    expect(newQueueAttributes('q.fifo', { FifoQueue: 'true', VisibilityTimeout: '5' })).to.deep.equal({
      ...standard,
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  it('say FIFO just where the name does', () => {
    expect(refusalOf(() => newQueueAttributes('q.fifo', {}))).to.equal('InvalidParameterValue');
    expect(refusalOf(() => newQueueAttributes('q', { FifoQueue: 'true' }))).to.equal('InvalidParameterValue');
  });

  for (const [name, from, to] of [
    ['DelaySeconds', 0, 900],
    ['KmsDataKeyReusePeriodSeconds', 60, 86_400],
    ['MaximumMessageSize', 1_024, 1_048_576],
    ['MessageRetentionPeriod', 60, 1_209_600],
    ['ReceiveMessageWaitTimeSeconds', 0, 20],
    ['VisibilityTimeout', 0, 43_200],
  ] as const) {
    it(`take ${name} from ${from} to ${to}`, () => {
      const values = [from, to, from - 1, to + 1, from + 0.5].map(String);
      const no = 'InvalidAttributeValue';
      expect(values.map((value) => refusal(name, value))).to.deep.equal([undefined, undefined, no, no, no]);
      expect(refusal(name, 'x')).to.equal(no);
    });
  }

  it('take the words and the JSON that each is made of', () => {
    const no = 'InvalidAttributeValue';
    expect(['true', 'false', 'yes'].map((value) => refusal('SqsManagedSseEnabled', value))).to.deep.equal([
      undefined,
      undefined,
      no,
    ]);
    expect(refusal('KmsMasterKeyId', 'alias/any')).to.equal(undefined);
    for (const name of ['Policy', 'RedriveAllowPolicy']) {
      expect(['{"a":1}', '', '{', '5', 'null', '[]'].map((value) => refusal(name, value))).to.deep.equal([
        undefined,
        undefined,
        no,
        no,
        no,
        no,
      ]);
    }
    expect(refusal('RedrivePolicy', 'x')).to.equal(no);
    expect(refusal('ContentBasedDeduplication', 'no', true)).to.equal(no);
    expect(refusal('DeduplicationScope', 'group', true)).to.equal(no);
    expect(refusal('FifoQueue', 'false', true)).to.equal(no);
    expect(refusal('FifoThroughputLimit', 'none', true)).to.equal(no);
  });

  it('are those of the kind of queue', () => {
    expect(refusal('ContentBasedDeduplication', 'true')).to.equal('InvalidAttributeName');
    expect(refusal('Nonsense', 'true', true)).to.equal('InvalidAttributeName');
    expect(refusal('constructor', 'true')).to.equal('InvalidAttributeName');
  });

  it('limit by group only what is deduplicated by group', () => {
    const byGroup = { FifoThroughputLimit: 'perMessageGroupId' };
    const scoped = { ...byGroup, DeduplicationScope: 'messageGroup' };
    expect(refusalOf(() => changedQueueAttributes({}, byGroup, true))).to.equal('InvalidAttributeValue');
    expect(changedQueueAttributes({}, scoped, true)).to.deep.equal(scoped);
    expect(refusalOf(() => changedQueueAttributes(scoped, { DeduplicationScope: 'queue' }, true))).to.equal(
      'InvalidAttributeValue',
    );
  });

  it('name dead-letter queues of the same kind, and 1 to 1,000 receives', () => {
    const no = 'InvalidParameterValue';
    const values = [redrive('d', 1), redrive('d', '1000'), redrive('d', 0), redrive('d', 1_001), redrive('d.fifo', 5)];
    expect(values.map((value) => refusal('RedrivePolicy', value))).to.deep.equal([undefined, undefined, no, no, no]);
    expect(refusal('RedrivePolicy', redrive('d', 5), true)).to.equal(no);
    expect(refusal('RedrivePolicy', redrive('d.fifo', 5), true)).to.equal(undefined);
    expect(refusal('RedrivePolicy', '{}')).to.equal(no);
  });

  it('change what is said, and go away by an empty text', () => {
    const changed = changedQueueAttributes(
      { Policy: '{}', DelaySeconds: '1' },
      { Policy: '', VisibilityTimeout: '2' },
      false,
    );
    expect(changed).to.deep.equal({ DelaySeconds: '1', VisibilityTimeout: '2' });
  });
});
