import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { runInNewContext } from 'node:vm';
import { attributeBytes, decodeAttributes, encodeAttributes } from '../../src/message/messageAttributes.js';
import type { AttributeValues } from '../../src/topic.js';

const NAME =
  'expected up to 256 letters, digits, `_`, `-` and single inner dots, not beginning with `AWS.` or `Amazon.`';
const VALUE =
  'expected text that is not empty, of characters that SQS takes, a number between 1e-128 and 1e126, or bytes';

const encoded = (values: unknown, type?: string) => encodeAttributes(values as AttributeValues, type);
const count = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`a${index}`, 'x']));

describe('encodeAttributes', () => {
  it('carries text, numbers and bytes, and the type of the event', () => {
    const bytes = Buffer.from([1]);
    expect(encoded({ text: 'a', count: 1, bytes }, 'user.created')).to.deep.equal(
      E.right({
        text: { dataType: 'String', stringValue: 'a' },
        count: { dataType: 'Number', stringValue: '1' },
        bytes: { dataType: 'Binary', binaryValue: bytes },
        type: { dataType: 'String', stringValue: 'user.created' },
      }),
    );
  });

  it('leaves the name `type` to topics without types of their own', () => {
    expect(encoded({ type: 'x' })).to.deep.equal(E.right({ type: { dataType: 'String', stringValue: 'x' } }));
    expect(encoded({ type: 'x' }, 'user.created')).to.deep.equal(E.left('`type`: the event type takes this name'));
  });

  it('carries ten, the type included', () => {
    expect(E.isRight(encoded(count(10)))).to.equal(true);
    expect(encoded(count(11))).to.deep.equal(E.left('expected at most 10, got 11'));
    expect(E.isRight(encoded(count(9), 'x'))).to.equal(true);
    expect(encoded(count(10), 'x')).to.deep.equal(E.left('expected at most 10, `type` included, got 11'));
  });

  describe('names', () => {
    it('are those that AWS takes', () => {
      const names = [
        'a',
        'A_b-9',
        'a.b.c',
        'x'.repeat(256),
        'aws',
        'awsome.x',
        'x.AWS.y',
        'amazon',
        'toString',
        '-',
        '0',
      ];
      for (const name of names) {
        expect(encoded({ [name]: 'x' })).to.deep.equal(E.right({ [name]: { dataType: 'String', stringValue: 'x' } }));
      }
    });

    it('that AWS refuses are told by their position', () => {
      const odd = ['', 'a b', 'a/b', 'é', 'a\n', '\uD800', '.a', 'a.', 'a..b', '.', 'x'.repeat(257)];
      for (const name of [...odd, 'AWS.x', 'aws.x', 'Amazon.x', 'AMAZON.', '__proto__']) {
        expect(
          encoded(
            Object.fromEntries([
              ['fine', 1],
              [name, 'x'],
            ]),
          ),
          name,
        ).to.deep.equal(E.left(`name 2: ${NAME}`));
      }
    });
  });

  describe('values', () => {
    it('are numbers within the range of SQS, as decimal text', () => {
      for (const value of [0, -0, 7, -1.5, 1e126, -1e126, 1e-128, -1e-128, Number.MAX_SAFE_INTEGER]) {
        expect(encoded({ a: value })).to.deep.equal(E.right({ a: { dataType: 'Number', stringValue: String(value) } }));
      }
      for (const value of [NaN, Infinity, -Infinity, 1.1e126, -1.1e126, 9e-129, Number.MIN_VALUE]) {
        expect(encoded({ a: value }), String(value)).to.deep.equal(E.left(`\`a\`: ${VALUE}`));
      }
    });

    it('are bytes of any realm, and no other view of them', () => {
      for (const bytes of [new Uint8Array(1), Buffer.from('a'), runInNewContext('new Uint8Array(1)') as Uint8Array]) {
        expect(E.isRight(encoded({ a: bytes }))).to.equal(true);
      }
      const views = [
        new Uint16Array(1),
        new DataView(new ArrayBuffer(1)),
        new ArrayBuffer(1),
        new Uint8ClampedArray(1),
      ];
      for (const view of views) expect(encoded({ a: view })).to.deep.equal(E.left(`\`a\`: ${VALUE}`));
    });

    it('are not empty, nor anything else', () => {
      for (const value of ['', '\0', '\uD800', new Uint8Array(), null, undefined, true, 1n, {}, [], new String('a')]) {
        expect(encoded({ a: value })).to.deep.equal(E.left(`\`a\`: ${VALUE}`));
      }
    });
  });
});

describe('attributeBytes', () => {
  it('counts UTF-8 of name, type and value', () => {
    expect(attributeBytes({})).to.equal(0);
    expect(
      attributeBytes({
        text: { dataType: 'String', stringValue: 'é\u{1F600}' },
        bytes: { dataType: 'Binary', binaryValue: new Uint8Array(5) },
        none: { dataType: 'Number.int' },
      }),
    ).to.equal('textString'.length + 6 + 'bytesBinary'.length + 5 + 'noneNumber.int'.length);
  });
});

describe('decodeAttributes', () => {
  it('gives text and bytes, and empty text for what has neither', () => {
    const binaryValue = new Uint8Array([1]);
    expect(
      decodeAttributes({
        text: { dataType: 'String.json', stringValue: 'a' },
        count: { dataType: 'Number', stringValue: '1.50' },
        bytes: { dataType: 'Binary', binaryValue },
        none: { dataType: 'String' },
      }),
    ).to.deep.equal({ text: 'a', count: '1.50', bytes: binaryValue, none: '' });
  });

  it('have the bytes of the moment, whatever becomes of them later', () => {
    const bytes = Buffer.from([1, 2, 3]);
    const attributes = encoded({ bytes });
    bytes.fill(0);
    expect(E.isRight(attributes) && [...(attributes.right.bytes?.binaryValue ?? [])]).to.deep.equal([1, 2, 3]);
  });
});
