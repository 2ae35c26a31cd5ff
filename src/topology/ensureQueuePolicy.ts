import * as E from 'fp-ts/lib/Either.js';
import { defer, ignoreElements, type Observable, throwError } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import { type Queue, setAttributes } from './ensureQueue.js';
import { mergedQueuePolicy } from './queuePolicy.js';

/** Lets the topic send to the queue; completes once that is so. */
export function ensureQueuePolicy(port: MessagingPort, queue: Queue, topicArn: string): Observable<never> {
  return defer(() => {
    const merged = mergedQueuePolicy(queue.attributes.Policy, queue.arn, topicArn);
    if (E.isLeft(merged)) return throwError(() => merged.left);
    const attributes = merged.right === undefined ? {} : { Policy: merged.right };
    return setAttributes(port, queue.url, attributes).pipe(ignoreElements());
  });
}
