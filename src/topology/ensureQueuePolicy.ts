import * as E from 'fp-ts/lib/Either.js';
import { ignoreElements, mergeMap, type Observable, throwError } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import { onceThere, type Queue, setAttributes } from './ensureQueue.js';
import { inTurn } from './inTurn.js';
import { mergedQueuePolicy } from './queuePolicy.js';

/**
 * Lets the topic send to the queue; completes once that is so. The policy is read and written in one go, one topic after
 * another: of two topics that share the queue neither takes the other's permission away.
 */
export function ensureQueuePolicy(port: MessagingPort, { url, arn }: Queue, topicArn: string): Observable<never> {
  const ensured$ = port.calls.getQueueAttributes({ queueUrl: url, names: ['Policy'] }).pipe(
    onceThere(port),
    mergeMap(({ Policy }) => {
      const merged = mergedQueuePolicy(Policy, arn, topicArn);
      if (E.isLeft(merged)) return throwError(() => merged.left);
      return setAttributes(port, url, merged.right === undefined ? {} : { Policy: merged.right });
    }),
    ignoreElements(),
  );
  return inTurn(port, url, ensured$);
}
