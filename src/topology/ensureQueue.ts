import { catchError, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { Attributes, MessagingPort } from '../client/client.js';
import { AWSConnectionError } from '../errors.js';
import { retryWithBackoff } from '../operators/retryWithBackoff.js';
import type { AnyTopic } from '../topic.js';
import type { Place } from './arn.js';
import { canonical } from './canonical.js';
import { readRedrivePolicy } from './redrivePolicy.js';
import { hasCode, isMissing, isTransient, retrying } from './resolve.js';

/** A queue as it was found or made. */
export interface Queue {
  readonly url: string;
  readonly arn: string;
  readonly attributes: Attributes;
}

/**
 * Makes the queue where it is missing, and sets those attributes that differ. It is looked for first: CreateQueue gives the
 * URL of a queue that is there only while all attributes agree.
 */
export function ensureQueue(port: MessagingPort, topic: AnyTopic, place: Place, own: Attributes): Observable<Queue> {
  const wanted = { ...own, ...fifoAttributes(topic) };
  return locate(port, place, wanted).pipe(
    mergeMap((url) =>
      port.calls.getQueueAttributes({ queueUrl: url, names: ['All'] }).pipe(
        onceThere(port),
        mergeMap((attributes) => {
          const { QueueArn: arn } = attributes;
          if (arn === undefined) return throwError(() => withoutArn(url));
          const queue = { url, arn, attributes };
          return setAttributes(port, url, differing(attributes, wanted)).pipe(map(() => queue));
        }),
      ),
    ),
  );
}

/** Sets attributes of a queue, which may be a moment old; makes no call for none. Emits once. */
export function setAttributes(port: MessagingPort, queueUrl: string, attributes: Attributes): Observable<void> {
  return Object.keys(attributes).length === 0
    ? of(undefined)
    : port.calls.setQueueAttributes({ queueUrl, attributes }).pipe(onceThere(port));
}

/** High throughput: deduplication and throughput a message group, which is what a lane a group can use. */
function fifoAttributes({ kind, contentBasedDeduplication }: AnyTopic): Attributes {
  if (kind === 'standard') return {};
  return {
    FifoQueue: 'true',
    ContentBasedDeduplication: String(contentBasedDeduplication),
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
}

function locate(port: MessagingPort, place: Place, attributes: Attributes): Observable<string> {
  const { name, arn, url, accountId } = place;
  if (url !== undefined) return of(url);
  const find$ = port.calls.getQueueUrl({ queueName: name, accountId });
  const create$ = port.calls.createQueue({ queueName: name, attributes }).pipe(
    // Somebody else was faster by a moment, with other attributes.
    catchError((error: unknown) => (hasCode(error, 'QueueNameExists') ? find$ : throwError(() => named(error, name)))),
  );
  return find$.pipe(
    catchError((error: unknown) => (isMissing(error) && arn === undefined ? create$ : throwError(() => error))),
    retrying(port),
  );
}

/** What differs of what is there. */
function differing(current: Attributes, wanted: Attributes): Attributes {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !agrees(name, value, current)));
}

function agrees(name: string, value: string, current: Attributes): boolean {
  if (name === 'RedrivePolicy') {
    return canonical(readRedrivePolicy(current[name])) === canonical(readRedrivePolicy(value));
  }
  // A queue with a KMS key is encrypted already; SQS's own encryption would replace that.
  if (name === 'SqsManagedSseEnabled' && (current.KmsMasterKeyId ?? '') !== '') return true;
  // What a service does not tell of, an emulator for one, can't be set there either.
  return (current[name] ?? value) === value;
}

/** SQS may not know a queue in the first second of its life. */
export function onceThere<T>({ settings: { retryAttempts } }: MessagingPort) {
  return retryWithBackoff<T>({
    maxRetries: retryAttempts,
    backoff: { initialMs: 500, maxMs: 5_000, jitter: 'none' },
    shouldRetry: (error) => isMissing(error) || isTransient(error),
  });
}

function withoutArn(queue: string): AWSConnectionError {
  const detail = 'the endpoint does not tell the ARN of the queue';
  return new AWSConnectionError({
    operation: 'GetQueueAttributes',
    code: 'BadResponse',
    retryable: false,
    detail,
    queue,
  });
}

/** Says which of the queues was deleted a moment ago. */
function named(error: unknown, queue: string): unknown {
  if (!hasCode(error, 'QueueDeletedRecently')) return error;
  return new AWSConnectionError({
    operation: 'CreateQueue',
    code: 'QueueDeletedRecently',
    retryable: false,
    detail: `the queue ${queue} was deleted a moment ago; wait 60 seconds before making it again`,
    queue,
    cause: error,
  });
}
