import { asyncScheduler, defer, map, type Observable, of, timer } from 'rxjs';
import type { AwsCalls, BatchResponse, PublishedEntry } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';

export interface TokenBucketOptions {
  /** Requests a second; a spec may change it. */
  perSecond: number;
  readonly latencyMs?: number;
  /** What is throttled: the whole request, or one entry of it in an answer of 200. */
  readonly refuses?: 'requests' | 'entries';
}

/** SNS as it throttles, on virtual time: it takes a second's requests at once, and then those of its rate. */
export interface TokenBucket {
  readonly calls: Pick<AwsCalls, 'publishBatch'>;
  readonly options: TokenBucketOptions;
  /** Requests that began from one time to another, in milliseconds; those that were throttled, and all. */
  readonly count: (from: number, to: number) => { readonly made: number; readonly throttled: number };
}

export function tokenBucket(options: TokenBucketOptions): TokenBucket {
  const made: { readonly at: number; readonly isThrottled: boolean }[] = [];
  let tokens = options.perSecond;
  let filledAt = 0;

  const isThrottled = (): boolean => {
    const now = asyncScheduler.now();
    tokens = Math.min(options.perSecond, tokens + ((now - filledAt) * options.perSecond) / 1_000);
    filledAt = now;
    const refused = tokens < 1;
    if (!refused) tokens -= 1;
    made.push({ at: now, isThrottled: refused });
    return refused;
  };

  const publishBatch: AwsCalls['publishBatch'] = ({ entries }) =>
    defer((): Observable<BatchResponse<PublishedEntry>> => {
      const refused = isThrottled();
      const successful = entries.map(({ id }) => ({ id, messageId: `id-${id}` }));
      const answer = (): BatchResponse<PublishedEntry> => {
        if (!refused) return { successful, failed: [] };
        if (options.refuses !== 'entries') throw throttle();
        return { successful: successful.slice(1), failed: [{ id: '0', code: 'Throttled', senderFault: false }] };
      };
      const { latencyMs = 5 } = options;
      return (latencyMs === 0 ? of(0) : timer(latencyMs)).pipe(map(answer));
    });

  return {
    calls: { publishBatch },
    options,
    count: (from, to) => {
      const within = made.filter(({ at }) => at >= from && at < to);
      return { made: within.length, throttled: within.filter((request) => request.isThrottled).length };
    },
  };
}

const throttle = () =>
  new AWSConnectionError({ operation: 'PublishBatch', code: 'Throttling', retryable: true, throttled: true });
