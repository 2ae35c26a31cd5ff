import type { StoredMessage } from './storedMessage.js';

/** What a receipt handle says: which message, and which of its receives. */
export interface Receipt {
  readonly serial: number;
  readonly receiveCount: number;
}

/** The handle of the last receive of a message. It is good for one queue. */
export const handleOf = (queueName: string, { serial, receiveCount }: StoredMessage): string =>
  `${queueName}/${String(serial)}/${String(receiveCount)}`;

/** Reads a handle; undefined for what this queue never gave. */
export function readHandle(queueName: string, handle: string): Receipt | undefined {
  const [, name, serial, receiveCount] = /^([\w.-]+)\/(\d+)\/(\d+)$/.exec(handle) ?? [];
  return name === queueName ? { serial: Number(serial), receiveCount: Number(receiveCount) } : undefined;
}
