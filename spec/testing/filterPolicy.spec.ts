import { expect } from 'chai';
import type { RawAttribute, RawAttributes } from '../../src/message/rawMessage.js';
import { readFilterPolicy } from '../../src/testing/filterPolicy.js';
import { refusalOf } from '../helpers/brokerQueues.js';

const text = (stringValue: string): RawAttribute => ({ dataType: 'String', stringValue });
const number = (stringValue: string): RawAttribute => ({ dataType: 'Number', stringValue });
const array = (...members: readonly unknown[]): RawAttribute => {
  return { dataType: 'String.Array', stringValue: JSON.stringify(members) };
};

/** Which of these attributes `a` meets one of the conditions. */
const passed = (
  conditions: readonly unknown[],
  attributes: readonly (RawAttribute | undefined)[],
): readonly boolean[] =>
  attributes.map((a) => readFilterPolicy(JSON.stringify({ a: conditions }))(a === undefined ? {} : { a }));

describe('filterPolicy', () => {
  it('compares texts and numbers by type and value', () => {
    expect(passed(['x', 5], [text('x'), text('X'), number('5.0'), text('5'), undefined])).to.deep.equal([
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it('looks at each member of a String.Array', () => {
    const members = [array('y', 'x'), array('y'), array(5), array(true), array(null), array()];
    expect(passed(['x', 5, true, null], members)).to.deep.equal([true, false, true, true, true, false]);
    expect(passed([{ prefix: 'x' }], [array('y', 'xy'), array(1)])).to.deep.equal([true, false]);
  });

  it('finds nothing in bytes, nor in a String.Array that is none', () => {
    const strange = ['{}', 'no json'].map((stringValue) => ({ dataType: 'String.Array', stringValue }));
    const bytes = { dataType: 'Binary', binaryValue: new Uint8Array([120]) };
    expect(passed(['x', { exists: true }], [bytes, ...strange])).to.deep.equal([false, false, false]);
  });

  it('exists', () => {
    expect(passed([{ exists: true }], [text('x'), undefined])).to.deep.equal([true, false]);
    expect(passed([{ exists: false }], [text('x'), undefined])).to.deep.equal([false, true]);
  });

  it('prefix, suffix and equals-ignore-case are for texts', () => {
    expect(passed([{ prefix: 'ab' }], [text('abc'), text('cab'), number('1')])).to.deep.equal([true, false, false]);
    expect(passed([{ suffix: 'ab' }], [text('abc'), text('cab'), number('1')])).to.deep.equal([false, true, false]);
    expect(passed([{ 'equals-ignore-case': 'aB' }], [text('Ab'), text('abc')])).to.deep.equal([true, false]);
  });

  it('anything-but needs an attribute; one member of an array that is something else will do', () => {
    expect(passed([{ 'anything-but': 'x' }], [text('x'), text('y'), undefined])).to.deep.equal([false, true, false]);
    expect(passed([{ 'anything-but': ['x', 5] }], [text('x'), number('5'), text('5')])).to.deep.equal([
      false,
      false,
      true,
    ]);
    expect(passed([{ 'anything-but': { prefix: 'x' } }], [text('xy'), text('yx')])).to.deep.equal([false, true]);
    expect(passed([{ 'anything-but': ['x', 'y'] }], [array('x', 'y'), array('x', 'z')])).to.deep.equal([false, true]);
  });

  it('numeric is for numbers, with one bound or two', () => {
    const sizes = [number('-1'), number('0'), number('5'), number('10'), text('5')];
    expect(passed([{ numeric: ['=', 5] }], sizes)).to.deep.equal([false, false, true, false, false]);
    expect(passed([{ numeric: ['<', 0] }], sizes)).to.deep.equal([true, false, false, false, false]);
    expect(passed([{ numeric: ['>=', 0, '<', 10] }], sizes)).to.deep.equal([false, true, true, false, false]);
    expect(passed([{ numeric: ['>', 0, '<=', 10] }], sizes)).to.deep.equal([false, false, true, true, false]);
  });

  it('asks for every name, and for one condition of each', () => {
    const filter = readFilterPolicy('{"a": ["x", {"prefix": "z"}], "b": [{"exists": false}]}');
    const cases: readonly RawAttributes[] = [{ a: text('x') }, { a: text('zz') }, { a: text('y') }];
    expect(cases.map(filter)).to.deep.equal([true, true, false]);
    expect(filter({ a: text('x'), b: text('') })).to.equal(false);
    expect(readFilterPolicy('{}')({})).to.equal(true);
  });

  it('$or asks for one of its policies, beside the other names', () => {
    const filter = readFilterPolicy('{"$or": [{"a": ["x"]}, {"b": ["y"], "c": ["z"]}], "d": [1]}');
    const d = number('1');
    expect(filter({ a: text('x'), d })).to.equal(true);
    expect(filter({ b: text('y'), c: text('z'), d })).to.equal(true);
    expect(filter({ b: text('y'), d })).to.equal(false);
    expect(filter({ a: text('x') })).to.equal(false);
  });

  for (const [what, policy] of Object.entries({
    'text that is no JSON': '{',
    'JSON that is no object': '[]',
    'more than five names': '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}',
    'a name without conditions': '{"a":[]}',
    'conditions that are no list': '{"a":"x"}',
    'an operator that there is not': '{"a":[{"contains":"x"}]}',
    'an operator called like a property of every object': '{"a":[{"toString":"x"}]}',
    'two operators in one condition': '{"a":[{"prefix":"x","suffix":"y"}]}',
    'a condition without an operator': '{"a":[{}]}',
    'a list as a condition': '{"a":[["x"]]}',
    'exists of no boolean': '{"a":[{"exists":"true"}]}',
    'a prefix that is no text': '{"a":[{"prefix":5}]}',
    'a suffix that is no text': '{"a":[{"suffix":null}]}',
    'an equals-ignore-case of no text': '{"a":[{"equals-ignore-case":["x"]}]}',
    'anything but a condition that there is not': '{"a":[{"anything-but":{"contains":"x"}}]}',
    'a numeric that is no list': '{"a":[{"numeric":5}]}',
    'a numeric without bounds': '{"a":[{"numeric":[]}]}',
    'a numeric with half a bound': '{"a":[{"numeric":["="]}]}',
    'a comparison that there is not': '{"a":[{"numeric":["!=",5]}]}',
    'a comparison called like a property of every object': '{"a":[{"numeric":["valueOf",5]}]}',
    'a comparison that is no text': '{"a":[{"numeric":[5,5]}]}',
    'a bound that is no number': '{"a":[{"numeric":["=","5"]}]}',
    'a branch of $or that is no policy': '{"$or":["x"]}',
  })) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(() => readFilterPolicy(policy))).to.equal('InvalidParameterException');
    });
  }

  it('takes five names', () => {
    expect(readFilterPolicy('{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1]}')({})).to.equal(false);
  });

  for (const operator of ['cidr', 'wildcard']) {
    it(`says that it has no ${operator}`, () => {
      expect(() => readFilterPolicy(`{"a":[{"${operator}":"x"}]}`)).to.throw(
        `the test broker has no filter condition \`${operator}\``,
      );
    });
  }
});
