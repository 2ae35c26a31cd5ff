import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import {
  InvalidMessageError,
  type MessagingError,
  SubscriptionNotFoundError,
  ValidationFailedError,
} from '../../src/errors.js';
import { decode } from '../../src/message/decode.js';
import { encode, type EncodedMessage } from '../../src/message/encode.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { type Topic, topic } from '../../src/topic.js';
import { raw } from '../helpers/raw.js';

const IsoDate = new t.Type<Date, string>(
  'IsoDate',
  (input): input is Date => input instanceof Date,
  (input, context) => (typeof input === 'string' ? t.success(new Date(input)) : t.failure(input, context)),
  (date) => date.toISOString(),
);
const User = t.type({ id: t.string, born: IsoDate });
const Users = topic('users', User);
const Account = topic('account', { 'user.created': User, 'user.deleted': t.type({ id: t.string }) });

/** What every error of these specs says of its message. */
const of = (topicName: string) => ({ topic: topicName, messageId: 'm1' });

// As JSON, for chai compares no more of an error than name and message; a cause would be told too.
const refused = (error: MessagingError) => E.left(error.toJSON());
const read = <A>(from: Topic<A>, message: RawMessage) =>
  E.mapLeft((error: MessagingError) => error.toJSON())(decode(from, message));

const received = (body: unknown, more: Partial<RawMessage> = {}) => raw('m1', { body: JSON.stringify(body), ...more });
const typed = (stringValue: string) => ({ attributes: { type: { dataType: 'String', stringValue } } });

/** A message as SQS gives it after raw delivery. */
const asRaw = ({ body, attributes }: EncodedMessage): RawMessage => raw('m1', { body, attributes });

/** A message as SQS gives it in SNS's envelope. */
function asEnveloped({ body, attributes }: EncodedMessage): RawMessage {
  const inside = Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue = [] }]) => [
    name,
    { Type: dataType, Value: stringValue ?? Buffer.from(binaryValue).toString('base64') },
  ]);
  return received({
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:dev-users',
    Message: body,
    Timestamp: '2026-01-31T12:00:00.000Z',
    ...(inside.length > 0 ? { MessageAttributes: Object.fromEntries(inside) as unknown } : {}),
  });
}

