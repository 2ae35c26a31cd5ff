import { expect } from 'chai';
import fc from 'fast-check';
import { isCarried } from '../../src/message/characters.js';
import { hasLostKey, hasLostValue, readJson, writeJson } from '../../src/message/json.js';

describe('json', () => {
  it('is of characters that SQS takes, and says the same, whatever the value', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    fc.assert(
      fc.property(text, (value) => {
        const written = writeJson({ [`-${value}`]: value }) ?? '';
        expect(isCarried(written)).to.equal(true);
        expect(readJson(written)).to.deep.equal({ [`-${value}`]: value });
      }),
    );
  });

  it('is as JSON.stringify writes it but for U+FFFE and U+FFFF', () => {
    expect(writeJson(['\uFFFE', '\uFFFF', '\uFFFD', 'é'])).to.equal('["\\ufffe","\\uffff","\uFFFD","é"]');
    expect(writeJson(undefined)).to.equal(undefined);
  });

  describe('readJson', () => {
    it('leaves `__proto__` out at every depth, however it is spelt', () => {
      for (const key of ['__proto__', '\\u005f_proto__', '__prot\\u006F__']) {
        const read = readJson(`{"a":[{"${key}":{"isAdmin":true},"b":1}],"${key}":2}`) as { readonly a: object[] };
        expect(read).to.deep.equal({ a: [{ b: 1 }] });
        expect(Object.keys(Object.assign({}, read.a[0]))).to.deep.equal(['b']);
        expect(Object.assign({}, read.a[0])).not.to.have.property('isAdmin');
      }
    });

    it('leaves it in a text that is no key, and leaves nulls and nested values alone', () => {
      const text = '{"a":"__proto__","b":null,"c":["__proto__",null,{"constructor":1}],"d":"\\u0041"}';
      expect(readJson(text)).to.deep.equal({
        a: '__proto__',
        b: null,
        c: ['__proto__', null, { constructor: 1 }],
        d: 'A',
      });
    });

    it('throws at what is not JSON', () => {
      expect(() => readJson('{')).to.throw(SyntaxError);
      expect(() => readJson('__proto__')).to.throw(SyntaxError);
    });
  });

  it('has a lost key where readJson leaves one out, and nowhere else', () => {
    const oddKey = fc.constantFrom('__proto__', '"__proto__', '\\"__proto__', '{"__proto__":', ',"__proto__', 'a');
    const oddValue = fc.constantFrom('__proto__', '"__proto__":', '{"__proto__":1}', 1);
    const pairs = fc.array(fc.tuple(oddKey, oddValue), { maxLength: 4 });
    fc.assert(
      fc.property(pairs, (entries) => {
        const value = { inner: Object.fromEntries(entries) };
        const text = writeJson(value) ?? '';
        expect(hasLostKey(text)).to.equal(JSON.stringify(readJson(text)) !== text);
      }),
    );
  });

  it('has a lost value where null stands for a number or for nothing', () => {
    const isLost = (value: unknown) => hasLostValue(value, writeJson(value) ?? '');
    const gone = [NaN, Infinity, [undefined], [expect], [Symbol.iterator], { a: [{ b: -Infinity }] }, new Array(1)];
    for (const value of [...gone, new Date(NaN), { at: new Date(NaN) }]) {
      expect(isLost(value)).to.equal(true);
    }
    for (const value of [null, [null], { a: undefined, b: null }, 'null', ['null', 1], { a: { toJSON: () => null } }]) {
      expect(isLost(value)).to.equal(false);
    }
  });
});
