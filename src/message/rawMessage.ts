/** A message attribute as SNS and SQS carry it. */
export interface RawAttribute {
  /** `String`, `Number`, `Binary`, or one of them with a suffix such as `Number.int`. */
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  readonly binaryValue?: Uint8Array | undefined;
}

/** Attributes by name. */
export type RawAttributes = Readonly<Record<string, RawAttribute>>;

/** One message as a receive returned it, before anything of it was read. */
export interface RawMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: RawAttributes;
  /** Milliseconds since the epoch at which SQS took the message in. */
  readonly sentTimestamp?: number | undefined;
  readonly receiveCount: number;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** Given by FIFO queues only. */
  readonly sequenceNumber?: string | undefined;
}
