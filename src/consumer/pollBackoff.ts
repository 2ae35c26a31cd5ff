import type { MessagingPort } from '../client/client.js';
import { type Backoff, exponentialBackoff } from '../operators/backoff.js';

/** How long a consumer waits after calls that failed: up to 200 ms, 400 ms, 800 ms, up to 20 s. */
export const pollBackoff = ({ random }: MessagingPort): Backoff =>
  exponentialBackoff({ initialMs: 200, maxMs: 20_000, random });
