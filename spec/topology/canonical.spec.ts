import { expect } from 'chai';
import { canonical, isSameJson } from '../../src/topology/canonical.js';

describe('canonical', () => {
  it('is the same text whatever the order of keys, at any depth', () => {
    expect(canonical({ b: [{ d: null, c: 1 }], a: 'x' })).to.equal('{"a":"x","b":[{"c":1,"d":null}]}');
    expect(canonical({ a: 1, b: 2 })).to.equal(canonical({ b: 2, a: 1 }));
    expect(canonical([1, 2])).not.to.equal(canonical([2, 1]));
  });
});

describe('isSameJson', () => {
  it('compares what the texts mean', () => {
    expect(isSameJson('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }')).to.equal(true);
    expect(isSameJson('{"a":1}', '{"a":"1"}')).to.equal(false);
    expect(isSameJson('true', 'true')).to.equal(true);
  });

  it('compares texts that are no JSON as they are', () => {
    expect(isSameJson('not JSON', 'not JSON')).to.equal(true);
    expect(isSameJson('', '{}')).to.equal(false);
  });
});
