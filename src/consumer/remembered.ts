import type { MessagingPort } from '../client/client.js';

/** Most message ids remembered a queue; the oldest are forgotten first. */
const MAX_REMEMBERED = 10_000;

/** Ids of messages that were handled but could not be deleted: on redelivery they are deleted, not handed out. */
export interface Remembered {
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
  return {
    add: (messageId) => {
      ids.add(messageId);
      if (ids.size <= MAX_REMEMBERED) return;
      for (const oldest of ids) {
        ids.delete(oldest);
        return;
      }
    },
    has: (messageId) => ids.has(messageId),
    forget: (messageId) => {
      ids.delete(messageId);
    },
  };
}
