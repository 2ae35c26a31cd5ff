import { expect } from 'chai';
import { type Emulated, emulate } from './examples/emulated.js';
import { type Ended, killAll, type Program, startFile } from './examples/program.js';
import { type Snippets, writeSnippets } from './examples/snippets.js';

describe('README', function () {
  this.timeout(60_000);
  let emulated: Emulated;
  let snippets: Snippets;
  const ran = new Set(['events.ts', 'client.ts']);

  before(async () => {
    snippets = await writeSnippets('README.md', 'readme');
    emulated = await emulate();
  });
  after(async () => {
    killAll();
    await emulated.stop();
  });

  /** Starts a snippet. */
  function begin(name: string, more: Readonly<Record<string, string>> = {}): Program {
    ran.add(name);
    return startFile(snippets.pathOf(name), { ...emulated.env, ...snippets.env, ...more });
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
    expect(await snippets.compile()).to.equal('');
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

  it('operate.ts handles, and says how it is', async () => {
    await run('publish.ts');
    const program = begin('operate.ts');
    await program.says(/^(connecting|polling) { inFlight: \d, consecutiveFailures: 0, isStuck: false }$/m);
    for (const id of [1, 2, 3, 4]) await program.says(new RegExp(`^notified ${String(id)} at receipt \\d$`, 'm'));
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

  it('backfill.ts publishes what a generator yields', async () => {
    const before = await inQueue();
    expect((await run('backfill.ts')).stdout).to.match(/^published 100$/m);
    expect(await inQueue()).to.equal(before + 100);
  });

  it('receipts.spec.ts passes', async () => {
    await run('receipts.spec.ts');
  });

  it('has no snippet that was not run', () => {
    expect([...ran].sort()).to.deep.equal([...snippets.names].sort());
  });
});
