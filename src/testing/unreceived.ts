import type { Recorded } from './drawRecording.js';

/** A publication of a client's. */
export interface Publication {
  readonly topic: string;
  /** Message id of SNS. */
  readonly id: string;
  /** When SNS had accepted it, and when that was asked for. */
  readonly at: number;
  readonly startedAt: number;
}

/** By how much the clocks of SQS and of this process may differ. */
const CLOCK_SKEW_MS = 1_000;

/**
 * Publications that none of these messages can be of. SNS and SQS give different ids to one message, so they are matched by
 * time, in order.
 */
export function unreceived(messages: readonly Recorded[], publications: readonly Publication[]): readonly Recorded[] {
  const left = [...publications];
  for (const { topic, sentAt } of [...messages].sort((one, other) => one.sentAt - other.sentAt)) {
    const index = left.findIndex(
      (publication) => publication.topic === topic && publication.startedAt <= sentAt + CLOCK_SKEW_MS,
    );
    if (index >= 0) left.splice(index, 1);
  }
  return left.map(({ topic, id, at }) => ({ topic, id, sentAt: at, order: '', marks: [] }));
}
