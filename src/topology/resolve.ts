import { asyncScheduler, catchError, defer, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import { AWSConnectionError, ConfigurationError, SubscriptionNotFoundError } from '../errors.js';
import { retryWithBackoff } from '../operators/retryWithBackoff.js';
import type { AnyTopic } from '../topic.js';
import { arnOf, type Place, placeOf } from './arn.js';
import { queuePlace, topicName, topicPlace } from './names.js';
import { readRedrivePolicy } from './redrivePolicy.js';
import { forget, once, recall, remember } from './remember.js';

/** For how long it is believed that a queue has no dead-letter queue. */
const ABSENT_FOR_MS = 60_000;

const topicKey = (name: string): string => `topic ${name}`;
const queueKey = ({ name, accountId = '' }: Place): string => `queue ${accountId} ${name}`;

/** Remembers the ARN that `provision` found, for the producers of this client. */
export function rememberTopicArn(port: MessagingPort, topic: AnyTopic, arn: string): void {
  remember(port, topicKey(topicName(port.settings, topic)), arn);
}

/** Remembers the URL that `provision` found: GetQueueUrl may not know a queue in its first second. */
export function rememberQueueUrl(port: MessagingPort, topic: AnyTopic, url: string): void {
  remember(port, queueKey(queuePlace(port.settings, topic)), url);
}

/**
 * The ARN of a topic, without a call: from `topicMap`, as `provision` found it, or built from `accountId`. Errors with a
 * ConfigurationError that names the three.
 */
export function topicArn(port: MessagingPort, topic: AnyTopic): Observable<string> {
  return defer(() => {
    const { region, accountId } = port.settings;
    const { arn, name } = topicPlace(port.settings, topic);
    if (arn !== undefined) return of(arn);
    const provisioned$ = recall<string>(port, topicKey(name));
    if (provisioned$ !== undefined) return provisioned$;
    return accountId === undefined ? throwError(() => unresolved(topic)) : of(arnOf('sns', region, accountId, name));
  });
}

function unresolved({ name }: AnyTopic): ConfigurationError {
  const path = `ARN of topic ${name}`;
  const message = 'give `accountId`, or its ARN in `topicMap`, or run `provision` on this client first';
  return new ConfigurationError([{ path, message }], { topic: name });
}

/** The URL of the queue that belongs to a topic. Errors with SubscriptionNotFoundError when there is none. */
export function queueUrl(port: MessagingPort, topic: AnyTopic): Observable<string> {
  return defer(() => {
    const place = queuePlace(port.settings, topic);
    if (place.url !== undefined) return of(place.url);
    const text = `there is no queue ${place.name}; provision() makes it`;
    return once(port, queueKey(place), () => lookUp(port, place)).pipe(
      whenMissing((cause) => new SubscriptionNotFoundError(text, { topic: topic.name, queue: place.name, cause })),
    );
  });
}

/** What is known of a queue's dead-letter queue, and since when. */
interface DeadLetters {
  readonly url: string | undefined;
  readonly readAt: number;
}

/** The URL of the dead-letter queue that a queue's redrive policy names; undefined when it names none. */
export function deadLetterQueueUrl(port: MessagingPort, queue: string): Observable<string | undefined> {
  const key = deadLettersOf(queue);
  return once(port, key, () => lookUpDeadLetters(port, queue)).pipe(
    mergeMap(({ url, readAt }) => {
      if (url !== undefined || asyncScheduler.now() - readAt < ABSENT_FOR_MS) return of(url);
      forget(port, key);
      return deadLetterQueueUrl(port, queue);
    }),
  );
}

/** Lets the dead-letter queue of a queue be looked up anew: what was remembered is no more. */
export function forgetDeadLetterQueue(port: MessagingPort, queue: string): void {
  forget(port, deadLettersOf(queue));
}

const deadLettersOf = (queue: string): string => `dead letters of ${queue}`;

function lookUpDeadLetters(port: MessagingPort, queue: string): Observable<DeadLetters> {
  return port.calls.getQueueAttributes({ queueUrl: queue, names: ['RedrivePolicy'] }).pipe(
    retrying(port),
    mergeMap(({ RedrivePolicy }) => {
      const policy = readRedrivePolicy(RedrivePolicy);
      return policy === undefined ? of(undefined) : lookUpTarget(port, queue, placeOf(policy.deadLetterTargetArn));
    }),
    map((url) => ({ url, readAt: asyncScheduler.now() })),
  );
}

function lookUpTarget(port: MessagingPort, queue: string, target: Place): Observable<string> {
  const text = `the dead-letter queue ${target.name} does not exist, though the redrive policy of its queue names it`;
  return lookUp(port, target).pipe(whenMissing((cause) => new SubscriptionNotFoundError(text, { queue, cause })));
}

function lookUp(port: MessagingPort, { name, accountId }: Place): Observable<string> {
  return port.calls.getQueueUrl({ queueName: name, accountId }).pipe(retrying(port));
}

/** Retries a call as often as the configuration says, where AWS or the network failed in passing. */
export function retrying<T>({ settings: { retryAttempts }, random }: MessagingPort) {
  return retryWithBackoff<T>({
    maxRetries: retryAttempts,
    backoff: { initialMs: 100, maxMs: 5_000, random },
    shouldRetry: isTransient,
  });
}

/** Whether trying again may help. */
export const isTransient = (error: unknown): boolean => error instanceof AWSConnectionError && error.retryable;

/** Whether it is an answer of AWS with this code. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof AWSConnectionError && error.code === code;

/** Whether AWS said that a queue does not exist. */
export const isMissing = (error: unknown): boolean => hasCode(error, 'QueueDoesNotExist');

function whenMissing<T>(meaning: (error: unknown) => SubscriptionNotFoundError) {
  return catchError<T, Observable<T>>((error: unknown) =>
    throwError(() => (isMissing(error) ? meaning(error) : error)),
  );
}
