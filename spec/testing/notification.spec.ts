import { expect } from 'chai';
import { notification } from '../../src/testing/notification.js';
import { at, marbles } from '../helpers/marbles.js';

const PUBLISHED = {
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:users',
  messageId: 'id',
  entry: { id: '0', body: 'b' },
};

describe('notification', () => {
  it('has what SNS knows of any message, and when it was', () => {
    marbles((m) => {
      at(m, 1_500, () => {
        const text = notification({ ...PUBLISHED, entry: { ...PUBLISHED.entry, attributes: {} } });
        expect(JSON.parse(text)).to.deep.equal({
          Type: 'Notification',
          MessageId: 'id',
          TopicArn: PUBLISHED.topicArn,
          Message: 'b',
          Timestamp: '1970-01-01T00:00:01.500Z',
        });
      });
    });
  });

  it('has a subject, a sequence number and attributes, bytes as Base64, where the message has', () => {
    const attributes = {
      text: { dataType: 'String', stringValue: 'ü' },
      count: { dataType: 'Number', stringValue: '5' },
      bytes: { dataType: 'Binary', binaryValue: new Uint8Array([1, 2, 3]) },
      none: { dataType: 'Binary' },
    };
    const text = notification({
      ...PUBLISHED,
      sequenceNumber: '1',
      entry: { ...PUBLISHED.entry, subject: 's', attributes },
    });
    expect(JSON.parse(text)).to.deep.include({
      Subject: 's',
      SequenceNumber: '1',
      MessageAttributes: {
        text: { Type: 'String', Value: 'ü' },
        count: { Type: 'Number', Value: '5' },
        bytes: { Type: 'Binary', Value: 'AQID' },
        none: { Type: 'Binary', Value: '' },
      },
    });
  });
});
