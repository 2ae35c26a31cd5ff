import { expect } from 'chai';
import { type Emulated, emulate } from './emulated.js';
import { killAll, run, start } from './program.js';

describe('examples: publish, consume, fifo', function () {
  this.timeout(40_000);
  let emulated: Emulated;
  beforeEach(async () => {
    emulated = await emulate();
  });
  afterEach(async () => {
    killAll();
    await emulated.stop();
  });

  it('publish.ts publishes what is valid, and consume.ts saves it until it is told to stop', async () => {
    const consumer = start('consume.ts', [], emulated.env);
    await consumer.says(/waiting for users/);

    const published = await run('publish.ts', [], emulated.env);
    expect(published.code, published.stderr).to.equal(0);
    for (const id of [1, 2, 4, 5])
      expect(published.stdout).to.match(new RegExp(`^published user ${id}: [\\w-]+$`, 'm'));
    expect(published.stdout).to.include('refused user 3: validation failed at /email: expected string\n');

    for (const id of [1, 2, 4, 5])
      await consumer.says(new RegExp(`^saved user ${id}, \\w+@example.org, created in 20`, 'm'));
    consumer.kill('SIGTERM');
    const { code, stdout, stderr } = await consumer.ended;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/stopped, nothing left in flight\n$/);
    expect(await emulated.queue('dev-user-events-queue')).to.deep.equal({ visible: 0, comeBackAt: [] });
  });

  it('fifo.ts keeps the order of each customer, and holds up only the one whose message failed', async () => {
    const { code, stdout, stderr } = await run('fifo.ts', [], emulated.env);
    expect(code, stderr).to.equal(0);
    const lines = stdout.trim().split('\n');
    const of = (customer: string): readonly string[] => lines.filter((line) => line.startsWith(customer));
    expect(of('ada')).to.deep.equal(['ada: placed', 'ada: paid failed, comes back', 'ada: paid', 'ada: shipped']);
    expect(of('grace')).to.deep.equal(['grace: placed', 'grace: paid', 'grace: shipped']);
    expect(lines.indexOf('grace: shipped')).to.be.lessThan(lines.indexOf('ada: paid'));
    expect(await emulated.queue('dev-orders-queue.fifo')).to.deep.equal({ visible: 0, comeBackAt: [] });
  });

  it('fifo.ts can be run again at once', async () => {
    await run('fifo.ts', [], emulated.env);
    const { code, stdout } = await run('fifo.ts', [], emulated.env);
    expect(code).to.equal(0);
    expect(stdout).to.include('ada: shipped');
  });
});
