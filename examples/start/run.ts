import { once } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { firstValueFrom, fromEvent, lastValueFrom, takeUntil, tap, timeout } from 'rxjs';
import { type AWSMessagingConfig, createClient, type MessagingClient, provision } from 'rxjs-aws-messaging';
import { UserEvents } from '../events.js';
import { type Books, openBooks } from './books.js';
import { welcomeUsers } from './consuming.js';
import { explain } from './explain.js';
import { type Halt, isSignal } from './halt.js';
import { injectBadBodies } from './injecting.js';
import { showProgress } from './progress.js';
import { publishAll } from './publishing.js';
import { openQueues, type QueueCounts, type Queues } from './queues.js';
import { badBodiesFor } from './scenario.js';
import { whenStalled } from './stalled.js';
import type { Outcome } from './verdict.js';

const PROVISION_TIMEOUT_MS = 20_000;

/** Provisions, publishes and consumes, drains, and gives what is then known. */
export async function run(config: AWSMessagingConfig, count: number, halt: Halt): Promise<Outcome> {
  const client = createClient(config);
  const books = openBooks(client);
  try {
    const topology = await firstValueFrom(
      provision(client, UserEvents).pipe(timeout(PROVISION_TIMEOUT_MS), takeUntil(fromEvent(halt.sending, 'abort'))),
    );
    console.log(`topic: ${topology.topicArn}\nqueue: ${topology.queueUrl}\n`);
    const queues = openQueues(config, topology);
    const before = await queues.counts();
    const { sent, injected } = await exchange(client, queues, books, count, halt);
    const closing = await client.close().then(
      () => [],
      (error: unknown) => [explain(error)],
    );
    const stalling = halt.reason === 'stalled' ? ['nothing got done any more, so it was given up'] : [];

    const isSettled = ({ visible, inFlight, deadLetters }: QueueCounts): boolean =>
      halt.waiting.aborted || (visible + inFlight === 0 && deadLetters >= before.deadLetters + injected);
    const after = await queues.countsOnce(isSettled).then(E.right, (error: unknown) => E.left(explain(error)));
    queues.close();
    const stoppedBy = isSignal(halt.reason) ? halt.reason : undefined;
    return { ...books, count: sent, stoppedBy, injected, before, after, troubles: [...stalling, ...closing] };
  } finally {
    // Also where something failed half-way; closing twice is closing once.
    await client.close().catch(() => undefined);
  }
}

/**
 * Both ways at once, until all that was sent is accounted for and the consumer has drained. Gives how many events were
 * handed in, and how many messages were put into the queue past SNS: fewer where the run was halted.
 */
async function exchange(
  client: MessagingClient,
  queues: Queues,
  books: Books,
  count: number,
  halt: Halt,
): Promise<{ readonly sent: number; readonly injected: number }> {
  const { tally, users, badBodies, welcomed } = books;
  const toInject = badBodiesFor(count);
  const progress = showProgress(tally, count + toInject);
  halt.sending.addEventListener('abort', () => {
    progress.unsubscribe();
    if (isSignal(halt.reason)) console.error('Stopping: what was sent is handled. Ctrl-C again ends at once.');
  });
  halt.waiting.addEventListener('abort', () => {
    if (halt.reason === 'stalled') console.error('Nothing got done for a while: giving up.');
  });
  whenStalled(client, () => halt.because('stalled'));
  try {
    const both = Promise.all([
      publishAll(client, users, count, halt.sending),
      injectBadBodies(queues, badBodies, toInject, halt.sending),
    ]);
    const complete = (): Promise<unknown> => Promise.all([users.complete(), badBodies.complete()]);
    // The consumer stops after the producer has flushed, whatever the reason.
    const stop = both.then(() => Promise.race([complete(), aborted(halt.waiting)]));
    const welcomed$ = welcomeUsers(client, stop).pipe(tap(welcomed));
    const [[sent, injected]] = await Promise.all([both, lastValueFrom(welcomed$, { defaultValue: undefined })]);
    return { sent, injected };
  } catch (error) {
    halt.because('failed');
    throw error;
  } finally {
    progress.unsubscribe();
  }
}

const aborted = (signal: AbortSignal): Promise<unknown> => (signal.aborted ? Promise.resolve() : once(signal, 'abort'));
