import { lastValueFrom, type Observable, of, Subject, tap, throwError } from 'rxjs';
import {
  ackMap,
  createClient,
  fromTopic,
  type MessagingClient,
  provision,
  publishEvent,
  retryAfter,
} from 'rxjs-aws-messaging';
import { messagingTest, recordMarbles } from 'rxjs-aws-messaging/testing';
import { startEmulator } from './emulator.js';
import { UserEvents, type UserCreated } from './events.js';
import { isMain } from './isMain.js';

const createdAt = new Date('2026-11-25T12:00:00Z');
const users = {
  a: { userId: 'ada', email: 'ada@example.org', createdAt },
  b: { userId: 'bob', email: 'bob@example.org', createdAt },
};

/** The pipeline: ada's mail server is away for two attempts. */
function welcomes(client: MessagingClient, stop$: Observable<unknown>): Observable<string> {
  let attempts = 0;
  const welcome = ({ userId }: UserCreated): Observable<string> => {
    if (userId !== 'ada') return of(userId);
    attempts += 1;
    return attempts < 3 ? throwError(() => new Error('the mail server is away')) : of(userId);
  };
  return fromTopic(client, UserEvents, { stop: stop$ }).pipe(ackMap(welcome, { onError: () => retryAfter(2_000) }));
}

/** Runs it on the clock, against an emulator, and records what happens. */
async function record(): Promise<string> {
  const emulator = await startEmulator();
  const client = createClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    environment: 'dev',
    accountId: '000000000000',
    endpoint: emulator.url,
  });
  await lastValueFrom(provision(client, UserEvents));
  const recording = recordMarbles(client.events$, { topic: UserEvents, width: 72 });
  const stop = new Subject<void>();
  let open = 2;
  const stopAtLast = tap(() => {
    open -= 1;
    if (open === 0) stop.next();
  });
  const both = lastValueFrom(welcomes(client, stop).pipe(stopAtLast));
  await publishEvent(client, UserEvents, users.a);
  await publishEvent(client, UserEvents, users.b);
  await both;
  await client.close();
  await emulator.stop();
  return recording.diagram();
}

/** Runs it on virtual time. In a test of yours the diagram is the text that you have pasted. */
function replay(diagram: string): void {
  messagingTest(({ broker, replay: replayed }) => {
    welcomes(broker, new Subject()).subscribe();
    // The clock of a busy machine is not exact.
    replayed(UserEvents, diagram, users, { toleranceColumns: 3 });
  });
}

if (isMain(import.meta.url)) {
  console.log('recording five seconds of an emulator');
  const diagram = await record();
  console.log(`\n${diagram}\n`);
  const startedAt = performance.now();
  replay(diagram);
  console.log(`replayed on virtual time in ${Math.round(performance.now() - startedAt)} ms: as it was recorded`);
}
