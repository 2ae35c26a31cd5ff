import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Emulated, emulate } from './emulated.js';
import { type Ended, killAll, run, start } from './program.js';

const MAIN = 'start/main.ts';
const QUEUE = 'demo-user-events-welcome-queue';

describe('npm start', function () {
  this.timeout(40_000);
  afterEach(killAll);

  it('accounts for every event, and exits 0', async () => {
    const ended = await run(MAIN, ['--count', '300']);
    expect(ended.code, ended.stderr).to.equal(0);
    expect(figuresOf(ended)).to.include({
      events: 300,
      published: 294,
      refused: 6,
      'put into the queue past SNS, unreadable': 4,
      handled: 294,
      redelivered: 9,
      MailServerBusy: 9,
      'dead-lettered': 4,
      'InvalidMessageError not-json': 2,
      'left in the queue': 0,
      'of them in flight, or waiting for a retry': 0,
      'in the dead-letter queue': 4,
    });
    expect(ended.stdout).to.match(/ValidationFailedError \/email: expected string +│ +3 /);
    expect(ended.stdout).to.match(/ValidationFailedError \/createdAt: expected ISO date +│ +3 /);
    expect(ended.stdout).to.match(/first delivery, p99 +│ +\d/);
    expect(ended.stdout).to.match(/calls per published message +│ 0\.1\d\d /);
    expect(ended.stdout).to.match(/OK: every valid event was handled/);
    expect(ended.stderr).to.match(/304\/304: 294 published, 6 refused, 294 handled, 9 redelivered, 4 dead-lettered\n$/);
  });

  it('writes neither colours nor cursor movements where there is no terminal', async () => {
    const { code, stdout, stderr } = await run(MAIN, ['--count', '10']);
    expect(code, stderr).to.equal(0);
    expect(stdout + stderr).to.not.include('\u001b');
  });

  it('shows its options', async () => {
    const { code, stdout } = await run(MAIN, ['--help']);
    expect(code).to.equal(0);
    for (const option of ['--count', '--endpoint', '--aws', '--help']) expect(stdout).to.include(option);
  });

  const refusals: readonly (readonly [args: readonly string[], text: string])[] = [
    [['--cuont', '5'], "Unknown option '--cuont'"],
    [['--endpoint', 'http://sqs.example.com'], '--endpoint: expected https, or http to a loopback host'],
  ];
  for (const [args, text] of refusals) {
    it(`refuses ${args.join(' ')} before it does anything`, async () => {
      const { code, stdout, stderr } = await run(MAIN, args);
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.include(text);
      expectNoStack(stderr);
    });
  }

  it('lists every variable that --aws lacks', async () => {
    const { code, stderr } = await run(MAIN, ['--aws']);
    expect(code).to.equal(1);
    for (const name of ['AWS_REGION_NAME', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      expect(stderr).to.include(name);
    expectNoStack(stderr);
  });

  it('says in one sentence that nothing listens at the endpoint', async () => {
    const endpoint = await unusedUrl();
    const { code, stderr } = await run(MAIN, ['--endpoint', endpoint]);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      `${endpoint}: CreateTopic of demo-user-events failed: ECONNREFUSED (nothing listens at the endpoint)\n`,
    );
  });

  describe('with an emulator that stays', () => {
    let emulated: Emulated;
    beforeEach(async () => {
      emulated = await emulate();
    });
    afterEach(() => emulated.stop());

    it('tells its dead letters from those of another run', async () => {
      const args = ['--count', '10', '--endpoint', emulated.url];
      await run(MAIN, args);
      const second = await run(MAIN, args);
      expect(second.code, second.stderr).to.equal(0);
      expect(figuresOf(second)).to.include({ 'in the dead-letter queue': 8, 'of them before': 4 });
    });

    it('exits 1 and says what is wrong when something is not accounted for', async () => {
      const args = ['--count', '10', '--endpoint', emulated.url];
      await run(MAIN, args);
      await emulated.send(QUEUE, 'nobody expects me');
      const { code, stderr } = await run(MAIN, args);
      expect(code).to.equal(1);
      expect(stderr).to.include('FAILED: not all is accounted for.\n  1 other messages were dead-lettered\n');
      expect(stderr).to.include('the dead-letter queue grew by 5, 4 bad messages were put in');
    });

    it('drains when it is interrupted, and exits 0: what was sent is handled, nothing is left', async () => {
      const program = start(MAIN, ['--count', '50000', '--endpoint', emulated.url]);
      await program.says(/ [1-9]\d* handled/);
      program.kill('SIGINT');
      const ended = await program.ended;
      expect(ended.code, ended.stderr).to.equal(0);
      expect(ended.stdout).to.include('OK: every valid event until SIGINT was handled');
      expect(ended.stderr).to.include('Stopping: what was sent is handled.');
      expectNoStack(ended.stderr);

      expect(await emulated.queue(QUEUE)).to.deep.equal({ visible: 0, comeBackAt: [] });
      const { events = 0, published = 0, refused = 0, handled = 0 } = figuresOf(ended);
      expect(published + refused).to.equal(events);
      expect(handled).to.be.at.least(published);
      expect(published).to.be.greaterThan(0).and.lessThan(49_000);
    });

    it('ends at once on a second Ctrl-C', async () => {
      const program = start(MAIN, ['--count', '50000', '--endpoint', emulated.url]);
      await program.says(/ [1-9]\d* handled/);
      program.kill('SIGINT');
      await program.says(/Stopping/);
      program.kill('SIGINT');
      const { code, stdout } = await program.ended;
      expect(code).to.equal(null);
      expect(stdout).not.to.include('handled');
    });

    it('says in one sentence that the queue is gone', async () => {
      const program = start(MAIN, ['--count', '50000', '--endpoint', emulated.url]);
      await program.says(/ [1-9]\d* handled/);
      await emulated.deleteQueue(QUEUE);
      const { code, stderr } = await program.ended;
      expect(code).to.equal(1);
      expect(stderr).to.match(/\nhttp:\/\/127[^ ]+: .*(QueueDoesNotExist|the queue does not exist)[^\n]*\n$/i);
      expectNoStack(stderr);
    });

    it('drains on SIGTERM as well', async () => {
      const program = start(MAIN, ['--count', '50000', '--endpoint', emulated.url]);
      await program.says(/ [1-9]\d* handled/);
      program.kill('SIGTERM');
      const { code, stdout } = await program.ended;
      expect(code).to.equal(0);
      expect(stdout).to.include('OK: every valid event until SIGTERM was handled');
    });
  });
});

/** The table: its figures by label. */
function figuresOf({ stdout }: Ended): Readonly<Record<string, number>> {
  const rows = [...stdout.matchAll(/^│ +(.+?) +│ +([\d,]+) │$/gm)];
  return Object.fromEntries(rows.map(([, label = '', figure = '']) => [label, Number(figure.replaceAll(',', ''))]));
}

function expectNoStack(text: string): void {
  expect(text).to.not.match(/^\s+at /m);
}

/** A URL on which nothing listens any more. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object, not the path of a pipe.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
