import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { InvalidMessageError } from '../../src/errors.js';
import { decode } from '../../src/message/decode.js';
import { encode, type EncodedMessage } from '../../src/message/encode.js';
import { type AttributeValues, fifoTopic, topic, type TopicOptions, type Topic } from '../../src/topic.js';
import { raw } from '../helpers/raw.js';

const IsoDate = new t.Type<Date, string>(
  'IsoDate',
  (input): input is Date => input instanceof Date,
  (input, context) => (typeof input === 'string' ? t.success(new Date(input)) : t.failure(input, context)),
  (date) => date.toISOString(),
);
const User = t.type({ id: t.string, born: IsoDate });
const Users = topic('users', User);
const ada = { id: 'ada', born: new Date(0) };

const Anything = topic('anything', t.unknown);

/** A topic of texts that says no more than this. */
const words = (options: TopicOptions<string>) => topic('words', t.string, options);
const attributed = (attributes: unknown) => words({ attributes: () => attributes as AttributeValues });

function sent<A>(of: Topic<A>, value: A): EncodedMessage {
  const encoded = encode(of, value);
  if (E.isLeft(encoded)) throw encoded.left;
  return encoded.right;
}

/** `reason: message` of a refusal, or its message alone; the topic is always told, and no cause is kept. */
function refusal<A>(of: Topic<A>, value: A): string {
  const encoded = encode(of, value);
  if (E.isRight(encoded)) return 'none';
  const error = encoded.left;
  expect(error.topic).to.equal(of.name);
  expect(error.retryable).to.equal(false);
  expect(error.cause).to.equal(undefined);
  return error instanceof InvalidMessageError ? `${error.reason}: ${error.message}` : error.message;
}

const untyped = (value: unknown) => value as never;

function throwing(): never {
  throw new Error('SECRET');
}

