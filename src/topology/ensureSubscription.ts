import { catchError, concat, endWith, ignoreElements, mergeMap, type Observable, throwError } from 'rxjs';
import type { Attributes, MessagingPort } from '../client/client.js';
import { isSameJson } from './canonical.js';
import { isRefused } from './ensureTopic.js';
import { retrying } from './resolve.js';

/**
 * Subscribes the queue to the topic, and sets those attributes that differ. Emits the ARN. Subscribe gives the ARN of a
 * subscription that is there, and refuses attributes that differ; without any it refuses nothing.
 */
export function ensureSubscription(
  port: MessagingPort,
  topicArn: string,
  queueArn: string,
  wanted: Attributes,
): Observable<string> {
  const { subscribe, getSubscriptionAttributes, setSubscriptionAttribute } = port.calls;
  return subscribe({ topicArn, queueArn, attributes: wanted }).pipe(
    catchError((error: unknown) =>
      isRefused(error) ? subscribe({ topicArn, queueArn, attributes: {} }) : throwError(() => error),
    ),
    retrying(port),
    mergeMap((subscriptionArn) =>
      getSubscriptionAttributes({ subscriptionArn }).pipe(
        retrying(port),
        mergeMap((current) =>
          concat(
            ...Object.entries(wanted)
              .filter(([name, value]) => !isSameJson(current[name] ?? '', value))
              .map(([name, value]) => setSubscriptionAttribute({ subscriptionArn, name, value }).pipe(retrying(port))),
          ),
        ),
        ignoreElements(),
        endWith(subscriptionArn),
      ),
    ),
  );
}
