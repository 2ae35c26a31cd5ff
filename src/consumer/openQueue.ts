import { type Observable, retry, throwError, timer } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import { AWSConnectionError } from '../errors.js';
import { errorInfo } from '../events.js';
import { queuePlace } from '../topology/names.js';
import { queueUrl } from '../topology/resolve.js';
import type { Topic } from '../topic.js';
import { pollBackoff } from './pollBackoff.js';
import { tell } from './queueContext.js';

/** The URL of the queue that belongs to a topic. Where AWS can't be reached just now it is asked again, with backoff. */
export function openQueue<A>(
  port: MessagingPort,
  topic: Topic<A>,
  onFailure: (consecutiveFailures: number) => void,
): Observable<string> {
  const backoff = pollBackoff(port);
  return queueUrl(port, topic).pipe(
    retry({
      delay: (error: unknown, consecutiveFailures) => {
        if (!(error instanceof AWSConnectionError && error.retryable)) return throwError(() => error);
        const retryInMs = backoff(consecutiveFailures);
        const context = { port, topic: topic.name, queueUrl: queuePlace(port.settings, topic).name };
        onFailure(consecutiveFailures);
        tell(context, () => ({ type: 'pollFailed', error: errorInfo(error), consecutiveFailures, retryInMs }));
        return timer(retryInMs);
      },
    }),
  );
}
