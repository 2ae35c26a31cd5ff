import { expect } from 'chai';
import type { RawAttribute, RawAttributes } from '../../src/message/rawMessage.js';
import type { Behaviour, Theme } from './behaviour.js';
import { bytes, manyAttributes, number, plain, text } from './drafts.js';

const REFUSED: Readonly<Record<string, string>> = {
  'a null character': '\u0000',
  'a vertical tab': '\u000b',
  'U+FFFE': '\ufffe',
  'half of a surrogate pair': '\ud800',
};

const refusedBySqs = ([what, character]: readonly [string, string]): Behaviour => ({
  name: `SQS refuses a body with ${what}`,
  *script({ queue, sendFault, nothing }) {
    const target = yield* queue();
    expect(yield* sendFault(target, `body ${character}`)).to.equal('InvalidMessageContents');
    yield* nothing(target);
  },
});

const refusedBySns = ([what, character]: readonly [string, string]): Behaviour => ({
  name: `SNS refuses a body with ${what}`,
  // SQS is spoken to in JSON, which can write half of a pair; SNS in a form, which can not.
  emulator: /[\ud800-\udfff]/.test(character)
    ? 'the SDK: can not write half of a pair, so that the call fails'
    : 'fauxqs: publishes whatever characters',
  *script({ topic, publishFault }) {
    expect(yield* publishFault(yield* topic(), `body ${character}`)).to.equal('InvalidParameter');
  },
});

const carried = (what: string, body: string, emulator?: string): Behaviour => ({
  name: `a body of ${what} is carried as it is, by SQS and through SNS`,
  ...(emulator === undefined ? {} : { emulator }),
  *script({ topic, queue, subscribe, publish, send, takeOne }) {
    const topicArn = yield* topic();
    const [direct, subscribed] = [yield* queue(), yield* queue()];
    yield* subscribe(topicArn, subscribed, { RawMessageDelivery: 'true' });
    yield* send(direct, body);
    yield* publish(topicArn, body);
    for (const target of [direct, subscribed]) expect((yield* takeOne(target)).body).to.equal(body);
  },
});

const CARELESS = 'fauxqs: looks at no attribute';

const badAttributes = (what: string, attributes: RawAttributes): Behaviour => ({
  name: `${what} is refused by SQS`,
  emulator: CARELESS,
  *script({ queue, sendFault }) {
    expect(yield* sendFault(yield* queue(), { body: 'body', attributes })).to.equal('InvalidParameterValue');
  },
});

const badAttribute = (what: string, name: string, attribute: RawAttribute): readonly Behaviour[] => [
  badAttributes(what, { [name]: attribute }),
  {
    name: `${what} is refused by SNS`,
    emulator: CARELESS,
    *script({ topic, publishFault }) {
      const draft = { body: 'body', attributes: { [name]: attribute } };
      expect(yield* publishFault(yield* topic(), draft)).to.equal('InvalidParameter');
    },
  },
];

export const contents: Theme = {
  name: 'contents',
  behaviours: [
    ...Object.entries(REFUSED).flatMap((each) => [refusedBySqs(each), refusedBySns(each)]),
    carried('quotes, angle brackets and line ends', '"<&>\' \t\r\n %41 + \\u0041'),
    carried('letters of many scripts', 'ä ß 漢字 \ud7ff \ue000 \ufffd'),
    carried('characters beyond U+FFFF', '😀', 'fauxqs: refuses what takes a surrogate pair'),
    {
      name: 'ten attributes of every type are carried as they are',
      *script({ queue, send, takeOne }) {
        const target = yield* queue();
        const attributes = {
          ...manyAttributes(6),
          'dotted.name': text('ü'),
          number: number(-0.5),
          labelled: { dataType: 'Number.int', stringValue: '7' },
          bytes: bytes(0, 128, 255),
        };
        yield* send(target, { body: 'body', attributes });
        expect(plain((yield* takeOne(target)).attributes)).to.deep.equal(plain(attributes));
      },
    },
    badAttributes('an eleventh attribute', manyAttributes(11)),
    ...badAttribute('a name that begins with AWS.', 'AWS.name', text('value')),
    ...badAttribute('a name that begins with amazon.', 'amazon.name', text('value')),
    ...badAttribute('a name with two dots on end', 'a..b', text('value')),
    ...badAttribute('a name that ends with a dot', 'a.', text('value')),
    ...badAttribute('a name with a space', 'a b', text('value')),
    ...badAttribute('a name of 257 characters', 'a'.repeat(257), text('value')),
    ...badAttribute('an empty value', 'name', text('')),
    ...badAttribute('a type that is none', 'name', { dataType: 'Text', stringValue: 'value' }),
    ...badAttribute('a number that is none', 'name', { dataType: 'Number', stringValue: 'seven' }),
  ],
};
