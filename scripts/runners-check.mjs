// Packs the library and uses its door ./testing in a project of a user's, in each of the test runners: a test that passes, and
// one that fails, whose report has to show both diagrams. Prints one line per runner.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { npm } from './run.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const peers = Object.keys(manifest.peerDependencies).map((name) => `${name}@${manifest.devDependencies[name]}`);

const RUNNERS = {
  mocha: {
    packages: [`mocha@${manifest.devDependencies.mocha}`],
    file: 'with-mocha.mjs',
    head: imports(),
    command: (file) => ['node_modules/mocha/bin/mocha.js', file],
  },
  vitest: {
    packages: ['vitest@4.1.12'],
    file: 'with-vitest.test.mjs',
    head: `import { it } from 'vitest';\n${imports()}`,
    command: (file) => ['node_modules/vitest/vitest.mjs', 'run', file],
  },
  jest: {
    packages: ['jest@30.5.2'],
    file: 'with-jest.cjs',
    head: requires(),
    command: (file) => ['node_modules/jest/bin/jest.js', '--testMatch', `<rootDir>/${file.slice(2)}`, '--rootDir', '.'],
  },
  'node:test': {
    packages: [],
    file: 'with-node.mjs',
    head: `import { it } from 'node:test';\n${imports()}`,
    command: (file) => ['--test', file],
  },
};

function imports() {
  return lines((names, from) => `import { ${names} } from '${from}';`, `import * as t from 'io-ts';`);
}

function requires() {
  return lines((names, from) => `const { ${names} } = require('${from}');`, `const t = require('io-ts');`);
}

function lines(line, codecs) {
  return [
    codecs,
    line('of, throwError', 'rxjs'),
    line('ackMap, fromTopic, topic', manifest.name),
    line('messagingTest', `${manifest.name}/testing`),
  ].join('\n');
}

/** A message fails once and is handled after a backoff: a second of virtual time. */
const body = (settled) => `
const Letters = topic('letters', t.string);
it('a message that failed comes back', () => {
  messagingTest(({ broker, publish, expectObservable, expectRetried, expectSettled }) => {
    const once = (value, { receiveCount }) => (receiveCount > 1 ? of(value) : throwError(() => new Error('not yet')));
    publish(Letters, '-a');
    expectRetried(Letters).toBe('-a');
    expectObservable(fromTopic(broker, Letters).pipe(ackMap(once))).toBe('- 1s a');
    expectSettled(Letters).toBe('${settled}');
  });
});
`;

const SHOWN = [/expectSettled\(letters\) is not as expected/, /expected {2}-a 999ms -/, /actual {4}-- 999ms a/];

const temp = mkdtempSync(join(tmpdir(), 'runners-check-'));
let failed = 0;

/** Runs a file in a runner; its exit code and all it said, without colours. */
function runIn(folder, runner, file) {
  const { status, stdout, stderr } = spawnSync(process.execPath, runner.command(file), {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: 'true', NODE_TEST_CONTEXT: undefined },
  });
  // eslint-disable-next-line no-control-regex -- the escape character is what colours begin with
  return { status, output: `${stdout}${stderr}`.replace(/\u001b\[[\d;]*m/g, '') };
}

function check(name, runner) {
  try {
    const failing = runner.file.replace('with', 'failing');
    writeFileSync(join(temp, runner.file), runner.head + body('- 1s a'));
    writeFileSync(join(temp, failing), runner.head + body('-a'));
    const good = runIn(temp, runner, `./${runner.file}`);
    if (good.status !== 0) throw new Error(`exit ${good.status}\n${good.output}`);
    const bad = runIn(temp, runner, `./${failing}`);
    const missing = SHOWN.filter((shown) => !shown.test(bad.output));
    if (bad.status === 0 || missing.length > 0) {
      throw new Error(`exit ${bad.status} of a failing test; not shown: ${missing.join(' ')}\n${bad.output}`);
    }
    console.log(`ok    ${name}: a test passes, and a failing one shows both diagrams`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.message.trim().replace(/^/gm, '      ')}`);
  }
}

try {
  npm(['pack', '--pack-destination', temp, '--loglevel=error'], { cwd: resolve('.') });
  writeFileSync(join(temp, 'package.json'), JSON.stringify({ name: 'runner', version: '1.0.0', private: true }));
  const tarball = readdirSync(temp).find((file) => file.endsWith('.tgz'));
  const packages = [`./${tarball}`, ...peers, ...Object.values(RUNNERS).flatMap((runner) => runner.packages)];
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(['install', ...packages, ...quietly], { cwd: temp });
  for (const [name, runner] of Object.entries(RUNNERS)) check(name, runner);
} finally {
  rmSync(temp, { recursive: true, force: true });
}
console.log(failed === 0 ? 'runners check: all ok' : `runners check: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
