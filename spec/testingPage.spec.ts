import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { killAll, startFile } from './examples/program.js';
import { type Snippets, writeSnippets } from './examples/snippets.js';

const PAGE = 'docs/testing.md';

describe('the page on testing', function () {
  this.timeout(60_000);
  let snippets: Snippets;
  before(async () => {
    snippets = await writeSnippets(PAGE, 'testing-page');
  });
  after(killAll);

  /** Runs a snippet with Node's own test runner. */
  const run = (name: string) => startFile(snippets.pathOf(name), snippets.env).ended;

  it('has examples that compile', async () => {
    expect(await snippets.compile()).to.equal('');
  });

  it('has examples that pass, each of them', async () => {
    const specs = snippets.names.filter((name) => name.endsWith('.spec.ts'));
    expect(specs).to.include.members([
      'happyPath.spec.ts',
      'retry.spec.ts',
      'poison.spec.ts',
      'shutdown.spec.ts',
      'fifo.spec.ts',
    ]);
    await Promise.all(
      specs.map(async (name) => {
        const { code, stdout, stderr } = await run(name);
        expect(code, `${name}\n${stdout}${stderr}`).to.equal(0);
        expect(stdout, name).to.match(/^(#|ℹ) pass [1-9]/m);
      }),
    );
  });

  it('shows what a failure really looks like', async () => {
    const [, shown = ''] = /^```text\n(expectSettled.*?)^```$/ms.exec(await readFile(PAGE, 'utf8')) ?? [];
    const happy = await readFile(snippets.pathOf('happyPath.spec.ts'), 'utf8');
    const wrong = happy.replace("expectSettled(Orders).toBe(' --a---b'", "expectSettled(Orders).toBe(' --a-b'");
    expect(wrong).not.to.equal(happy);
    await writeFile(snippets.pathOf('wrong.spec.ts'), wrong);
    const { code, stdout } = await run('wrong.spec.ts');
    expect(code).to.equal(1);
    const told = stdout.replace(/^ +/gm, '');
    for (const line of shown.trim().split('\n')) expect(told).to.include(line.trim());
    // The stack begins with the line of the test.
    expect(stdout).to.include(pathToFileURL(snippets.pathOf('wrong.spec.ts')).href.slice('file://'.length));
  });
});
