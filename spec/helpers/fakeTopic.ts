import * as E from 'fp-ts/lib/Either.js';
import { asyncScheduler, defer, map, of, timer } from 'rxjs';
import type { AwsCalls, FailedEntry, PublishedEntry, PublishEntry, PublishRequest } from '../../src/client/client.js';
import { MessagingError } from '../../src/errors.js';
import type { PublishResult } from '../../src/producer/publishResult.js';

/** How an entry fares: accepted, failed by SNS, or not mentioned in its answer. */
export type Fare = 'accepted' | 'unmentioned' | Pick<FailedEntry, 'code' | 'senderFault'>;

export interface FakeTopicOptions {
  /** How long a request takes, in milliseconds; 0 answers within the call. */
  readonly latencyMs?: number;
  /** What the request with this number, from 1, fails with. */
  readonly failure?: (request: number) => unknown;
  /** How the entry fares whose JSON value this is; `attempt` counts its requests from 1. */
  readonly fare?: (value: string, attempt: number) => Fare;
}

/** An SNS topic on virtual time. */
export interface FakeTopic {
  readonly calls: Pick<AwsCalls, 'publishBatch'>;
  /** Each request, such as `4: b c`: when it was made, and its values. */
  readonly log: string[];
  readonly requests: PublishRequest[];
  /** Values in the order in which SNS accepted them. */
  readonly accepted: string[];
}

/** Some reason to try again, and one that is none. */
export const BUSY = { code: 'InternalError', senderFault: false };
export const REFUSED = { code: 'InvalidParameter', senderFault: true };

export function fakeTopic({ latencyMs = 4, failure, fare }: FakeTopicOptions = {}): FakeTopic {
  const log: string[] = [];
  const requests: PublishRequest[] = [];
  const accepted: string[] = [];
  const attempts = new Map<string, number>();

  const answer = ({ entries }: PublishRequest): { successful: PublishedEntry[]; failed: FailedEntry[] } => {
    const successful: PublishedEntry[] = [];
    const failed: FailedEntry[] = [];
    for (const entry of entries) {
      const value = valueOf(entry);
      const fared = fare?.(value, attempts.get(value) ?? 0) ?? 'accepted';
      if (fared === 'accepted') {
        accepted.push(value);
        successful.push({ id: entry.id, messageId: `id-${value}` });
      } else if (fared !== 'unmentioned') {
        failed.push({ id: entry.id, ...fared });
      }
    }
    // SNS answers in no order.
    return { successful: successful.reverse(), failed };
  };

  return {
    calls: {
      publishBatch: (request) =>
        defer(() => {
          const values = request.entries.map(valueOf);
          log.push(`${String(asyncScheduler.now())}: ${values.join(' ')}`);
          requests.push(request);
          for (const value of values) attempts.set(value, (attempts.get(value) ?? 0) + 1);
          const error = failure?.(requests.length);
          return (latencyMs === 0 ? of(0) : timer(latencyMs)).pipe(
            map(() => {
              if (error !== undefined) throw error as Error;
              return answer(request);
            }),
          );
        }),
    },
    log,
    requests,
    accepted,
  };
}

const valueOf = ({ body }: PublishEntry): string => String(JSON.parse(body));

/** Such as `a: id-a` or `a! InvalidParameter`: a result in one word, for diagrams. */
export function brief(result: PublishResult<unknown>): string {
  if (E.isRight(result)) return `${String(result.right.value)}: ${result.right.messageId}`;
  const { value, error } = result.left;
  return `${String(value)}! ${error instanceof MessagingError && 'code' in error ? String(error.code) : error.name}`;
}
