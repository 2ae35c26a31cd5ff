import { expect } from 'chai';
import fc from 'fast-check';
import { arnOf, placeOf } from '../../src/topology/arn.js';

describe('arn', () => {
  it('reads a name, an ARN and a queue URL', () => {
    expect(placeOf('users')).to.deep.equal({ name: 'users' });
    expect(placeOf('arn:aws:sqs:eu-west-1:123456789012:users.fifo')).to.deep.equal({
      name: 'users.fifo',
      arn: 'arn:aws:sqs:eu-west-1:123456789012:users.fifo',
      region: 'eu-west-1',
      accountId: '123456789012',
    });
    expect(placeOf('https://sqs.eu-west-1.amazonaws.com/123456789012/users')).to.deep.equal({
      name: 'users',
      url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/users',
      accountId: '123456789012',
    });
    expect(placeOf('http://localhost:9324/queue/users')).to.deep.equal({
      name: 'users',
      url: 'http://localhost:9324/queue/users',
    });
  });

  it('reads what is cut short as what is there', () => {
    expect(placeOf('arn:')).to.deep.equal({ name: '', arn: 'arn:', region: '', accountId: '' });
    expect(placeOf('https://localhost')).to.deep.equal({ name: '', url: 'https://localhost' });
  });

  it('names the partition of the region', () => {
    const partitions = {
      'eu-west-1': 'aws',
      'us-east-1': 'aws',
      'cn-northwest-1': 'aws-cn',
      'us-gov-east-1': 'aws-us-gov',
      'us-iso-east-1': 'aws-iso',
      'us-isob-east-1': 'aws-iso-b',
      'eu-isoe-west-1': 'aws-iso-e',
      'us-isof-south-1': 'aws-iso-f',
      'eusc-de-east-1': 'aws-eusc',
    };
    for (const [region, partition] of Object.entries(partitions)) {
      expect(arnOf('sns', region, '123456789012', 'users')).to.equal(
        `arn:${partition}:sns:${region}:123456789012:users`,
      );
    }
  });

  it('reads back what it wrote', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/);
    fc.assert(
      fc.property(name, (queue) => {
        const arn = arnOf('sqs', 'eu-west-1', '123456789012', queue);
        expect(placeOf(arn)).to.deep.equal({ name: queue, arn, region: 'eu-west-1', accountId: '123456789012' });
      }),
    );
  });
});
