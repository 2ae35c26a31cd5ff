import { concat, defer, map, mergeMap, type Observable, tap } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import type { AnyTopic } from '../topic.js';
import { placeOf } from './arn.js';
import { ensureQueue } from './ensureQueue.js';
import { ensureQueuePolicy } from './ensureQueuePolicy.js';
import { ensureSubscription } from './ensureSubscription.js';
import { ensureTopic } from './ensureTopic.js';
import { deadLetterQueueName, queuePlace, topicPlace } from './names.js';
import { type ProvisionOptions, provisionSettings } from './provisionOptions.js';
import { rememberQueueUrl } from './resolve.js';

export type { ProvisionOptions };

/** What `provision` made or found. */
export interface Topology {
  readonly topicArn: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly deadLetterQueueUrl: string;
  readonly deadLetterQueueArn: string;
  readonly subscriptionArn: string;
}

/**
 * Makes what a topic and this service's queue need: topic, dead-letter queue, queue, queue policy, subscription. Cold and
 * idempotent: what is there stays, what differs from the options is set, statements of others in the queue's policy are
 * kept, and a second run writes nothing. A topic that `topicMap` names by its ARN, or a queue that `queueMap` names by ARN
 * or URL, is taken as it is found: it is set up, but not made.
 *
 * ```text
 * provision  ---(t|)
 * ```
 *
 * Errors: ConfigurationError for an impossible name, or for a topic or policy that can't be brought in line;
 * AWSConnectionError where AWS refuses, such as `QueueDeletedRecently` within 60 seconds of a queue's deletion.
 *
 * @example
 * ```ts
 * import { lastValueFrom } from 'rxjs';
 * import { provision } from 'rxjs-aws-messaging';
 *
 * const { queueUrl } = await lastValueFrom(provision(client, UserEvents));
 * ```
 *
 * @throws ConfigurationError at once, when an option is out of its range.
 */
export function provision(
  { port }: MessagingClient,
  topic: AnyTopic,
  options: ProvisionOptions = {},
): Observable<Topology> {
  const settings = provisionSettings(options);
  return defer(() => {
    // Every name is checked before the first call.
    const topicAt = topicPlace(port.settings, topic);
    const queueAt = queuePlace(port.settings, topic);
    const deadLettersAt = placeOf(deadLetterQueueName(queueAt.name));
    return ensureTopic(port, topic, topicAt).pipe(
      mergeMap((topicArn) =>
        ensureQueue(port, topic, deadLettersAt, settings.deadLetterQueue).pipe(
          map((deadLetters) => ({ topicArn, deadLetters })),
        ),
      ),
      mergeMap((made) =>
        ensureQueue(port, topic, queueAt, settings.queue(made.deadLetters.arn)).pipe(
          map((queue) => ({ ...made, queue })),
        ),
      ),
      tap(({ queue }) => {
        rememberQueueUrl(port, topic, queue.url);
      }),
      mergeMap(({ topicArn, deadLetters, queue }) =>
        concat(
          ensureQueuePolicy(port, queue, topicArn),
          ensureSubscription(port, topicArn, queue.arn, settings.subscription),
        ).pipe(
          map((subscriptionArn) => ({
            topicArn,
            queueUrl: queue.url,
            queueArn: queue.arn,
            deadLetterQueueUrl: deadLetters.url,
            deadLetterQueueArn: deadLetters.arn,
            subscriptionArn,
          })),
        ),
      ),
    );
  });
}
