import { expect } from 'chai';
import { readRedrivePolicy } from '../../src/topology/redrivePolicy.js';

const deadLetterTargetArn = 'arn:aws:sqs:eu-west-1:123456789012:users-dlq';

describe('readRedrivePolicy', () => {
  it('reads the count as a number, however SQS gives it', () => {
    const policy = { deadLetterTargetArn, maxReceiveCount: 5 };
    expect(readRedrivePolicy(JSON.stringify(policy))).to.deep.equal(policy);
    expect(readRedrivePolicy(JSON.stringify({ ...policy, maxReceiveCount: '5' }))).to.deep.equal(policy);
  });

  it('reads nothing where no queue is named', () => {
    for (const text of [undefined, '', '{}', '{"deadLetterTargetArn":5}', 'null', '[]', 'not JSON']) {
      expect(readRedrivePolicy(text), text).to.equal(undefined);
    }
  });
});
