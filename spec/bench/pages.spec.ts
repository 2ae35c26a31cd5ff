import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { pagesOf } from '../../bench/report/pages.js';
import type { Results } from '../../bench/report/results.js';

describe('the pages of the benchmarks', () => {
  const read = (path: string): string => readFileSync(`docs/${path}`, 'utf8');
  const pages = pagesOf(JSON.parse(read('benchmarks.json')) as Results);

  for (const [path, content] of pages) {
    it(`has ${path} as it is made of the run's results: no figure is typed by hand`, () => {
      expect(existsSync(`docs/${path}`), `docs/${path}: npm run bench:docs`).to.equal(true);
      expect(read(path)).to.equal(content);
    });
  }

  it('has no plot that is made no more', () => {
    const plots = readdirSync('docs/benchmarks').map((name) => `benchmarks/${name}`);
    expect([...pages.keys()]).to.include.members(plots);
  });
});
