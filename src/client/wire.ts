import type { RawAttribute, RawAttributes, RawMessage } from '../message/rawMessage.js';
import type { Attributes, BatchResponse, PublishedEntry } from './client.js';

/** Straight from AWS JSON a field that is not there may also be null: some emulators write it so. The SDK leaves such out. */
type Missing = null | undefined;

/** The parts of the SDK's shapes that are read and written here; the SDK itself stays in aws.ts. */
interface SdkAttribute {
  DataType: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}
/** As it is received: straight from AWS JSON, or by the SDK's deserializer. */
interface ReceivedAttribute {
  readonly DataType?: string | Missing;
  readonly StringValue?: string | Missing;
  readonly BinaryValue?: Uint8Array | string | Missing;
}
interface SdkMessage {
  readonly MessageId?: string | Missing;
  readonly ReceiptHandle?: string | Missing;
  readonly Body?: string | Missing;
  readonly Attributes?: Readonly<Record<string, string | Missing>> | Missing;
  readonly MessageAttributes?: Readonly<Record<string, ReceivedAttribute | Missing>> | Missing;
}
interface SdkBatch {
  readonly Successful?: readonly ({ readonly Id?: string | Missing } | null)[] | Missing;
  readonly Failed?:
    | readonly ({
        readonly Id?: string | Missing;
        readonly Code?: string | Missing;
        readonly SenderFault?: boolean | Missing;
      } | null)[]
    | Missing;
}
interface SdkPublishBatch extends SdkBatch {
  readonly Successful?:
    | readonly ({
        readonly Id?: string | Missing;
        readonly MessageId?: string | Missing;
        readonly SequenceNumber?: string | Missing;
      } | null)[]
    | Missing;
}

/** What a receive brought; none at all are left out of the answer. */
export function receivedMessages({
  Messages,
}: {
  readonly Messages?: readonly (SdkMessage | null)[] | Missing;
}): readonly RawMessage[] {
  return listed(Messages).map(rawMessage);
}

/** The members of a list, as far as there are any. */
const listed = <T>(list: readonly (T | null)[] | Missing): readonly T[] =>
  (list ?? []).filter((member): member is T => member !== null);

/** A received message in our shape. */
export function rawMessage(message: SdkMessage): RawMessage {
  const system = message.Attributes ?? {};
  const sent = Number(system.SentTimestamp);
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: rawAttributes(message.MessageAttributes),
    sentTimestamp: sent > 0 ? sent : undefined,
    receiveCount: Math.max(1, Math.floor(Number(system.ApproximateReceiveCount)) || 1),
    groupId: system.MessageGroupId ?? undefined,
    deduplicationId: system.MessageDeduplicationId ?? undefined,
    sequenceNumber: system.SequenceNumber ?? undefined,
  };
}

const NONE: RawAttributes = {};

function rawAttributes(attributes: SdkMessage['MessageAttributes']): RawAttributes {
  if (attributes === undefined || attributes === null) return NONE;
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]): [string, RawAttribute][] => {
      if (attribute === undefined || attribute === null) return [];
      const { DataType, StringValue, BinaryValue } = attribute;
      return [
        [
          name,
          {
            dataType: DataType ?? 'String',
            stringValue: StringValue ?? undefined,
            binaryValue: typeof BinaryValue === 'string' ? bytesOf(BinaryValue) : (BinaryValue ?? undefined),
          },
        ],
      ];
    }),
  );
}

/** Bytes as JSON carries them. */
function bytesOf(base64: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(base64, 'base64');
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Attributes in the SDK's shape; none at all is left out. */
export function sdkAttributes(attributes: RawAttributes): Record<string, SdkAttribute> | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue },
    ]),
  );
}

/** The truth of each entry of a batch. */
export function batchResponse({ Successful, Failed }: SdkBatch): BatchResponse {
  return {
    successful: listed(Successful).map(({ Id }) => ({ id: Id ?? '' })),
    failed: listed(Failed).map(({ Id, Code, SenderFault }) => ({
      id: Id ?? '',
      code: Code ?? 'Unknown',
      senderFault: SenderFault ?? false,
    })),
  };
}

/** The same, with the ids SNS gave. */
export function publishResponse({ Successful, Failed }: SdkPublishBatch): BatchResponse<PublishedEntry> {
  return {
    failed: batchResponse({ Failed }).failed,
    // Without an id there is no receipt: the entry then counts as one that was not answered.
    successful: listed(Successful).flatMap(({ Id, MessageId, SequenceNumber }) =>
      MessageId === undefined || MessageId === null || MessageId === ''
        ? []
        : [{ id: Id ?? '', messageId: MessageId, sequenceNumber: SequenceNumber ?? undefined }],
    ),
  };
}

/** A field without which an answer is none: a proxy's answer may parse to nothing, or to something else. */
export function given(field: unknown): string {
  if (field === '') throw new Error('incomplete answer');
  return text(field);
}

/** Attributes by name; none at all are left out of an answer. */
export function givenAttributes(attributes: Readonly<Record<string, unknown>> = {}): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)]));
}

function text(field: unknown): string {
  if (typeof field !== 'string') throw new Error('not a text');
  return field;
}
