import {
  asyncScheduler,
  defer,
  finalize,
  map,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  take,
  timer,
} from 'rxjs';
import type { AwsCalls, BatchResponse } from '../../src/client/client.js';
import type { RawMessage } from '../../src/message/rawMessage.js';

interface Stored {
  readonly raw: Omit<RawMessage, 'receiptHandle' | 'receiveCount'>;
  visibleAt: number;
  receiveCount: number;
  handle: string;
}

/** A queue on virtual time: visibility timeouts, receive counts, receipt handles, long polling. One call takes 1 ms. */
export interface FakeQueue {
  readonly calls: Pick<AwsCalls, 'receive' | 'deleteBatch' | 'changeVisibilityBatch' | 'getQueueUrl'>;
  /** Puts a message in, with the JSON of a value for its body. */
  send(id: string, value: unknown, more?: Partial<RawMessage>): void;
  /** Puts a message in whose body is this text. */
  sendText(id: string, body: string, more?: Partial<RawMessage>): void;
  /** Ids of what is in the queue; in flight or not. */
  ids(): readonly string[];
  /** Ids of what is invisible now. */
  inFlight(): readonly string[];
  /** Receives under way. */
  polls(): number;
}

const LATENCY_MS = 1;

export function fakeQueue(): FakeQueue {
  const messages: Stored[] = [];
  const arrivals = new Subject<void>();
  let polls = 0;
  const now = (): number => asyncScheduler.now();

  const handOut = (maxMessages: number, visibilitySeconds: number): readonly RawMessage[] => {
    const locked = new Set(
      messages
        .filter(({ raw, visibleAt }) => raw.sequenceNumber !== undefined && visibleAt > now())
        .map(({ raw }) => raw.groupId),
    );
    return messages
      .filter(
        ({ raw, visibleAt }) => visibleAt <= now() && !(raw.sequenceNumber !== undefined && locked.has(raw.groupId)),
      )
      .slice(0, maxMessages)
      .map((stored) => {
        stored.visibleAt = now() + visibilitySeconds * 1_000;
        stored.receiveCount += 1;
        stored.handle = `${stored.raw.messageId}#${String(stored.receiveCount)}`;
        return { ...stored.raw, receiptHandle: stored.handle, receiveCount: stored.receiveCount };
      });
  };

  const each = <E extends { readonly id: string; readonly receiptHandle: string }>(
    entries: readonly E[],
    change: (stored: Stored, entry: E) => void,
  ): Observable<BatchResponse> =>
    timer(LATENCY_MS).pipe(
      map(() => {
        const successful = [];
        const failed = [];
        for (const entry of entries) {
          const stored = messages.find(({ handle }) => handle === entry.receiptHandle);
          if (stored === undefined) failed.push({ id: entry.id, code: 'ReceiptHandleIsInvalid', senderFault: true });
          else {
            change(stored, entry);
            successful.push({ id: entry.id });
          }
        }
        arrivals.next();
        return { successful, failed };
      }),
    );

  /** Emits whenever something may have become visible. */
  const stirred = (): Observable<unknown> => {
    const wake = Math.min(...messages.map(({ visibleAt }) => visibleAt).filter((time) => time > now()));
    return wake === Infinity ? arrivals : merge(arrivals, timer(wake - now()));
  };

  const sendText = (messageId: string, body: string, more: Partial<RawMessage> = {}): void => {
    const raw = { messageId, body, attributes: {}, sentTimestamp: now(), ...more };
    messages.push({ raw, visibleAt: now(), receiveCount: 0, handle: '' });
    arrivals.next();
  };

  return {
    calls: {
      getQueueUrl: ({ queueName }) => of(`https://sqs/${queueName}`),
      receive: ({ maxMessages, waitTimeSeconds, visibilityTimeoutSeconds }) =>
        defer(() => {
          polls += 1;
          const attempt = (): Observable<readonly RawMessage[]> =>
            defer(() => {
              const received = handOut(maxMessages, visibilityTimeoutSeconds);
              return received.length > 0 ? of(received) : stirred().pipe(take(1), switchMap(attempt));
            });
          const waited = timer(waitTimeSeconds * 1_000).pipe(map((): readonly RawMessage[] => []));
          return timer(LATENCY_MS).pipe(
            switchMap(() => merge(attempt(), waited)),
            take(1),
            finalize(() => {
              polls -= 1;
            }),
          );
        }),
      deleteBatch: ({ entries }) =>
        each(entries, (stored) => {
          messages.splice(messages.indexOf(stored), 1);
        }),
      changeVisibilityBatch: ({ entries }) =>
        each(entries, (stored, { visibilityTimeoutSeconds }) => {
          stored.visibleAt = now() + visibilityTimeoutSeconds * 1_000;
        }),
    },
    send: (id, value, more) => {
      sendText(id, JSON.stringify(value), more);
    },
    sendText,
    ids: () => messages.map(({ raw }) => raw.messageId),
    inFlight: () => messages.filter(({ visibleAt }) => visibleAt > now()).map(({ raw }) => raw.messageId),
    polls: () => polls,
  };
}
