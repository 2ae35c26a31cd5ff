import type { RawAttribute, RawAttributes, RawMessage } from '../message/rawMessage.js';
import type { Attributes, BatchResponse, PublishedEntry } from './client.js';

/** The parts of the SDK's shapes that are read and written here; the SDK itself stays in aws.ts. */
interface SdkAttribute {
  DataType: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}
/** As it is received: straight from AWS JSON, or by the SDK's deserializer. */
interface ReceivedAttribute extends Omit<SdkAttribute, 'BinaryValue'> {
  readonly BinaryValue?: Uint8Array | string | undefined;
}
interface SdkMessage {
  readonly MessageId?: string | undefined;
  readonly ReceiptHandle?: string | undefined;
  readonly Body?: string | undefined;
  readonly Attributes?: Readonly<Partial<Record<string, string>>> | undefined;
  readonly MessageAttributes?: Readonly<Record<string, ReceivedAttribute>> | undefined;
}
interface SdkBatch {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?:
    | readonly {
        readonly Id?: string | undefined;
        readonly Code?: string | undefined;
        readonly SenderFault?: boolean | undefined;
      }[]
    | undefined;
}
interface SdkPublishBatch extends SdkBatch {
  readonly Successful?:
    | readonly {
        readonly Id?: string | undefined;
        readonly MessageId?: string | undefined;
        readonly SequenceNumber?: string | undefined;
      }[]
    | undefined;
}

/** What a receive brought; none at all are left out of the answer. */
export function receivedMessages({
  Messages,
}: {
  readonly Messages?: readonly SdkMessage[] | null | undefined;
}): readonly RawMessage[] {
  return (Messages ?? []).map(rawMessage);
}

/** A received message in our shape. */
export function rawMessage(message: SdkMessage): RawMessage {
  const system = message.Attributes ?? {};
  const sent = Number(system.SentTimestamp);
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.MessageAttributes === undefined ? NONE : rawAttributes(message.MessageAttributes),
    sentTimestamp: sent > 0 ? sent : undefined,
    receiveCount: Math.max(1, Math.floor(Number(system.ApproximateReceiveCount)) || 1),
    groupId: system.MessageGroupId,
    deduplicationId: system.MessageDeduplicationId,
    sequenceNumber: system.SequenceNumber,
  };
}

const NONE: RawAttributes = {};

function rawAttributes(attributes: Readonly<Record<string, ReceivedAttribute>>): RawAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(
      ([name, { DataType = 'String', StringValue, BinaryValue }]): [string, RawAttribute] => [
        name,
        {
          dataType: DataType,
          stringValue: StringValue,
          binaryValue: typeof BinaryValue === 'string' ? bytesOf(BinaryValue) : BinaryValue,
        },
      ],
    ),
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
export function batchResponse({ Successful = [], Failed = [] }: SdkBatch): BatchResponse {
  return {
    successful: Successful.map(({ Id = '' }) => ({ id: Id })),
    failed: Failed.map(({ Id = '', Code = 'Unknown', SenderFault = false }) => ({
      id: Id,
      code: Code,
      senderFault: SenderFault,
    })),
  };
}

/** The same, with the ids SNS gave. */
export function publishResponse({ Successful = [], Failed }: SdkPublishBatch): BatchResponse<PublishedEntry> {
  return {
    failed: batchResponse({ Failed }).failed,
    // Without an id there is no receipt: the entry then counts as one that was not answered.
    successful: Successful.flatMap(({ Id = '', MessageId = '', SequenceNumber }) =>
      MessageId === '' ? [] : [{ id: Id, messageId: MessageId, sequenceNumber: SequenceNumber }],
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
