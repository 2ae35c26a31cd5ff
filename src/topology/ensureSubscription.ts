import { catchError, concat, endWith, ignoreElements, mergeMap, type Observable, throwError } from 'rxjs';
import type { Attributes, MessagingPort } from '../client/client.js';
import { isSameJson } from './canonical.js';
import { isRefused } from './ensureTopic.js';
import { retrying } from './resolve.js';

/**
 * Subscribes the queue to the topic, and sets those attributes that differ. Emits the ARN. Subscribe gives the ARN of a
 * subscription that is there, and refuses attributes that differ; without any it refuses nothing. A filter may be refused
 * for itself too: a subscription that this makes lets nothing through until its filter is set.
 */
export function ensureSubscription(
  port: MessagingPort,
  topicArn: string,
  queueArn: string,
  wanted: Attributes,
): Observable<string> {
  const { subscribe, getSubscriptionAttributes, setSubscriptionAttribute } = port.calls;
  const closed = wanted.FilterPolicy === undefined ? [] : [{ ...wanted, FilterPolicy: NOTHING }];
  return firstAccepted([wanted, ...closed, {}], (attributes) => subscribe({ topicArn, queueArn, attributes })).pipe(
    retrying(port),
    mergeMap((subscriptionArn) =>
      getSubscriptionAttributes({ subscriptionArn }).pipe(
        retrying(port),
        mergeMap((current) =>
          concat(
            ...Object.entries(wanted)
              .filter(([name, value]) => !isSameJson(current[name] ?? DEFAULTS[name] ?? '', value))
              .map(([name, value]) => setSubscriptionAttribute({ subscriptionArn, name, value }).pipe(retrying(port))),
          ),
        ),
        ignoreElements(),
        endWith(subscriptionArn),
      ),
    ),
  );
}

/** What holds where nothing is said. */
const DEFAULTS: Attributes = { FilterPolicyScope: 'MessageAttributes' };

/** A filter that no message passes. */
const NOTHING = JSON.stringify({ 'rxjs-aws-messaging': ['nothing'] });

/** Makes the call with each of these until one is not refused. */
function firstAccepted(
  [attributes = {}, ...others]: readonly Attributes[],
  call: (attributes: Attributes) => Observable<string>,
): Observable<string> {
  return call(attributes).pipe(
    catchError((error: unknown) =>
      isRefused(error) && others.length > 0 ? firstAccepted(others, call) : throwError(() => error),
    ),
  );
}
