import { expect } from 'chai';
import fc from 'fast-check';
import { isCarried } from '../../src/message/characters.js';

describe('isCarried', () => {
  it('takes text within the ranges of SQS, to their edges', () => {
    for (const text of ['', '\t\n\r', ' ~', '\u007F', '\uD7FF', '\uE000', '\uFFFD', '\u{10000}', '\u{10FFFF}']) {
      expect(isCarried(text)).to.equal(true);
    }
  });

  it('takes nothing outside of them, not even one among many', () => {
    for (const odd of ['\0', '\b', '\v', '\u001F', '\uFFFE', '\uFFFF']) {
      expect(isCarried(odd)).to.equal(false);
      expect(isCarried(`some ${odd} text`)).to.equal(false);
    }
  });

  it('takes surrogates in pairs only', () => {
    expect(isCarried('\uD83D\uDE00')).to.equal(true);
    for (const odd of ['\uD83D', '\uDE00', '\uDE00\uD83D', '\uD83D\uD83D\uDE00'])
      expect(isCarried(odd)).to.equal(false);
  });

  it('takes a text when it takes each of its parts', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(text, (all) => {
        expect(isCarried(all)).to.equal(Array.from(all).every(isCarried));
      }),
    );
  });
});
