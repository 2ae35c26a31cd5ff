import { defer, firstValueFrom, lastValueFrom, tap } from 'rxjs';
import { ackMap, createClient, fromTopic, provision, retryWithBackoff } from 'rxjs-aws-messaging';
import { configOrExit } from './config-from-env.js';
import { UserEvents, type UserCreated } from './events.js';
import { isMain } from './isMain.js';

/** Stands for the work: a row in a database, a mail, a call to another service. */
async function save({ userId, email, createdAt }: UserCreated): Promise<string> {
  await Promise.resolve();
  return `saved user ${userId}, ${email}, created in ${createdAt.getUTCFullYear()}`;
}

/** Handles messages until `signal` aborts; what is in flight then is finished and acknowledged. */
export async function main(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const client = createClient(configOrExit(env));
  try {
    await firstValueFrom(provision(client, UserEvents));
    const saved$ = fromTopic(client, UserEvents, { maxInFlight: 50, stop: signal }).pipe(
      ackMap(
        // Two levers: a quick retry in place holds the message; when that fails too, SQS redelivers it with backoff.
        (user) => defer(() => save(user)).pipe(retryWithBackoff({ maxRetries: 2, backoff: { initialMs: 50 } })),
        { concurrency: 10, timeoutMs: 30_000 },
      ),
      tap((line) => console.log(line)),
    );
    // One subscription: `fromTopic` is cold, a second one would be a second consumer.
    await lastValueFrom(saved$, { defaultValue: undefined });
  } finally {
    await client.close();
  }
}

if (isMain(import.meta.url)) {
  const stop = new AbortController();
  // Once: a second Ctrl-C ends the process the hard way.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  console.log('waiting for users, Ctrl-C stops');
  await main(process.env, stop.signal);
  console.log('stopped, nothing left in flight');
}
