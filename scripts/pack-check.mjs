// Packs the library as npm would publish it and uses it as a user would: with the newest and with the lowest peers that
// its ranges allow, by import and by require, from JavaScript and from TypeScript. Prints one line per check.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { npm, run } from './run.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const doors = Object.keys(manifest.exports).filter((door) => door !== './package.json');
const binary = (name) => resolve('node_modules', '.bin', name);
const temp = mkdtempSync(join(tmpdir(), 'pack-check-'));
let failed = 0;

function check(name, body) {
  try {
    const detail = body();
    console.log(`ok    ${name}${detail ? ` (${detail})` : ''}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.message.trim().replace(/^/gm, '      ')}`);
  }
}

function expectNone(items, complaint) {
  if (items.length > 0) throw new Error([complaint, ...items].join('\n  '));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Nothing but the sources, their two builds and the papers; no output of a source that is gone. */
function contents(root) {
  const files = filesIn(root);
  const outputs = files
    .filter((file) => /^src\/.*\.ts$/.test(file))
    .map((file) => file.slice('src/'.length, -'.ts'.length))
    .flatMap((file) => ['esm', 'cjs'].map((format) => `dist/${format}/${file}`))
    .flatMap((file) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => file + ending));
  const wanted = ['package.json', 'README.md', 'docs/testing.md', 'LICENSE', 'dist/cjs/package.json', ...outputs];
  expectNone(
    wanted.filter((file) => !files.includes(file)),
    'missing:',
  );
  expectNone(
    files.filter((file) => !wanted.includes(file) && !/^src\/.*\.ts$/.test(file)),
    'too much:',
  );
  const lost = files
    .filter((file) => file.endsWith('.map'))
    .flatMap((file) => JSON.parse(readFileSync(join(root, file), 'utf8')).sources.map((source) => [file, source]))
    .filter(([file, source]) => !files.includes(posix.join(posix.dirname(file), source)));
  expectNone(lost.map(String), 'source maps that lead nowhere:');
  return `${files.length} files`;
}

/** A project of a user's, with the tarball and the given peers. */
function project(name, tarball, peers) {
  const folder = join(temp, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', private: true }));
  const nodeTypes = `@types/node@${manifest.devDependencies['@types/node']}`;
  npm(
    [
      'install',
      tarball,
      ...peers,
      nodeTypes,
      '--save-exact',
      '--strict-peer-deps',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ],
    { cwd: folder },
  );
  return folder;
}

const installed = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;

const specifier = (door) => posix.join(manifest.name, door);

/** The names a door opens, as the given kind of program sees them. */
function namesOf(folder, door, kind) {
  const load = kind === 'import' ? `await import('${specifier(door)}')` : `require('${specifier(door)}')`;
  const file = join(folder, kind === 'import' ? 'load.mjs' : 'load.cjs');
  writeFileSync(file, `console.log(JSON.stringify(Object.keys(${load})))`);
  const names = JSON.parse(run(process.execPath, [file], { cwd: folder }));
  return names.filter((name) => name !== '__esModule').sort();
}

function loads(folder) {
  return doors
    .map((door) => {
      const [esm, cjs] = ['import', 'require'].map((kind) => namesOf(folder, door, kind));
      if (esm.length === 0) throw new Error(`${specifier(door)} exports nothing`);
      expectNone(
        [...esm, ...cjs].filter((name) => !esm.includes(name) || !cjs.includes(name)),
        `${specifier(door)}: not in both import and require:`,
      );
      return `${specifier(door)}: ${esm.length} names`;
    })
    .join(', ');
}

/** A program that takes each name from each door, and doesn't compile if one of them is `any`. */
function consumerSource(folder) {
  const lines = doors.flatMap((door, index) => {
    const names = namesOf(folder, door, 'import').map((name) => [name, `${name}_${index}`]);
    return [
      `import { ${names.map(([name, local]) => `${name} as ${local}`).join(', ')} } from '${specifier(door)}';`,
      ...names.map(([, local]) => `export const typed_${local}: Typed<typeof ${local}> = true;`),
    ];
  });
  return ['type Typed<T> = 0 extends 1 & T ? never : true;', ...lines, ''].join('\n');
}

function compiles(folder) {
  const source = consumerSource(folder);
  for (const file of ['consumer.mts', 'consumer.cts']) writeFileSync(join(folder, file), source);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  const files = ['consumer.mts', 'consumer.cts'];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  run(binary('tsc'), ['-p', folder]);
}

function checkProject(kind, tarball, version) {
  const peers = Object.entries(manifest.peerDependencies);
  let folder;
  check(`${kind} peers install`, () => {
    folder = project(
      kind,
      tarball,
      peers.map(([name, range]) => `${name}@${version(range)}`),
    );
    return peers.map(([name]) => `${name} ${installed(folder, name)}`).join(', ');
  });
  if (folder === undefined) return;
  check(`${kind} peers: import and require give the same names`, () => loads(folder));
  check(`${kind} peers: TypeScript compiles as ESM and as CommonJS`, () => compiles(folder));
}

try {
  let tarball;
  check('npm pack', () => {
    npm(['pack', '--pack-destination', temp, '--loglevel=error']);
    const [file] = readdirSync(temp).filter((name) => name.endsWith('.tgz'));
    if (file === undefined) throw new Error('npm pack left no tarball');
    tarball = join(temp, file);
    return file;
  });
  if (tarball !== undefined) {
    check('publint', () => void run(binary('publint'), ['run', tarball, '--strict']));
    check('are the types wrong', () => void run(binary('attw'), [tarball, '--profile', 'node16', '--no-emoji']));
    checkProject('newest', tarball, (range) => range);
    // A range's floor is the version it names; it has to exist.
    checkProject('lowest', tarball, (range) => range.replace(/^[\^~]|^>=/, ''));
    check('the tarball holds what it should', () => contents(join(temp, 'newest', 'node_modules', manifest.name)));
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}
console.log(failed === 0 ? 'pack check: all ok' : `pack check: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
