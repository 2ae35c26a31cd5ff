import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { createClient, provision, publishEvent, runConsumer, ValidationFailedError } from 'rxjs-aws-messaging';
import { configOrExit } from './config-from-env.js';
import { UserEvents, type UserCreated } from './events.js';
import { isMain } from './isMain.js';
import { problemsOf } from './readiness.js';

/** An HTTP service that publishes what it is sent, and consumes beside it. */
export interface Service {
  readonly url: string;
  /** Rejects when the consumer can't go on, such as when its queue was deleted. */
  readonly failed: Promise<never>;
  /** Ends in order: nothing that was begun is lost. */
  stop(): Promise<void>;
}

/** Stands for sending a mail. */
async function welcome({ userId }: UserCreated): Promise<void> {
  console.log(`welcoming ${userId}`);
  await sleep(200);
  console.log(`welcomed ${userId}`);
}

export async function startService(env: NodeJS.ProcessEnv): Promise<Service> {
  const client = createClient(configOrExit(env));
  await firstValueFrom(provision(client, UserEvents));
  const stopping = new AbortController();
  const consuming = runConsumer(client, UserEvents, welcome, { signal: stopping.signal });

  const createUser = async (request: IncomingMessage): Promise<string> => {
    // What came in is not trusted: `publishEvent` checks it against the codec.
    const user = { ...(JSON.parse(await text(request)) as UserCreated), createdAt: new Date() };
    const { messageId } = await publishEvent(client, UserEvents, user);
    return messageId;
  };
  const reply = (response: ServerResponse, status: number, body?: string): void => {
    // While stopping no connection is kept open for a next request.
    if (stopping.signal.aborted) response.setHeader('connection', 'close');
    response.writeHead(status).end(body);
  };
  const isReady = (): boolean => !stopping.signal.aborted && problemsOf(client.health(), UserEvents).length === 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /ready':
        reply(response, isReady() ? 200 : 503, JSON.stringify({ problems: problemsOf(client.health(), UserEvents) }));
        break;
      case 'GET /health':
        reply(response, 200, JSON.stringify(client.health()));
        break;
      case 'POST /users':
        reply(response, 202, await createUser(request));
        break;
      default:
        reply(response, 404);
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Its text names the fields, never what is in them, so it may be shown.
      if (error instanceof ValidationFailedError) reply(response, 400, error.message);
      else reply(response, error instanceof SyntaxError ? 400 : 503);
    });
  });
  server.listen(Number(env.PORT ?? 0), '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object, not the path of a pipe.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    failed: consuming.then(() => new Promise<never>(() => undefined)),
    stop: async () => {
      // 1. /ready says 503 from now on, and nothing new is received from the queue.
      stopping.abort();
      // 2. Handlers under way finish and are acknowledged. The server still answers, so that the probe is heard.
      await consuming.catch(() => undefined);
      // 3. No new connections; requests under way finish.
      server.close();
      await once(server, 'close');
      // 4. The client goes last: those requests needed it to publish.
      await client.close();
    },
  };
}

if (isMain(import.meta.url)) {
  const service = await startService(process.env);
  console.log(`listening on ${service.url}`);
  const asked = new Promise<void>((resolve) => {
    // Once: a second signal ends the process the hard way.
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  await Promise.race([asked, service.failed]).catch((error: unknown) => {
    console.error('the consumer failed:', error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
  await service.stop();
  console.log('stopped in order');
}
