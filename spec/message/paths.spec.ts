import { expect } from 'chai';
import { pathTexts, plain } from '../../src/message/paths.js';

const at = (...keys: string[]) => ({ keys, expected: 'string' });

describe('pathTexts', () => {
  it('says the place and what was expected there', () => {
    expect(pathTexts([at(), at('a'), at('a', '0', 'b')])).to.deep.equal([
      '/: expected string',
      '/a: expected string',
      '/a/0/b: expected string',
    ]);
  });

  it('says each once', () => {
    expect(pathTexts([at('a'), at('b'), at('a')])).to.deep.equal(['/a: expected string', '/b: expected string']);
  });

  it('says ten at most, and asks for no more', () => {
    let asked = 0;
    function* endless() {
      for (; asked < 1_000; asked += 1) yield at(String(asked));
    }
    expect(pathTexts(endless())).to.have.length(10);
    expect(asked).to.equal(9);
  });

  it('says 200 characters of each at most', () => {
    const [exact, longer] = pathTexts([
      { keys: ['a'.repeat(188)], expected: '' },
      { keys: ['a'.repeat(189)], expected: '' },
    ]);
    expect(exact).to.equal(`/${'a'.repeat(188)}: expected `);
    expect(longer).to.equal(`/${'a'.repeat(189)}: expected`.slice(0, 199) + '…');
  });

  it('is one line without anything invisible, whatever the keys and the names are', () => {
    expect(pathTexts([{ keys: ['a\nb', '\uD800', '\u0085'], expected: 'é\u{1F600}\u001B[31m' }])).to.deep.equal([
      '/a?b/?/?: expected é???[31m',
    ]);
  });
});

describe('plain', () => {
  it('keeps what can be seen on one line', () => {
    expect(plain(' ~ é 語 \u007F\t\r\n\uE000\uFFFE')).to.equal(' ~ é 語 ??????');
  });
});
