import { catchError, type Observable, of, tap, throwError } from 'rxjs';
import type { Attributes, MessagingPort } from '../client/client.js';
import { AWSConnectionError, ConfigurationError } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import type { Place } from './arn.js';
import { rememberTopicArn, retrying } from './resolve.js';

/**
 * Makes the topic where it is missing, and remembers its ARN. CreateTopic gives the ARN of a topic that is there, as long as
 * no attribute is given that differs; so none is given that a topic could do without.
 */
export function ensureTopic(port: MessagingPort, topic: AnyTopic, { arn, name }: Place): Observable<string> {
  // A topic known by its ARN is somebody's already, perhaps of another account.
  if (arn !== undefined) return of(arn);
  return port.calls.createTopic({ name, attributes: attributesOf(topic) }).pipe(
    retrying(port),
    catchError((error: unknown) => throwError(() => (isRefused(error) ? differs(name, topic, error) : error))),
    tap((found) => {
      rememberTopicArn(port, topic, found);
    }),
  );
}

function attributesOf({ kind, contentBasedDeduplication }: AnyTopic): Attributes {
  if (kind === 'standard') return {};
  // A topic that deduplicates by content takes messages with ids as well; only the other way round there is a conflict.
  return { FifoTopic: 'true', ...(contentBasedDeduplication ? { ContentBasedDeduplication: 'true' } : {}) };
}

/** Whether SNS said that a parameter does not fit; its emulators leave the last word of the code out. */
export const isRefused = (error: unknown): boolean =>
  error instanceof AWSConnectionError && /^InvalidParameter(Exception)?$/.test(error.code);

function differs(name: string, topic: AnyTopic, cause: unknown): ConfigurationError {
  const message = topic.contentBasedDeduplication
    ? 'is there without content-based deduplication; switch that on, or give the topic a `deduplicationId`'
    : 'SNS refuses to make it, or it is there with other attributes';
  return new ConfigurationError([{ path: `topic ${name}`, message }], { topic: topic.name, cause });
}
