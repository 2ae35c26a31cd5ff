import { map } from 'rxjs';
import type { MessagingClient } from '../src/index.js';
import type { BatchResponse, PublishedEntry, PublishEntry } from '../src/client/client.js';
import { cannedClient } from './cannedClient.js';
import { nextTurn } from './nextTurn.js';

/** A topic that takes what it is given, behind calls that cost next to nothing: what is measured is the library. */
export interface CannedTopic {
  readonly client: MessagingClient;
  /** Entries and calls so far. */
  readonly counts: TopicCounts;
}

export interface TopicCounts {
  requests: number;
  published: number;
  /** Entries refused when they came first. */
  refused: number;
}

/** @param isRefused - says, by the number of its order, which entry fails when it comes first, at the receiver's fault. */
export function cannedTopic(isRefused: (serial: number) => boolean = () => false): CannedTopic {
  const counts: TopicCounts = { requests: 0, published: 0, refused: 0 };
  /** Refused, and not come again yet. */
  const refused = new Set<number>();

  const isTaken = ({ body }: PublishEntry): boolean => {
    const { id } = JSON.parse(body) as { readonly id: number };
    if (refused.delete(id) || !isRefused(id)) return true;
    refused.add(id);
    return false;
  };

  const take = (entries: readonly PublishEntry[]): BatchResponse<PublishedEntry> => {
    const taken = entries.filter(isTaken);
    const left = entries.filter((entry) => !taken.includes(entry));
    counts.published += taken.length;
    counts.refused += left.length;
    return {
      successful: taken.map(({ id }) => ({ id, messageId: messageId() })),
      failed: left.map(({ id }) => ({ id, code: 'InternalError', senderFault: false })),
    };
  };

  let given = 0;
  /** As long as real ones. */
  const messageId = (): string => {
    given += 1;
    return `00000000-0000-4000-8000-${String(given).padStart(12, '0')}`;
  };

  const client = cannedClient({
    publishBatch: ({ entries }) => {
      counts.requests += 1;
      return nextTurn().pipe(map(() => take(entries)));
    },
  });
  return { client, counts };
}
