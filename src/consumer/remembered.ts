import type { MessagingPort } from '../client/client.js';

/** Most message ids remembered a queue; the oldest are forgotten first. */
const MAX_REMEMBERED = 10_000;

/** Ids of messages that were handled but are not deleted yet: on redelivery they are deleted, not handed out. */
export interface Remembered {
  /** A deletion is on its way; the returned function says, once, that it has ended. */
  deleting(messageId: string): () => void;
  add(messageId: string): void;
  has(messageId: string): boolean;
  forget(messageId: string): void;
}

const byPort = new WeakMap<MessagingPort, Map<string, Remembered>>();

/** What a client remembers of a queue, for its own life: also across subscriptions. */
export function rememberedOf(port: MessagingPort, queueUrl: string): Remembered {
  const queues = byPort.get(port) ?? new Map<string, Remembered>();
  byPort.set(port, queues);
  const remembered = queues.get(queueUrl) ?? createRemembered();
  queues.set(queueUrl, remembered);
  return remembered;
}

function createRemembered(): Remembered {
  const ids = new Set<string>();
  const underWay = new Map<string, number>();
  return {
    deleting: (messageId) => {
      underWay.set(messageId, (underWay.get(messageId) ?? 0) + 1);
      return () => {
        const others = (underWay.get(messageId) ?? 1) - 1;
        if (others === 0) underWay.delete(messageId);
        else underWay.set(messageId, others);
      };
    },
    add: (messageId) => {
      ids.add(messageId);
      if (ids.size <= MAX_REMEMBERED) return;
      for (const oldest of ids) {
        ids.delete(oldest);
        return;
      }
    },
    has: (messageId) => ids.has(messageId) || underWay.has(messageId),
    forget: (messageId) => {
      ids.delete(messageId);
    },
  };
}
