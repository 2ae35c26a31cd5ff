import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { type Emulated, emulate } from './emulated.js';
import type { Health } from '../../src/index.js';
import { killAll, start } from './program.js';
import { begin, statusesUntilRefused } from './requests.js';

const QUEUE = 'dev-user-events-queue';

describe('examples: graceful-shutdown', function () {
  this.timeout(40_000);
  let emulated: Emulated;
  beforeEach(async () => {
    emulated = await emulate();
  });
  afterEach(async () => {
    killAll();
    await emulated.stop();
  });

  const startService = async (): Promise<{ service: ReturnType<typeof start>; url: string }> => {
    const service = start('graceful-shutdown.ts', [], emulated.env);
    const [, url = ''] = await service.says(/listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
    return { service, url };
  };

  it('publishes what it is sent, and refuses what is no user', async () => {
    const { service, url } = await startService();
    const accepted = await fetch(`${url}/users`, { method: 'POST', body: '{"userId":"1","email":"ada@example.org"}' });
    expect(accepted.status).to.equal(202);
    const refused = await fetch(`${url}/users`, { method: 'POST', body: '{"userId":"2"}' });
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.equal('validation failed at /email: expected string');
    expect((await fetch(`${url}/users`, { method: 'POST', body: 'no JSON' })).status).to.equal(400);
    expect((await fetch(`${url}/ready`)).status).to.equal(200);
    expect((await fetch(`${url}/elsewhere`)).status).to.equal(404);
    await service.says(/welcomed 1/);
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(0);
  });

  it('finishes on SIGTERM what was begun: messages being handled, and a request half-way in', async () => {
    const { service, url } = await startService();
    const ids = ['1', '2', '3'];
    for (const userId of ids) {
      await fetch(`${url}/users`, { method: 'POST', body: JSON.stringify({ userId, email: 'ada@example.org' }) });
    }
    const late = await begin(`${url}/users`, '{"userId":"late",');
    await service.says(/welcoming 3/);

    service.kill('SIGTERM');
    expect(await statusesUntilRefused(`${url}/ready`)).to.include(503);
    late.end('"email":"late@example.org"}');
    const [response] = (await once(late, 'response')) as [IncomingMessage];
    expect(response.statusCode).to.equal(202);
    expect(await text(response)).to.match(/^[\w-]+$/);

    const { code, stdout, stderr } = await service.ended;
    expect(code, stderr).to.equal(0);
    for (const id of ids) expect(stdout).to.include(`welcomed ${id}\n`);
    expect(stdout).to.match(/stopped in order\n$/);
    // The late user is in the queue for the next process; nothing is held by this one.
    expect(await emulated.queue(QUEUE)).to.deep.equal({ visible: 1, comeBackAt: [] });
  });

  it('is ready while its consumer is well, and says how that is', async () => {
    const { service, url } = await startService();
    await fetch(`${url}/users`, { method: 'POST', body: '{"userId":"1","email":"ada@example.org"}' });
    await service.says(/welcomed 1/);
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, await ready.json()]).to.deep.equal([200, { problems: [] }]);
    const health = (await (await fetch(`${url}/health`)).json()) as Health;
    expect(health.isClosing).to.equal(false);
    expect(health.consumers[0]).to.include({ topic: 'user-events', state: 'polling', isStuck: false });
    expect(health.consumers[0]?.lastPollAt).to.match(/^20\d\d-/);
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(0);
  });

  it('ends with code 1 when its consumer can not go on', async () => {
    const { service } = await startService();
    await emulated.deleteQueue(QUEUE);
    const { code, stderr } = await service.ended;
    expect(code).to.equal(1);
    expect(stderr).to.match(/^the consumer failed: ReceiveMessage of dev-user-events-queue failed: QueueDoesNotExist/);
  });
});
