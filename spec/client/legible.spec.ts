import { expect } from 'chai';
import { legible } from '../../src/client/legible.js';

describe('legible', () => {
  it('gives what was read', () => {
    expect(legible(() => 1)).to.equal(1);
  });

  it('throws that the answer is a bad one, without a word of it', () => {
    expect(() => legible(() => JSON.parse('secret') as unknown))
      .to.throw(Error, /^an answer that can not be read$/)
      .with.property('name', 'BadResponse');
  });
});
