import type { StoredMessage } from './storedMessage.js';

/** The messages of a queue in the order of their coming. A queue may be long, so each is found by its serial. */
export interface MessageStore {
  all(): readonly StoredMessage[];
  /** The message with this serial. */
  get(serial: number): StoredMessage | undefined;
  has(message: StoredMessage): boolean;
  add(message: StoredMessage): void;
  remove(message: StoredMessage): void;
  /** Removes what was sent at this time or before. */
  expire(sentTimestamp: number): void;
}

export function createMessageStore(): MessageStore {
  const bySerial = new Map<number, StoredMessage>();
  let list: readonly StoredMessage[] | undefined;
  /** No message here was sent before; so there is mostly nothing to expire. */
  let oldest = Infinity;

  const remove = ({ serial }: StoredMessage): void => {
    bySerial.delete(serial);
    list = undefined;
  };
  return {
    all: () => (list ??= [...bySerial.values()]),
    get: (serial) => bySerial.get(serial),
    has: (message) => bySerial.get(message.serial) === message,
    add: (message) => {
      bySerial.set(message.serial, message);
      oldest = Math.min(oldest, message.sentTimestamp);
      list = undefined;
    },
    remove,
    expire: (sentTimestamp) => {
      if (oldest > sentTimestamp) return;
      for (const message of [...bySerial.values()]) if (message.sentTimestamp <= sentTimestamp) remove(message);
      oldest = Infinity;
      for (const message of bySerial.values()) oldest = Math.min(oldest, message.sentTimestamp);
    },
  };
}
