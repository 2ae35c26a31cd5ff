import { defer, type Observable, of } from 'rxjs';
import { classify } from '../client/classify.js';
import type { AwsCalls, MessagingClient, PortSettings } from '../client/client.js';
import { OPERATIONS } from '../client/operations.js';
import { resourceOf } from '../client/resourceOf.js';
import { ConfigurationError } from '../errors.js';
import type { Place } from '../topology/arn.js';
import { queuePlace, topicPlace } from '../topology/names.js';
import { provision, type ProvisionOptions, type Topology } from '../topology/provision.js';
import type { AnyTopic } from '../topic.js';
import type { Account } from './account.js';
import type { Effects } from './effects.js';
import { Refusal } from './refusal.js';

/** Provisions while it is called, by the library's own `provision`. @throws what that errors with. */
export function provisionNow(
  account: Account,
  effects: Effects,
  client: MessagingClient,
  topic: AnyTopic,
  options?: ProvisionOptions,
): Topology {
  const { settings } = client.port;
  makeMapped(account, settings, topic);
  const port = { ...client.port, calls: immediate(effects), settings: { ...settings, retryAttempts: 0 } };
  return outcomeOf(provision({ ...client, port }, topic, options));
}

/** What is named by ARN or URL `provision` takes as it is found, so it has to be there. */
function makeMapped(account: Account, settings: PortSettings, topic: AnyTopic): void {
  const fifo = topic.kind === 'fifo';
  const content: Record<string, string> =
    fifo && topic.contentBasedDeduplication ? { ContentBasedDeduplication: 'true' } : {};
  const topicAt = topicPlace(settings, topic);
  if (isMapped(settings, topicAt) && account.findTopic(topicAt.arn ?? '') === undefined) {
    account.createTopic(topicAt.name, fifo ? { FifoTopic: 'true', ...content } : {});
  }
  const queueAt = queuePlace(settings, topic);
  if (isMapped(settings, queueAt) && account.queueNamed(queueAt.name) === undefined) {
    account.createQueue(queueAt.name, fifo ? { FifoQueue: 'true', ...content } : {});
  }
}

/** @throws ConfigurationError for what is elsewhere: there is one account, in one region. */
function isMapped({ accountId, region }: PortSettings, place: Place): boolean {
  if (place.arn === undefined && place.url === undefined) return false;
  const isElsewhere =
    (place.accountId ?? accountId) !== accountId ||
    (place.region ?? region) !== region ||
    (place.url !== undefined && place.url !== `https://sqs.${region}.amazonaws.com/${accountId ?? ''}/${place.name}`);
  const message = `is not in the account of the broker, ${accountId ?? ''} in ${region}: its options say which that is`;
  if (isElsewhere) throw new ConfigurationError([{ path: place.arn ?? place.url ?? '', message }]);
  return true;
}

/** The calls without a way: answered while they are made, and by no plan of faults. */
function immediate(effects: Effects): AwsCalls {
  const entries = Object.entries(effects).map(([call, effect]) => [
    call,
    (request: unknown) =>
      defer(() => {
        try {
          return of((effect as (request: unknown) => unknown)(request));
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          throw classify({ name: error.code }, OPERATIONS[call as keyof AwsCalls], resourceOf(request));
        }
      }),
  ]);
  // Each entry keeps its own request and response. Of receives, which take time, there are none.
  return Object.fromEntries(entries) as AwsCalls;
}

/** What an Observable that takes no time emits. */
function outcomeOf<T>(source: Observable<T>): T {
  const outcome: { value?: T; error?: unknown } = {};
  source
    .subscribe({
      next: (value) => {
        outcome.value = value;
      },
      error: (error: unknown) => {
        outcome.error = error;
      },
    })
    .unsubscribe();
  if ('value' in outcome) return outcome.value;
  throw outcome.error;
}