describe('encode', () => {
  it('gives the JSON of what the codec encodes to, and its bytes', () => {
    const body = '{"id":"ada","born":"1970-01-01T00:00:00.000Z"}';
    expect(sent(Users, ada)).to.deep.equal({ body, attributes: {}, bytes: body.length });
  });

  describe('refuses a value', () => {
    it('that is not of the codec, by its paths and never the value', () => {
      expect(refusal(Users, untyped({ id: 7, born: 'SECRET' }))).to.equal(
        'validation failed at /id: expected string, /born: expected IsoDate',
      );
    });

    it('whose codec throws, as it looks at the value or encodes it', () => {
      const Looking = new t.Type<string>('Looking', (_): _ is string => throwing(), t.string.validate, t.identity);
      const Encoding = new t.Type<string>('Encoding', t.string.is, t.string.validate, throwing);
      expect(refusal(topic('users', Looking), 'a')).to.equal('validation failed at /: the codec Looking threw');
      expect(refusal(topic('users', Encoding), 'a')).to.equal('validation failed at /: the codec Encoding threw');
    });

    it('that JSON has no text for', () => {
      const text =
        "not-json: the encoded value can't travel as JSON: there is no JSON for undefined, a function or a symbol";
      for (const value of [undefined, throwing, Symbol('SECRET')]) expect(refusal(Anything, value)).to.equal(text);
    });

    it('that JSON.stringify throws at', () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      const text =
        "not-json: the encoded value can't travel as JSON: it has a cycle or a BigInt in it, or its toJSON threw";
      for (const value of [cycle, { big: 1n }, { toJSON: throwing }]) expect(refusal(Anything, value)).to.equal(text);
    });

    it('with a key `__proto__`, wherever it is', () => {
      const text = "not-json: the encoded value can't travel as JSON: a key `__proto__` would be lost";
      expect(refusal(Anything, JSON.parse('{"__proto__":1}'))).to.equal(text);
      expect(refusal(Anything, JSON.parse('[{"a":1,"__proto__":{"b":2}}]'))).to.equal(text);
    });
  });

  it('refuses what a consumer would read as null, though its codec has it for a number', () => {
    const text =
      "not-json: the encoded value can't travel as JSON: NaN, Infinity, an invalid Date or undefined in an array would become null";
    const Measures = topic('measures', t.type({ size: t.number, notes: t.array(t.union([t.string, t.undefined])) }));
    for (const size of [NaN, Infinity, -Infinity]) expect(refusal(Measures, { size, notes: [] })).to.equal(text);
    expect(refusal(Measures, { size: 1, notes: ['null', undefined] })).to.equal(text);
    expect(sent(Measures, { size: 1, notes: ['null'] }).body).to.equal('{"size":1,"notes":["null"]}');
    expect(sent(Anything, [null, { a: null, b: undefined }]).body).to.equal('[null,{"a":null}]');
  });

  // A key with a quote in it was once taken for the key `__proto__`.
  it('takes `__proto__` where it is no key, or not all of it', () => {
    for (const value of ['__proto__', '"__proto__":', ['{"__proto__":1}'], { '"__proto__': 1 }, { __proto__x: 1 }]) {
      expect(JSON.parse(sent(Anything, value).body)).to.deep.equal(value);
    }
  });

  describe('characters', () => {
    it('that SQS refuses are escaped in the body', () => {
      expect(sent(words({}), '\uD800 \uDC00 \0 \uFFFE \uFFFF').body).to.equal(
        '"\\ud800 \\udc00 \\u0000 \\ufffe \\uffff"',
      );
      expect(sent(Anything, { '\uFFFE': 1 }).body).to.equal('{"\\ufffe":1}');
    });

    it('that SQS takes stay as they are', () => {
      expect(sent(words({}), 'é \u{1F600} \uE000 \uFFFD').body).to.equal('"é \u{1F600} \uE000 \uFFFD"');
    });

    it('that SQS refuses are refused in attributes, which have no escapes', () => {
      const text =
        'attributes: attributes: `a`: expected text that is not empty, of characters that SQS takes, a number between ' +
        '1e-128 and 1e126, or bytes';
      for (const odd of ['\uD800', '\uDC00x', '\0', '\u001F', '\uFFFE', '\uFFFF']) {
        expect(refusal(attributed({ a: `x${odd}` }), 'SECRET')).to.equal(text);
      }
      const even = '\t\n\r é \u{1F600} \uE000 \uFFFD';
      expect(sent(attributed({ a: even }), 'x').attributes).to.deep.equal({
        a: { dataType: 'String', stringValue: even },
      });
    });

    it('of another kind are refused in ids and subject', () => {
      for (const odd of ['\uD800', '\uFFFE', '\n', 'é', '\u{1F600}', '']) {
        expect(refusal(words({ groupId: () => odd }), 'x')).to.match(/^groupId: groupId: expected 1 to 128 letters/);
        expect(refusal(words({ subject: () => odd }), 'x')).to.match(/^subject: subject: expected 1 to 99 ASCII/);
      }
    });
  });

  describe('size', () => {
    /** Bytes of the quotes. */
    const QUOTES = 2;

    it('may be 256 KiB, and not a byte more', () => {
      expect(sent(words({}), 'x'.repeat(262_144 - QUOTES)).bytes).to.equal(262_144);
      expect(refusal(words({}), 'x'.repeat(262_145 - QUOTES))).to.equal(
        'too-large: the message has 262145 bytes with its attributes, the topic takes 262144 (maxMessageBytes)',
      );
    });

    it('counts UTF-8 bytes, escapes included', () => {
      expect(sent(words({}), 'é').bytes).to.equal(QUOTES + 2);
      expect(sent(words({}), '\u{1F600}').bytes).to.equal(QUOTES + 4);
      expect(sent(words({}), '\uD800').bytes).to.equal(QUOTES + 6);
      expect(refusal(words({}), 'é'.repeat(131_072))).to.match(/^too-large: the message has 262146 bytes/);
    });

    it('counts name, type and value of each attribute', () => {
      const attributes = () => ({ name: 'é', count: 12, bytes: new Uint8Array(3) });
      const counted = 'nameString'.length + 2 + 'countNumber'.length + 2 + 'bytesBinary'.length + 3;
      expect(sent(words({ attributes }), 'x').bytes).to.equal(QUOTES + 1 + counted);
    });

    it('has the bound that the topic says, attributes included', () => {
      const attributes = () => ({ a: 'b' });
      const bytes = QUOTES + 'x'.length + 'aStringb'.length;
      expect(sent(words({ attributes, maxMessageBytes: bytes }), 'x').bytes).to.equal(bytes);
      expect(refusal(words({ attributes, maxMessageBytes: bytes - 1 }), 'x')).to.equal(
        'too-large: the message has 11 bytes with its attributes, the topic takes 10 (maxMessageBytes)',
      );
      expect(sent(words({ maxMessageBytes: 1_048_576 }), 'x'.repeat(1_048_574)).bytes).to.equal(1_048_576);
    });
  });

  describe('attributes', () => {
    it('are the text, numbers and bytes that the topic gives a value', () => {
      const bytes = new Uint8Array([0, 255]);
      expect(sent(attributed({ text: 'a', count: -1.5, bytes }), 'x').attributes).to.deep.equal({
        text: { dataType: 'String', stringValue: 'a' },
        count: { dataType: 'Number', stringValue: '-1.5' },
        bytes: { dataType: 'Binary', binaryValue: bytes },
      });
    });

    it('may be missing', () => {
      expect(sent(attributed(undefined), 'x').attributes).to.deep.equal({});
    });

    it('that throw are told without what was thrown', () => {
      expect(refusal(words({ attributes: throwing }), 'x')).to.equal(
        'attributes: attributes: the function of the topic threw',
      );
    });
  });

  describe('on a topic of several types', () => {
    const codecs = { 'user.created': User, 'user.deleted': t.type({ id: t.string }) };
    const Account = topic('account', codecs);

    it('sends the data as body, and the type as an attribute', () => {
      const body = '{"id":"ada","born":"1970-01-01T00:00:00.000Z"}';
      expect(sent(Account, { type: 'user.created', data: ada })).to.deep.equal({
        body,
        attributes: { type: { dataType: 'String', stringValue: 'user.created' } },
        bytes: body.length + 'typeStringuser.created'.length,
      });
    });

    it('encodes by the codec of the type, with one type as with several', () => {
      const One = topic('account', { 'user.created': User });
      expect(sent(One, { type: 'user.created' as const, data: ada }).body).to.match(/"1970-01-01T00:00:00.000Z"/);
    });

    it('refuses an unknown type, and data of another type', () => {
      expect(refusal(Account, untyped({ type: 'SECRET', data: {} }))).to.equal(
        'validation failed at /: expected (user.created | user.deleted)',
      );
      expect(refusal(Account, untyped({ type: 'user.deleted', data: { id: 7 } }))).to.equal(
        'validation failed at /data/id: expected string',
      );
    });

    it('refuses data that JSON has no text for', () => {
      const Maybe = topic('maybe', { some: t.unknown });
      expect(refusal(Maybe, { type: 'some', data: undefined })).to.match(/^not-json: /);
    });

    it('has nine attributes left, and not the name of the type', () => {
      const of = (attributes: AttributeValues) => topic('account', codecs, { attributes: () => attributes });
      const deleted = { type: 'user.deleted', data: { id: 'ada' } } as const;
      const named = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${String(n)}`, 1]));
      expect(Object.keys(sent(of(named(9)), deleted).attributes)).to.have.length(10);
      expect(refusal(of(named(10)), deleted)).to.equal(
        'attributes: attributes: expected at most 10, `type` included, got 11',
      );
      expect(refusal(of({ type: 'x' }), deleted)).to.equal(
        'attributes: attributes: `type`: the event type takes this name',
      );
    });
  });

  it('has the ids and the subject of the value', () => {
    const Orders = fifoTopic('orders', t.string, {
      groupId: (order) => `group-${order}`,
      deduplicationId: (order) => `id-${order}`,
      subject: (order) => `Order ${order}`,
    });
    const { groupId, deduplicationId, subject } = sent(Orders, '7');
    expect([groupId, deduplicationId, subject]).to.deep.equal(['group-7', 'id-7', 'Order 7']);
  });

  it('refuses an address before it reads the attributes, and a body before both', () => {
    const options = { groupId: throwing, attributes: throwing };
    expect(refusal(words(options), 'x')).to.equal('groupId: groupId: the function of the topic threw');
    expect(refusal(topic('words', t.unknown, options), undefined)).to.match(/^not-json/);
  });

  describe('of a topic that deduplicates by content', () => {
    const groupId = (): string => 'g';
    const Id = t.type({ id: t.string });

    it('leaves it to SNS where the body is all there is', () => {
      const Ids = fifoTopic('ids', Id, { groupId, contentBasedDeduplication: true });
      expect(sent(Ids, { id: 'a' })).not.to.have.property('deduplicationId');
    });

    it('and has several types says an id of type and data: SNS would take two types with the same data for one event', () => {
      const Account = fifoTopic('account', { made: Id, gone: Id }, { groupId, contentBasedDeduplication: true });
      const ids = (['made', 'gone', 'made'] as const).map(
        (type) => sent(Account, { type, data: { id: 'a' } }).deduplicationId,
      );
      expect(ids[0]).to.match(/^[0-9a-f]{64}$/);
      expect(ids[1]).not.to.equal(ids[0]);
      expect(ids[2]).to.equal(ids[0]);
    });
  });

  it('refuses the attribute in which a dead letter says its reason', () => {
    expect(refusal(attributed({ 'rejection-reason': 'x' }), 'x')).to.equal(
      'attributes: attributes: `rejection-reason`: the dead-letter queue takes this name',
    );
  });

  it('marks a value that is itself a notification of SNS, so that it is not opened on arrival', () => {
    const notification = {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:dev-users',
      Message: '"inside"',
      Timestamp: '2026-01-31T12:00:00.000Z',
    };
    const { body, attributes, bytes } = sent(Anything, notification);
    expect(attributes).to.have.keys('not-an-envelope');
    expect(bytes).to.equal(body.length + 'not-an-envelopeStringtrue'.length);
    const decoded = decode(Anything, raw('m1', { body, attributes }));
    expect(E.map(({ value }: { readonly value: unknown }) => value)(decoded)).to.deep.equal(E.right(notification));
    // Of what travels, not of what the codec gave.
    const dated = { ...notification, Timestamp: new Date(0) };
    expect(sent(Anything, dated).attributes).to.have.keys('not-an-envelope');
    expect(sent(Anything, { ...notification, Timestamp: 'today' }).attributes).to.deep.equal({});
    const attributed = topic('anything', t.unknown, { attributes: () => ({ a: 'b' }) });
    expect(sent(attributed, notification).attributes).to.have.keys('a');
  });
});
