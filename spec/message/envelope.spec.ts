import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { InvalidMessageError } from '../../src/errors.js';
import { readEnvelope } from '../../src/message/envelope.js';
import { raw } from '../helpers/raw.js';

/** A notification as SNS writes it. */
const NOTIFICATION = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:eu-west-1:123456789012:dev-users',
  Subject: 'About',
  Message: '{"id":"ada"}',
  Timestamp: '2026-01-31T12:00:00.000Z',
  SignatureVersion: '1',
  Signature: 'SIGNATURE',
  SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/x.pem',
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
};

const read = (body: unknown) => readEnvelope(raw('m1', { body: JSON.stringify(body) }));
const json = (body: unknown) => E.map(({ json }: { readonly json: unknown }) => json)(read(body));
/** What is inside the notification. */
const OPENED = E.right({ id: 'ada' });

describe('readEnvelope', () => {
  it('opens a notification', () => {
    expect(read(NOTIFICATION)).to.deep.equal(E.right({ body: '{"id":"ada"}', json: { id: 'ada' }, attributes: {} }));
  });

  it('opens one without a subject and a signature, as FIFO topics and emulators send it', () => {
    const { Type, MessageId, TopicArn, Message, Timestamp } = NOTIFICATION;
    expect(json({ Type, MessageId, TopicArn, Message, Timestamp })).to.deep.equal(OPENED);
  });

  it('opens one of a FIFO topic, of another partition, with no fraction of a second', () => {
    const arns = ['arn:aws:sns:eu-west-1:123456789012:o.fifo', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:o'];
    for (const TopicArn of arns) {
      const fifo = {
        ...NOTIFICATION,
        TopicArn,
        SequenceNumber: '10000000000000000000',
        Timestamp: '2026-01-31T12:00:00Z',
      };
      expect(json(fifo)).to.deep.equal(OPENED);
    }
  });

  it('reads the attributes inside, bytes out of base64, and leaves out what is none', () => {
    const MessageAttributes = {
      text: { Type: 'String', Value: 'a' },
      empty: { Type: 'String', Value: '' },
      count: { Type: 'Number', Value: '1.50' },
      bytes: { Type: 'Binary', Value: 'AP8=' },
      valueless: { Type: 'String' },
      numeric: { Type: 'Number', Value: 1 },
      nothing: null,
    };
    const attributes = { text: 'a', empty: '', count: '1.50', bytes: new Uint8Array([0, 255]) };
    expect(read({ ...NOTIFICATION, MessageAttributes })).to.deep.equal(
      E.right({ body: '{"id":"ada"}', json: { id: 'ada' }, attributes }),
    );
    for (const none of [null, 'SECRET', 7]) {
      const opened = read({ ...NOTIFICATION, MessageAttributes: none });
      expect(E.isRight(opened) && opened.right.attributes).to.deep.equal({});
    }
  });

  describe('leaves as it is', () => {
    it('what was delivered raw', () => {
      const attributes = { text: { dataType: 'String', stringValue: 'a' } };
      expect(readEnvelope(raw('m1', { body: '[1]', attributes }))).to.deep.equal(
        E.right({ body: '[1]', json: [1], attributes: { text: 'a' } }),
      );
    });

    it('a whole notification that has SQS attributes: it is a payload, for in an envelope they are inside', () => {
      const body = JSON.stringify(NOTIFICATION);
      const attributes = { kind: { dataType: 'Binary', binaryValue: new Uint8Array([7]) } };
      expect(readEnvelope(raw('m1', { body, attributes }))).to.deep.equal(
        E.right({ body, json: NOTIFICATION, attributes: { kind: new Uint8Array([7]) } }),
      );
    });

    it('a payload that lacks a field of a notification', () => {
      for (const name of ['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp'] as const) {
        const { [name]: _, ...rest } = NOTIFICATION;
        expect(json(rest), name).to.deep.equal(E.right(rest));
      }
    });

    it('a payload of which a field is not in the form of SNS', () => {
      const odd = {
        Type: ['SubscriptionConfirmation', 'Notification2', ' Notification', ['Notification']],
        MessageId: ['22b80b92', '22B80B92-FDEA-4C2C-8F9D-BDFB0C7BF324', `${NOTIFICATION.MessageId}0`, 7],
        TopicArn: ['dev-users', 'arn:aws:sqs:eu-west-1:123456789012:dev-users', `${NOTIFICATION.TopicArn}:more`, null],
        Message: [{ id: 'ada' }, null, 7],
        Timestamp: ['2026-01-31', '2026-01-31T12:00:00.000+01:00', 1_769_860_800_000],
      };
      for (const [name, values] of Object.entries(odd)) {
        for (const value of values) {
          const payload = { ...NOTIFICATION, [name]: value };
          expect(json(payload), name).to.deep.equal(E.right(payload));
        }
      }
    });

    it('a payload that only happens to say `Type` and `Message`', () => {
      const payload = { Type: 'Notification', Message: 'hello' };
      expect(json(payload)).to.deep.equal(E.right(payload));
    });

    it('JSON that is no object', () => {
      for (const payload of [null, 'Notification', 7, true, [], [NOTIFICATION]]) {
        expect(json(payload)).to.deep.equal(E.right(payload));
      }
    });
  });

  it('opens one envelope, not the next', () => {
    const inner = JSON.stringify(NOTIFICATION);
    expect(json({ ...NOTIFICATION, Message: inner })).to.deep.equal(E.right(NOTIFICATION));
  });

  it('refuses what is not JSON, in an envelope or out of it, and says nothing of it', () => {
    const error = new InvalidMessageError('not-json', 'the body is not JSON', { topic: 'users', messageId: 'm1' });
    const inside = JSON.stringify({ ...NOTIFICATION, Message: 'SECRET' });
    for (const body of ['', 'SECRET', '{"a":', "{'a':1}", inside]) {
      const result = readEnvelope(raw('m1', { body }), 'users');
      // As JSON, for chai compares no more of an error than name and message; a cause would be told too.
      expect(E.isLeft(result) && result.left.toJSON()).to.deep.equal(error.toJSON());
    }
  });

  it('leaves `__proto__` keys out, in an envelope or out of it', () => {
    const inside = JSON.stringify({ ...NOTIFICATION, Message: '{"a":1,"__proto__":{"b":2}}' });
    for (const body of ['{"a":1,"__proto__":{"b":2}}', inside]) {
      const result = readEnvelope(raw('m1', { body }));
      expect(E.isRight(result) && result.right.json).to.deep.equal({ a: 1 });
    }
  });

  it('opens one that has got attributes on its way to a dead-letter queue only: by reject, or by SNS', () => {
    const text = { dataType: 'String', stringValue: 'x' };
    for (const name of ['rejection-reason', 'ErrorCode']) {
      const attributes = { [name]: text };
      const opened = readEnvelope(raw('m1', { body: JSON.stringify(NOTIFICATION), attributes }));
      expect(E.map(({ json: inside }: { readonly json: unknown }) => inside)(opened)).to.deep.equal(OPENED);
      const others = { ...attributes, tenant: text };
      const left = readEnvelope(raw('m1', { body: JSON.stringify(NOTIFICATION), attributes: others }));
      expect(E.map(({ json: inside }: { readonly json: unknown }) => inside)(left)).to.deep.equal(
        E.right(NOTIFICATION),
      );
    }
  });
});
