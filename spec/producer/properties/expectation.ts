import type { Expectation } from './item.js';
import type { Burst, Production } from './scenario.js';

/** Bytes of a message, and of a batch, where a topic does not say otherwise. [A: Publish] */
export const LIMIT = 262_144;

/** What is so when a value is handed in. */
export interface State {
  /** Accepted values without a result, and the bytes of them. */
  readonly count: number;
  readonly bytes: number;
  readonly hasEnded: boolean;
  readonly isClosing: boolean;
}

/** What has to become of a value, as far as that can be told when it is handed in. */
export function expectationOf(
  { door, kind, maxMessageBytes = LIMIT, maxPending, maxPendingBytes, maxRequests }: Production,
  { flaw }: Burst,
  bytes: number,
  state: State,
): Expectation {
  if (state.hasEnded) return 'ended';
  if (state.isClosing) return 'closed';
  const most = door === 'publishFrom' ? 20 * (maxRequests ?? 20) : 10_000;
  const isByEvent = door === 'publishEvent';
  if (state.count >= (isByEvent ? 10_000 : (maxPending ?? most))) return 'maxPending';
  if (state.bytes >= (isByEvent ? 67_108_864 : (maxPendingBytes ?? 67_108_864))) return 'maxPendingBytes';
  const isFlawed = flaw !== 'none' && (flaw !== 'deduplicationId' || kind === 'byId');
  return isFlawed || bytes > maxMessageBytes ? 'invalid' : 'accepted';
}
