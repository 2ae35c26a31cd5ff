import * as E from 'fp-ts/lib/Either.js';
import { firstValueFrom, from, lastValueFrom, tap } from 'rxjs';
import { createClient, provision, publishEvent, publishTo } from 'rxjs-aws-messaging';
import { configOrExit } from './config-from-env.js';
import { UserEvents, type UserCreated } from './events.js';
import { isMain } from './isMain.js';

const signUps: readonly UserCreated[] = [
  { userId: '1', email: 'ada@example.org', createdAt: new Date() },
  { userId: '2', email: 'grace@example.org', createdAt: new Date() },
  // Typed wrong on the way here, as data from elsewhere can be. It is refused, and the stream goes on.
  { userId: '3', createdAt: new Date() } as UserCreated,
  { userId: '4', email: 'edsger@example.org', createdAt: new Date() },
];

/** Publishes a stream of values, and then a single one. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const client = createClient(configOrExit(env));
  try {
    // Idempotent. Where others provision, give `accountId` or `topicMap` instead: a producer needs the topic's ARN.
    await firstValueFrom(provision(client, UserEvents));

    // An operator: one result for each value, as they become known.
    const results$ = from(signUps).pipe(
      publishTo(client, UserEvents),
      tap((result) => {
        if (E.isRight(result)) console.log(`published user ${result.right.value.userId}: ${result.right.messageId}`);
        else console.log(`refused user ${result.left.value.userId}: ${result.left.error.message}`);
      }),
    );
    await lastValueFrom(results$);

    // A promise: rejects with the typed error.
    const barbara = { userId: '5', email: 'barbara@example.org', createdAt: new Date() };
    const { messageId } = await publishEvent(client, UserEvents, barbara);
    console.log(`published user 5: ${messageId}`);
  } finally {
    await client.close();
  }
}

if (isMain(import.meta.url)) await main(process.env);
