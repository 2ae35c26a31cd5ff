import { expect } from 'chai';
import { inspect } from 'node:util';
import {
  batchResponse,
  given,
  givenAttributes,
  publishResponse,
  rawMessage,
  receivedMessages,
  sdkAttributes,
} from '../../src/client/wire.js';
import type { RawAttributes } from '../../src/message/rawMessage.js';

describe('receivedMessages', () => {
  it('reads each message', () => {
    const read = receivedMessages({ Messages: [{ MessageId: 'm-1' }, { MessageId: 'm-2' }] });
    expect(read.map(({ messageId }) => messageId)).to.deep.equal(['m-1', 'm-2']);
  });

  it('reads an answer without messages', () => {
    expect(receivedMessages({})).to.deep.equal([]);
    expect(receivedMessages({ Messages: null })).to.deep.equal([]);
  });
});

describe('rawMessage', () => {
  it('reads bytes as JSON carries them', () => {
    const { attributes } = rawMessage({
      MessageAttributes: {
        raw: { DataType: 'Binary', BinaryValue: 'AQL/' },
        none: { DataType: 'Binary', BinaryValue: '' },
      },
    });
    expect(attributes.raw?.binaryValue).to.deep.equal(Uint8Array.of(1, 2, 255));
    expect(attributes.none?.binaryValue).to.deep.equal(Uint8Array.of());
  });

  it('reads a message of a FIFO queue', () => {
    expect(
      rawMessage({
        MessageId: 'm-1',
        ReceiptHandle: 'r-1',
        Body: '{"a":1}',
        Attributes: {
          SentTimestamp: '1735689600123',
          ApproximateReceiveCount: '3',
          MessageGroupId: 'customer-7',
          MessageDeduplicationId: 'order-9',
          SequenceNumber: '18870000000000000001',
          SenderId: 'AIDA',
        },
        MessageAttributes: {
          type: { DataType: 'String', StringValue: 'user.created' },
          count: { DataType: 'Number.int', StringValue: '7' },
          raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
        },
      }),
    ).to.deep.equal({
      messageId: 'm-1',
      receiptHandle: 'r-1',
      body: '{"a":1}',
      attributes: {
        type: { dataType: 'String', stringValue: 'user.created', binaryValue: undefined },
        count: { dataType: 'Number.int', stringValue: '7', binaryValue: undefined },
        raw: { dataType: 'Binary', stringValue: undefined, binaryValue: Uint8Array.of(1, 2) },
      },
      sentTimestamp: 1_735_689_600_123,
      receiveCount: 3,
      groupId: 'customer-7',
      deduplicationId: 'order-9',
      sequenceNumber: '18870000000000000001',
    });
  });

  it('reads a message of which everything is missing', () => {
    expect(rawMessage({})).to.deep.equal({
      messageId: '',
      receiptHandle: '',
      body: '',
      attributes: {},
      sentTimestamp: undefined,
      receiveCount: 1,
      groupId: undefined,
      deduplicationId: undefined,
      sequenceNumber: undefined,
    });
  });

  for (const [count, expected] of [
    ['0', 1],
    ['-2', 1],
    ['many', 1],
    ['', 1],
    ['2.7', 2],
    ['12', 12],
  ] as const) {
    it(`takes a receive count of "${count}" for ${expected}`, () => {
      expect(rawMessage({ Attributes: { ApproximateReceiveCount: count } }).receiveCount).to.equal(expected);
    });
  }

  for (const time of ['', '0', 'yesterday', '-5']) {
    it(`takes "${time}" for no time`, () => {
      expect(rawMessage({ Attributes: { SentTimestamp: time } }).sentTimestamp).to.equal(undefined);
    });
  }

  it('takes an attribute without a type for a text', () => {
    expect(
      rawMessage({ MessageAttributes: { a: { DataType: undefined, StringValue: 'x' } } }).attributes,
    ).to.deep.equal({
      a: { dataType: 'String', stringValue: 'x', binaryValue: undefined },
    });
  });

  it('keeps an attribute named as only objects have one', () => {
    const received: unknown = JSON.parse('{"__proto__":{"DataType":"String","StringValue":"x"}}');
    // What JSON.parse gives is of the shape SQS sends.
    const { attributes } = rawMessage({ MessageAttributes: received as Record<string, { DataType: string }> });
    expect(Object.keys(attributes)).to.deep.equal(['__proto__']);
    expect(Object.getPrototypeOf(attributes)).to.equal(Object.prototype);
  });
});

