import { type Observable, throwError } from 'rxjs';
import type { AwsCalls, Call, MessagingClient, PortSettings } from '../../src/client/client.js';
import { connect } from '../../src/client/connect.js';
import { OPERATIONS } from '../../src/client/operations.js';
import type { MessagingEvent } from '../../src/events.js';

/** A client whose calls a spec answers itself; every other call fails the spec by an error. */
export interface FakeClient {
  readonly client: MessagingClient;
  /** Every request made, in order. */
  readonly requests: { readonly call: keyof AwsCalls; readonly request: unknown }[];
  /** Every event, in order. */
  readonly events: MessagingEvent[];
}

export const fakeSettings: PortSettings = {
  region: 'eu-west-1',
  environment: 'dev',
  service: 'billing',
  accountId: '123456789012',
  topicMap: {},
  queueMap: {},
  retryAttempts: 3,
  timeoutMs: 30_000,
};

export function fakeClient(calls: Partial<AwsCalls>, settings: Partial<PortSettings> = {}): FakeClient {
  const requests: FakeClient['requests'] = [];
  const recorded = (Object.keys(OPERATIONS) as (keyof AwsCalls)[]).map((key) => {
    const answer = (calls[key] ?? unexpected(key)) as Call<unknown, unknown>;
    const call = (request: unknown): Observable<unknown> => {
      requests.push({ call: key, request });
      return answer(request);
    };
    return [key, call] as const;
  });
  const client = connect({
    settings: { ...fakeSettings, ...settings },
    calls: Object.fromEntries(recorded) as unknown as AwsCalls,
    destroy: () => undefined,
    random: () => 0.5,
  });
  const events: MessagingEvent[] = [];
  client.events$.subscribe((event) => events.push(event));
  return { client, requests, events };
}

function unexpected(key: string): () => Observable<never> {
  return () => throwError(() => new Error(`no answer planned for ${key}`));
}
