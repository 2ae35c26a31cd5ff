import { createHash } from 'node:crypto';
import { asyncScheduler } from 'rxjs';
import { DEDUPLICATION_WINDOW_MS } from '../client/limits.js';

/** What was accepted within the last five minutes, by deduplication id. */
export interface Deduplication<Receipt> {
  /** The receipt of the first message with this key, if that was within the window; else what `accept` gives. */
  once(key: string, accept: () => Receipt): Receipt;
}

export function createDeduplication<Receipt>(): Deduplication<Receipt> {
  const known = new Map<string, { readonly at: number; readonly receipt: Receipt }>();
  return {
    once: (key, accept) => {
      const now = asyncScheduler.now();
      // A map keeps the order of insertion: the oldest come first.
      for (const [old, { at }] of known) {
        if (now - at < DEDUPLICATION_WINDOW_MS) break;
        known.delete(old);
      }
      const first = known.get(key);
      if (first !== undefined) return first.receipt;
      const receipt = accept();
      known.set(key, { at: now, receipt });
      return receipt;
    },
  };
}

/** The deduplication id of content: a hash of the body, attributes not counted. [A: SendMessage, Publish] */
export const contentHash = (body: string): string => createHash('sha256').update(body).digest('hex');