describe('null in AWS JSON', () => {
  it('is what is missing, in a message', () => {
    expect(rawMessage({ MessageId: 'm', Body: null, Attributes: null, MessageAttributes: null })).to.deep.equal(
      rawMessage({ MessageId: 'm' }),
    );
    expect(receivedMessages({ Messages: [null, { MessageId: 'm' }] })).to.have.length(1);
  });

  it('is what is missing, in attributes', () => {
    const { attributes, sequenceNumber } = rawMessage({
      Attributes: { SequenceNumber: null },
      MessageAttributes: { a: { DataType: null, StringValue: 'x', BinaryValue: null }, b: null },
    });
    expect(attributes).to.deep.equal({ a: { dataType: 'String', stringValue: 'x', binaryValue: undefined } });
    expect(sequenceNumber).to.equal(undefined);
  });

  it('is what is missing, in a batch', () => {
    expect(batchResponse({ Successful: [{ Id: '0' }, null], Failed: null })).to.deep.equal({
      successful: [{ id: '0' }],
      failed: [],
    });
    expect(batchResponse({ Successful: null, Failed: [{ Id: '0', Code: null, SenderFault: null }] })).to.deep.equal({
      successful: [],
      failed: [{ id: '0', code: 'Unknown', senderFault: false }],
    });
    expect(publishResponse({ Successful: [{ Id: '0', MessageId: null }], Failed: null })).to.deep.equal({
      successful: [],
      failed: [],
    });
  });
});

describe('sdkAttributes', () => {
  it('leaves none at all out', () => {
    expect(sdkAttributes({})).to.equal(undefined);
  });

  it('gives back what rawMessage read', () => {
    const attributes: RawAttributes = {
      type: { dataType: 'String', stringValue: 'user.created', binaryValue: undefined },
      raw: { dataType: 'Binary', stringValue: undefined, binaryValue: Uint8Array.of(255) },
    };
    const sent = sdkAttributes(attributes);
    expect(sent).to.deep.equal({
      type: { DataType: 'String', StringValue: 'user.created', BinaryValue: undefined },
      raw: { DataType: 'Binary', StringValue: undefined, BinaryValue: Uint8Array.of(255) },
    });
    expect(rawMessage({ MessageAttributes: sent }).attributes).to.deep.equal(attributes);
  });
});

describe('batchResponse', () => {
  it('tells the truth of each entry', () => {
    expect(
      batchResponse({
        Successful: [{ Id: 'a' }, {}],
        Failed: [{ Id: 'b', Code: 'InternalError', SenderFault: false }, { Id: 'c', SenderFault: true }, {}],
      }),
    ).to.deep.equal({
      successful: [{ id: 'a' }, { id: '' }],
      failed: [
        { id: 'b', code: 'InternalError', senderFault: false },
        { id: 'c', code: 'Unknown', senderFault: true },
        { id: '', code: 'Unknown', senderFault: false },
      ],
    });
  });

  it('makes no truth of an answer that has none', () => {
    expect(batchResponse({})).to.deep.equal({ successful: [], failed: [] });
    expect(publishResponse({})).to.deep.equal({ successful: [], failed: [] });
  });

  it('keeps the ids SNS gave; without one there is no receipt', () => {
    expect(
      publishResponse({
        Successful: [{ Id: 'a', MessageId: 'm-1', SequenceNumber: '10' }, { Id: 'b', MessageId: 'm-2' }, {}],
        Failed: [{ Id: 'c', Code: 'InvalidParameter', SenderFault: true }],
      }),
    ).to.deep.equal({
      successful: [
        { id: 'a', messageId: 'm-1', sequenceNumber: '10' },
        { id: 'b', messageId: 'm-2', sequenceNumber: undefined },
      ],
      failed: [{ id: 'c', code: 'InvalidParameter', senderFault: true }],
    });
  });
});

describe('given', () => {
  it('hands a text through', () => {
    expect(given('https://sqs.eu-west-1.amazonaws.com/1/q')).to.equal('https://sqs.eu-west-1.amazonaws.com/1/q');
  });

  for (const field of [undefined, '', null, 5, {}, ['a']]) {
    it(`refuses ${inspect(field)}`, () => {
      expect(() => given(field)).to.throw();
    });
  }
});

describe('givenAttributes', () => {
  it('hands attributes through, empty ones too', () => {
    expect(givenAttributes({ QueueArn: 'arn', KmsMasterKeyId: '' })).to.deep.equal({
      QueueArn: 'arn',
      KmsMasterKeyId: '',
    });
  });

  it('takes an answer without any for none', () => {
    expect(givenAttributes(undefined)).to.deep.equal({});
  });

  it('refuses what is no text', () => {
    expect(() => givenAttributes({ QueueArn: { deep: 1 } })).to.throw();
    expect(() => givenAttributes({ QueueArn: undefined })).to.throw();
  });
});
