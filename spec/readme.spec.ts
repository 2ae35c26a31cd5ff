import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Emulated, emulate } from './examples/emulated.js';
import { type Ended, killAll, type Program, startFile } from './examples/program.js';

/** Within the project, so that the snippets find what is installed there; nothing in it is kept. */
const FOLDER = resolve('.build/readme');

/** The snippets of the README by the name in their first line. */
async function snippets(): Promise<ReadonlyMap<string, string>> {
  const readme = await readFile('README.md', 'utf8');
  const found = new Map<string, string>();
  for (const [, code = ''] of readme.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const name = /^\/\/ ([\w.]+\.ts)\n/.exec(code)?.[1] ?? expect.fail(`a snippet without a name:\n${code}`);
    if (found.has(name)) expect.fail(`two snippets are named ${name}`);
    found.set(name, code);
  }
  return found;
}

describe('README', function () {
  this.timeout(60_000);
  let emulated: Emulated;
  let names: readonly string[];
  const ran = new Set(['events.ts', 'client.ts']);

  before(async () => {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    const found = await snippets();
    names = [...found.keys()];
    await Promise.all([...found].map(([name, code]) => writeFile(resolve(FOLDER, name), code)));
    const paths = { 'rxjs-aws-messaging': [resolve('src/index.ts')] };
    const config = { extends: resolve('tsconfig.json'), compilerOptions: { paths }, include: [FOLDER] };
    await writeFile(resolve(FOLDER, 'tsconfig.json'), JSON.stringify(config));
    await writeFile(resolve(FOLDER, 'package.json'), '{ "type": "module" }');
    emulated = await emulate();
  });
  after(async () => {
    killAll();
    await emulated.stop();
  });

  /** Starts a snippet. */
  function begin(name: string, more: Readonly<Record<string, string>> = {}): Program {
    ran.add(name);
    return startFile(resolve(FOLDER, name), {
      ...emulated.env,
      TSX_TSCONFIG_PATH: resolve(FOLDER, 'tsconfig.json'),
      ...more,
    });
  }

  /** Runs a snippet to its end, without an error. */
  async function run(name: string): Promise<Ended> {
    const ended = await begin(name).ended;
    expect(ended.code, ended.stderr).to.equal(0);
    expect(ended.stderr).to.equal('');
    return ended;
  }

  const inQueue = async (): Promise<number> => (await emulated.queue('dev-user-events-queue')).visible;

  it('has snippets that compile', async () => {
    const tsc = promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', FOLDER]);
    const errors = await tsc.then(
      () => '',
      (error: unknown) => (error as { readonly stdout: string }).stdout,
    );
    expect(errors).to.equal('');
  });

  it('says which variable is missing', async () => {
    const { code, stderr } = await begin('provision.ts', { AWS_REGION_NAME: '', AWS_ACCESS_KEY_ID: '' }).ended;
    expect(code).to.equal(1);
    expect(stderr).to.include('AWS_REGION_NAME: missing: expected a region such as eu-west-1');
    expect(stderr).to.include('AWS_ACCESS_KEY_ID');
  });

  it('role.ts makes a client', async () => {
    await run('role.ts');
  });

  it('provision.ts makes the topology, and changes nothing the second time', async () => {
    const first = await run('provision.ts');
    expect(first.stdout).to.include('dev-user-events').and.include('dev-orders-queue.fifo');
    expect((await run('provision.ts')).stdout).to.equal(first.stdout);
  });

  it('publish.ts publishes in three ways', async () => {
    const { stdout } = await run('publish.ts');
    expect(stdout).to.match(/^published 1$/m);
    expect(stdout).to.match(/^published 2$/m);
    expect(stdout).to.match(/^accepted true$/m);
    expect(stdout).to.match(/^published [\w-]{36}$/m);
    expect(await inQueue()).to.equal(4);
  });

  it('consume.ts saves them, and ends in order on SIGTERM', async () => {
    const program = begin('consume.ts');
    for (const id of [1, 2, 3, 4]) await program.says(new RegExp(`^saved ${String(id)}$`, 'm'));
    program.kill('SIGTERM');
    const { code, stderr } = await program.ended;
    expect(code, stderr).to.equal(0);
    expect(await emulated.queue('dev-user-events-queue')).to.deep.equal({ visible: 0, comeBackAt: [] });
  });

  it('run.ts does the same by a promise', async () => {
    await run('publish.ts');
    const program = begin('run.ts');
    for (const id of [1, 2, 3, 4]) await program.says(new RegExp(`^got ${String(id)}$`, 'm'));
    program.kill('SIGTERM');
    expect((await program.ended).code).to.equal(0);
    expect(await emulated.queue('dev-user-events-queue')).to.deep.equal({ visible: 0, comeBackAt: [] });
  });

  it('account.ts handles each type', async () => {
    const { stdout } = await run('account.ts');
    expect(stdout).to.include('welcome ada@example.org').and.include('goodbye 1').and.include("[ 'ack', 'ack' ]");
    expect(await emulated.queue('dev-account-queue')).to.deep.equal({ visible: 0, comeBackAt: [] });
  });

  it('failures.ts dead-letters what can not be charged, and redrive.ts brings it back', async () => {
    await run('publish.ts');
    const program = begin('failures.ts');
    await program.says(/type: 'rejected'/);
    program.kill('SIGTERM');
    await program.ended;
    expect((await emulated.queue('dev-user-events-queue-dlq')).visible).to.equal(1);

    const { stdout } = await run('redrive.ts');
    expect(stdout.trim()).to.equal('{ moved: 1, failed: 0 }');
    expect((await emulated.queue('dev-user-events-queue-dlq')).visible).to.equal(0);
  });

  it('fifo.ts books in order', async () => {
    const { stdout } = await run('fifo.ts');
    const lines = stdout.trim().split('\n');
    expect(lines).to.have.members(['ada 0', 'grace 1', 'ada 2']);
    expect(lines.indexOf('ada 0')).to.be.lessThan(lines.indexOf('ada 2'));
  });

  it('receipts.spec.ts passes', async () => {
    await run('receipts.spec.ts');
  });

  it('has no snippet that was not run', () => {
    expect([...ran].sort()).to.deep.equal([...names].sort());
  });
});
