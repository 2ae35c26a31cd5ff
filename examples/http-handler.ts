import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { fastify, type FastifyReply } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { firstValueFrom } from 'rxjs';
import {
  createClient,
  MessagingError,
  provision,
  publishEvent,
  type PublishResult,
  toTopic,
  ValidationFailedError,
} from 'rxjs-aws-messaging';
import { configOrExit } from './config-from-env.js';
import { UserEvents, type UserCreated } from './events.js';
import { isMain } from './isMain.js';

/** How long a client is left waiting for SNS. */
const PATIENCE_MS = 3_000;

/** Publishes users that come in by HTTP, until `signal` aborts; then whatever was answered with 202 has its result first. */
export async function main(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const client = createClient(configOrExit(env));
  await firstValueFrom(provision(client, UserEvents));
  // One for the life of the process: all requests share its batches, its bound, and the one place that hears of failures.
  const users = toTopic(client, UserEvents, { maxPending: 300 });
  const ended = users.forEach(logFailure);

  // Less than the topic takes; and `close()` would wait for a silent connection as long as it lasts.
  const app = fastify({ bodyLimit: 65_536, connectionTimeout: 2 * PATIENCE_MS });
  // Fire and forget: answered before SNS is asked, so what SNS says is for the log alone.
  app.post('/users', (request, reply) => {
    const refused = users.offer(userIn(request.body));
    if (refused !== undefined) throw refused.error;
    return reply.code(202).send();
  });
  // Answered when SNS has it. Who is told 503 and sends it again may bring it about twice: consumers are idempotent.
  app.post('/users/confirmed', async (request, reply) => {
    const options = { signal: patience(reply) };
    const { messageId } = await publishEvent(client, UserEvents, userIn(request.body), options);
    return reply.code(201).send({ messageId });
  });
  app.setErrorHandler((error: HttpError, _request, reply) => {
    const status = statusOf(error);
    if (status === 500) console.error(`${error.name}: ${error.message}`);
    if (status === 503) reply.header('retry-after', 1);
    // A ValidationFailedError names the fields, never what is in them. Of our own troubles nobody outside is told.
    return reply.code(status).send({ message: status < 500 ? error.message : STATUS_CODES[status] });
  });
  // While stopping no connection is kept open for a next request.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (signal.aborted) reply.header('connection', 'close');
    done();
  });
  console.log(`listening on ${await app.listen({ port: Number(env.PORT ?? 0), host: '127.0.0.1' })}`);

  if (!signal.aborted) await once(signal, 'abort');
  // 1. No new requests. Those under way are answered, for which they need the sink and the client.
  await app.close();
  // 2. What was accepted is published, or its failure logged, within `timeoutMs` of the configuration.
  users.complete();
  await client.close();
  await ended;
}

/** The user in a body, whatever it is: the library checks it against the codec. Fields that have no name here stay out. */
function userIn(body: unknown): UserCreated {
  const { userId, email } = (body ?? {}) as UserCreated;
  return { userId, email, createdAt: new Date() };
}

/** What Fastify answers an error that it knows with. */
interface HttpError extends Error {
  readonly statusCode?: number;
}

/** Aborts when the client has gone, or has waited for long. Fastify's `request.signal` and `handlerTimeout` end with the body. */
function patience({ raw }: FastifyReply): AbortSignal {
  const waiting = new AbortController();
  const giveUp = (): void => waiting.abort(Object.assign(new Error('gave up'), { statusCode: 503 }));
  const timer = setTimeout(giveUp, PATIENCE_MS);
  raw.once('close', () => {
    clearTimeout(timer);
    giveUp();
  });
  return waiting.signal;
}

function statusOf(error: HttpError): number {
  if (error instanceof ValidationFailedError) return 400;
  // Retryable: too many wait (an OverflowError), or SNS is away.
  if (error instanceof MessagingError) return error.retryable ? 503 : 500;
  // `patience`, or Fastify's own, such as 400 for a body that is not JSON.
  return error.statusCode ?? 500;
}

/** Of a failure everything may be logged but its value. */
function logFailure(result: PublishResult<UserCreated>): void {
  if (E.isLeft(result)) console.error(`${result.left.error._tag}: ${result.left.error.message}`);
}

if (isMain(import.meta.url)) {
  const stop = new AbortController();
  // Once: a second signal ends the process the hard way.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  await main(process.env, stop.signal);
  console.log('stopped, nothing accepted is left');
}
