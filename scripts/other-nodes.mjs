// Runs the compiled unit specs on the other Node versions the library supports. Each Node comes as the npm package that
// holds the binary for this platform: the package `node` would need an install script to fetch it.
import { existsSync } from 'node:fs';
import { arch, platform } from 'node:process';
import { npm } from './run.mjs';

const versions = [22, 24, 26];
const nodePackage = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
// They start servers and processes of their own, which the main run covers.
const excluded = ['integration/**', 'examples/**', 'readme.spec.js', 'testingPage.spec.js'].flatMap((specs) => [
  '--exclude',
  `.build/spec/${specs}`,
]);
const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', ...excluded];

const count = (output, word) => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm').exec(output)?.[1] ?? 0);

/** Runs the specs on one Node; whether all was well. */
function passesOn(version) {
  const node = (...args) => npm(['exec', '--yes', `--package=${nodePackage}@${version}`, '--', 'node', ...args]);
  let output = '';
  let ran = false;
  try {
    output = node('-p', '`node ${process.version}`');
    output += `\n${node(...mocha)}`;
    ran = true;
  } catch (error) {
    output += `\n${error.message}`;
  }
  const actual = new RegExp(`^node v${version}\\.[\\d.]+$`, 'm').exec(output)?.[0];
  const [passing, failing] = ['passing', 'failing'].map((word) => count(output, word));
  const ok = ran && actual !== undefined && passing > 0 && failing === 0;
  console.log(`${ok ? 'ok   ' : 'FAIL '} ${actual ?? `node ${version}`}: ${passing} passing, ${failing} failing`);
  if (!ok) console.log(output.trim().replace(/^/gm, '      '));
  return ok;
}

if (!existsSync('.build/spec')) {
  console.log('FAIL  no compiled specs: npm run build:spec first');
  process.exitCode = 1;
} else if (!versions.map(passesOn).every(Boolean)) {
  process.exitCode = 1;
}