describe('decode', () => {
  it('reads a value by its codec, with the attributes of the message', () => {
    const message = received({ id: 'ada', born: '1970-01-01T00:00:00.000Z' }, typed('any'));
    expect(read(Users, message)).to.deep.equal(
      E.right({ value: { id: 'ada', born: new Date(0) }, attributes: { type: 'any' } }),
    );
  });

  it('refuses what is not JSON', () => {
    const error = new InvalidMessageError('not-json', 'the body is not JSON', of('users'));
    expect(read(Users, raw('m1', { body: 'SECRET' }))).to.deep.equal(refused(error));
  });

  it('refuses a wrong shape by its paths, never the value', () => {
    const error = new ValidationFailedError(['/id: expected string', '/born: expected IsoDate'], of('users'));
    expect(read(Users, received({ id: 7, born: ['SECRET'] }))).to.deep.equal(refused(error));
    expect(read(Users, received(null))).to.deep.equal(
      refused(new ValidationFailedError(['/: expected { id: string, born: IsoDate }'], of('users'))),
    );
  });

  it('refuses where the codec throws, without what it threw', () => {
    const Throwing = new t.Type<string>(
      'Throwing',
      t.string.is,
      () => {
        throw new Error('SECRET');
      },
      t.identity,
    );
    const error = new ValidationFailedError(['/: the codec Throwing threw'], of('users'));
    expect(read(topic('users', Throwing), received('a'))).to.deep.equal(refused(error));
  });

  describe('on a topic of several types', () => {
    const deleted = { value: { type: 'user.deleted', data: { id: 'ada' } }, type: 'user.deleted' };

    it('takes the type from the attribute, and the data from the body', () => {
      expect(read(Account, received({ id: 'ada' }, typed('user.deleted')))).to.deep.equal(
        E.right({ ...deleted, attributes: { type: 'user.deleted' } }),
      );
    });

    it('takes both from the body where no attribute says the type', () => {
      expect(read(Account, received(deleted.value))).to.deep.equal(E.right({ ...deleted, attributes: {} }));
    });

    it('goes by the attribute where both say a type', () => {
      const error = new ValidationFailedError(['/data/id: expected string'], of('account'));
      expect(read(Account, received(deleted.value, typed('user.deleted')))).to.deep.equal(refused(error));
    });

    it('has no event of an unknown type', () => {
      const error = new SubscriptionNotFoundError('the topic has no event of this type', of('account'));
      expect(read(Account, received({ id: 'ada' }, typed('SECRET')))).to.deep.equal(refused(error));
      expect(read(Account, received({ type: 'SECRET', data: 1 }))).to.deep.equal(refused(error));
      expect(read(Account, received({ type: 'toString', data: 1 }))).to.deep.equal(refused(error));
    });

    it('refuses what says no type', () => {
      const error = new InvalidMessageError(
        'no-type',
        'neither an attribute nor a field `type` names the event',
        of('account'),
      );
      for (const body of [{ id: 'ada' }, { type: 7 }, null, 'user.deleted', []]) {
        expect(read(Account, received(body))).to.deep.equal(refused(error));
      }
      const bytes = { attributes: { type: { dataType: 'Binary', binaryValue: new Uint8Array([7]) } } };
      expect(read(Account, received(deleted.value, bytes))).to.deep.equal(refused(error));
    });

    it('refuses data of another type, by its paths', () => {
      const error = new ValidationFailedError(['/data/born: expected IsoDate'], of('account'));
      expect(read(Account, received({ id: 'ada' }, typed('user.created')))).to.deep.equal(refused(error));
    });
  });

  describe('gives back what was encoded', () => {
    function expectSame<A>(of: Topic<A>, value: A, deliver: (encoded: EncodedMessage) => RawMessage): void {
      const encoded = encode(of, value);
      if (E.isLeft(encoded)) throw encoded.left;
      const decoded = decode(of, deliver(encoded.right));
      if (E.isLeft(decoded)) throw decoded.left;
      expect(decoded.right.value).to.deep.equal(value);
    }

    /** Half of the code units are surrogates of any order, and what SQS refuses. */
    const oddText = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom(...'\uD800\uDFFF\0\uFFFE"\\/'.split('')),
      ),
    });
    const date = fc.date({ noInvalidDate: true });
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((size) => (size === 0 ? 0 : size));
    const key = oddText.filter((text) => text !== '__proto__');

    const Everything = t.type({
      text: t.string,
      at: IsoDate,
      size: t.number,
      maybe: t.union([t.null, t.boolean, t.type({ at: IsoDate })]),
      items: t.array(t.tuple([t.number, t.string])),
      named: t.record(t.string, t.string),
    });
    const everything = fc.record(
      {
        text: oddText,
        at: date,
        size: number,
        maybe: fc.oneof(fc.constant(null), fc.boolean(), fc.record({ at: date })),
        items: fc.array(fc.tuple(number, oddText)),
        named: fc.dictionary(key, oddText, { noNullPrototype: true }),
      },
      { noNullPrototype: true },
    );

    for (const [delivery, deliver] of Object.entries({ raw: asRaw, enveloped: asEnveloped })) {
      it(`${delivery}, whatever it is`, () => {
        const Plain = topic('everything', Everything);
        fc.assert(fc.property(everything, (value) => expectSame(Plain, value, deliver)));
      });

      it(`${delivery}, on a topic of several types`, () => {
        const Several = topic('several', { everything: Everything, text: t.string });
        const event = fc.oneof(
          everything.map((data) => ({ type: 'everything', data }) as const),
          oddText.map((data) => ({ type: 'text', data }) as const),
        );
        fc.assert(fc.property(event, (value) => expectSame(Several, value, deliver)));
      });

      it(`${delivery}, with its attributes`, () => {
        const bytes = new Uint8Array([0, 128, 255]);
        const Rich = topic('rich', t.string, { attributes: () => ({ text: 'é', count: 1.5, bytes }) });
        const encoded = encode(Rich, 'x');
        if (E.isLeft(encoded)) throw encoded.left;
        expect(decode(Rich, deliver(encoded.right))).to.deep.equal(
          E.right({ value: 'x', attributes: { text: 'é', count: '1.5', bytes } }),
        );
      });
    }
  });
});
