/** What a queue's attribute `RedrivePolicy` says. */
export interface RedrivePolicy {
  /** ARN of the dead-letter queue. */
  readonly deadLetterTargetArn: string;
  /** Receives after which SQS moves a message there. */
  readonly maxReceiveCount: number;
}

/** Reads the attribute; undefined where there is none that names a queue. SQS gives the count as a number or as a text. */
export function readRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Readonly<Partial<Record<string, unknown>>>;
    if (typeof deadLetterTargetArn !== 'string') return undefined;
    return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
  } catch {
    // Only SQS writes this text. What can't be read names no queue.
    return undefined;
  }
}
