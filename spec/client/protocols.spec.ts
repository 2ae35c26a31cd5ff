import { expect } from 'chai';
import { parseJson } from '../../src/client/protocols.js';

describe('parseJson', () => {
  it('gives the object of an answer', () => {
    expect(parseJson('{"Messages":[]}')).to.deep.equal({ Messages: [] });
  });

  for (const text of ['', '{', '7', '"text"', 'null', '<html/>']) {
    it(`throws for ${JSON.stringify(text)}`, () => {
      expect(() => parseJson(text)).to.throw();
    });
  }
});
