import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { firstValueFrom, ReplaySubject, take, toArray } from 'rxjs';
import { forwardTo, type Gateway, openGateway } from '../integration/badEndpoints/gateway.js';
import { type Emulated, emulate } from './emulated.js';
import { killAll, type Program, start } from './program.js';
import { begin, statusesUntilRefused } from './requests.js';

const QUEUE = 'dev-user-events-queue';
const MAX_PENDING = 300;
/** Requests to SNS that are under way at once. */
const MAX_REQUESTS = 20;
const ada = { userId: '1', email: 'ada@example.org' };

describe('examples: http-handler', function () {
  this.timeout(40_000);
  let emulated: Emulated;
  let gateway: Gateway;
  let service: Program;
  let url: string;
  beforeEach(async () => {
    emulated = await emulate();
    gateway = await openGateway(forwardTo(emulated.url));
    service = start('http-handler.ts', [], { ...emulated.env, AWS_ENDPOINT_URL: gateway.url });
    [, url = ''] = await service.says(/listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
  });
  afterEach(async () => {
    killAll();
    await service.ended;
    await gateway.goAway();
    await emulated.stop();
  });

  const post = (path: string, body: unknown, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal,
    });
  const inQueue = async (): Promise<number> => (await emulated.queue(QUEUE)).visible;

  /** From now on SNS does not answer, until it is let. */
  function hold(): { readonly letGo: () => void; readonly asked: (times: number) => Promise<unknown> } {
    const forward = forwardTo(emulated.url);
    const asked = new ReplaySubject<() => void>(Infinity);
    gateway.mood = (request, response) => asked.next(() => forward(request, response));
    return {
      letGo: () => {
        gateway.mood = forward;
        asked.subscribe((go) => go());
        asked.complete();
      },
      asked: (times) => firstValueFrom(asked.pipe(take(times), toArray())),
    };
  }

  async function stopped(): Promise<void> {
    const { code, stdout, stderr } = await service.ended;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/stopped, nothing accepted is left\n$/);
  }

  it('answers 202 before SNS has the user, who arrives all the same', async () => {
    const { letGo, asked } = hold();
    expect((await post('/users', ada)).status).to.equal(202);
    await asked(1);
    expect(await inQueue()).to.equal(0);
    letGo();
    const consumer = start('consume.ts', [], emulated.env);
    await consumer.says(/^saved user 1, ada@example.org, /m);
  });

  it('answers 201 once SNS has the user, with the id', async () => {
    const { letGo, asked } = hold();
    const answered = post('/users/confirmed', ada);
    await asked(1);
    expect(await inQueue()).to.equal(0);
    letGo();
    const response = await answered;
    expect(response.status).to.equal(201);
    expect(await response.json())
      .to.have.property('messageId')
      .that.matches(/^[\w-]+$/);
    expect(await inQueue()).to.equal(1);
  });

  it('answers 400 to what is no user, with the field and without its value, and publishes nothing', async () => {
    for (const path of ['/users', '/users/confirmed']) {
      const refused = await post(path, { userId: 'secret', email: 7 });
      expect([refused.status, await refused.json()]).to.deep.equal([
        400,
        { message: 'validation failed at /email: expected string' },
      ]);
      for (const body of ['null', '[]', '"ada"', 'no JSON'])
        expect((await post(path, body)).status, body).to.equal(400);
    }
    expect((await post('/users', { ...ada, email: 'a'.repeat(70_000) })).status).to.equal(413);
    service.kill('SIGTERM');
    await stopped();
    const { stderr } = await service.ended;
    expect(stderr).to.match(/^ValidationFailedError: validation failed at \/email: expected string$/m);
    expect(stderr).to.not.include('secret');
    expect(await inQueue()).to.equal(0);
  });

  it('answers 503 while too many wait, and takes users again when they have gone', async () => {
    const { letGo } = hold();
    const fill = async (): Promise<void> => {
      for (let sent = 0; sent < MAX_PENDING / 20; sent += 1) expect((await post('/users', ada)).status).to.equal(202);
    };
    await Promise.all(Array.from({ length: 20 }, fill));
    const refused = await post('/users', ada);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
    await service.says(/^OverflowError: 300 values are waiting/m);
    letGo();
    while ((await post('/users', ada)).status === 503);
    service.kill('SIGTERM');
    await stopped();
    expect(await inQueue()).to.equal(MAX_PENDING + 1);
  });

  it('answers 503 when SNS is away to who waits; of the others the log says it, without the user', async () => {
    await gateway.goAway();
    const refused = await post('/users/confirmed', ada);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect(await refused.json()).to.deep.equal({ message: 'Service Unavailable' });
    expect((await post('/users', ada)).status).to.equal(202);
    await service.says(/^AWSConnectionError: PublishBatch of dev-user-events failed: ECONNREFUSED/m);
    service.kill('SIGTERM');
    await stopped();
    expect((await service.ended).stderr).to.not.include('ada@');
  });

  it('answers 503 to who has waited for long, whether or not SNS gets the user after that', async () => {
    const { letGo } = hold();
    const refused = await post('/users/confirmed', ada);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
    letGo();
    service.kill('SIGTERM');
    await stopped();
    expect((await service.ended).stderr).to.equal('');
  });

  it('does not publish a user whose client has gone before it was sent', async () => {
    const { letGo, asked } = hold();
    const answered: Promise<Response>[] = [];
    for (let times = 1; times <= MAX_REQUESTS; times += 1) {
      answered.push(post('/users/confirmed', ada));
      await asked(times);
    }
    const late = await begin(`${url}/users/confirmed`, '{"userId":"late",');
    late.on('error', () => undefined);
    late.end('"email":"late@example.org"}');
    // What was sent to the service before has arrived when it answers this.
    await fetch(url);
    late.destroy();
    await fetch(url);
    letGo();
    for (const response of await Promise.all(answered)) expect(response.status).to.equal(201);
    service.kill('SIGTERM');
    await stopped();
    expect(await inQueue()).to.equal(MAX_REQUESTS);
  });

  it('finishes on SIGTERM the requests under way, and publishes what it has accepted', async () => {
    const { letGo, asked } = hold();
    const count = 60;
    for (let sent = 0; sent < count; sent += 1) expect((await post('/users', ada)).status).to.equal(202);
    const confirmed = post('/users/confirmed', ada);
    const late = await begin(`${url}/users`, '{"userId":"late",');
    await asked(MAX_REQUESTS + 1);

    service.kill('SIGTERM');
    await statusesUntilRefused(url);
    late.end('"email":"late@example.org"}');
    const [response] = (await once(late, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).to.equal(202);
    expect(await inQueue()).to.equal(0);
    letGo();
    expect((await confirmed).status).to.equal(201);
    await stopped();
    expect(await inQueue()).to.equal(count + 2);
  });

  it('has published, when it was stopped in the middle, all that was answered with 202, and nothing else', async () => {
    let accepted = 0;
    const send = async (): Promise<void> => {
      for (;;) {
        const response = await post('/users', ada).catch(() => undefined);
        if (response?.status !== 202) return;
        accepted += 1;
        if (accepted === 200) service.kill('SIGTERM');
      }
    };
    await Promise.all(Array.from({ length: 20 }, send));
    await stopped();
    expect(accepted).to.be.at.least(200);
    expect(await inQueue()).to.equal(accepted);
  });
});
