import { expect } from 'chai';
import { number, page, table, text } from '../../bench/report/markdown.js';

describe('pages in Markdown', () => {
  it('pad tables as Prettier does', () => {
    const columns = [text('case'), number('µs')];
    expect(
      table(columns, [
        ['a', '1.0'],
        ['bare SDK', '10.0'],
      ]),
    ).to.equal(['| case     |   µs |', '| -------- | ---: |', '| a        |  1.0 |', '| bare SDK | 10.0 |'].join('\n'));
  });

  it('leave an empty part out', () => {
    expect(page('# a', '', 'b')).to.equal('# a\n\nb\n');
  });
});
