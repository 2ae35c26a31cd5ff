import { attributesAsked, md5, messageOf, serialOf } from './messages.js';
import type { ServerState } from './serverState.js';

/** The requests of SQS's JSON protocol that are answered here, as far as they are looked at. */
interface SqsRequest {
  readonly QueueName?: string;
  readonly MaxNumberOfMessages?: number;
  readonly WaitTimeSeconds?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly MessageBody?: string;
  readonly Entries?: readonly SqsEntry[];
}

interface SqsEntry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly MessageBody?: string;
}

const MESSAGE_ID = '00000000-0000-4000-8000-000000000000';

/** The answer to a request, as JSON; none where the operation is not known. */
export function answerOfSqs(state: ServerState, operation: string, body: string, origin: string): string | undefined {
  const request = JSON.parse(body) as SqsRequest;
  const entries = request.Entries ?? [];
  switch (operation) {
    case 'ReceiveMessage':
      return received(state, request);
    case 'DeleteMessage':
      deleteOne(state, request.ReceiptHandle);
      return '{}';
    case 'DeleteMessageBatch':
      for (const { ReceiptHandle } of entries) deleteOne(state, ReceiptHandle);
      return successful(entries);
    case 'ChangeMessageVisibility':
      releaseOne(state, request);
      return '{}';
    case 'ChangeMessageVisibilityBatch':
      for (const entry of entries) releaseOne(state, entry);
      return successful(entries);
    case 'SendMessage':
      state.counts.accepted += 1;
      return `{${sent(request.MessageBody)}}`;
    case 'SendMessageBatch':
      state.counts.accepted += entries.length;
      return `{"Successful":[${entries.map(({ Id, MessageBody }) => `{"Id":"${Id}",${sent(MessageBody)}}`).join()}]}`;
    case 'GetQueueUrl':
      return JSON.stringify({ QueueUrl: `${origin}/000000000000/${request.QueueName ?? ''}` });
    case 'GetQueueAttributes':
      return JSON.stringify({
        Attributes: {
          VisibilityTimeout: '30',
          MaximumMessageSize: '262144',
          QueueArn: 'arn:aws:sqs:us-east-1:0:bench',
        },
      });
    default:
      return undefined;
  }
}

function received(state: ServerState, request: SqsRequest): string {
  const { counts, held } = state;
  const count = request.MaxNumberOfMessages ?? 1;
  const attributes = attributesAsked(request.MessageSystemAttributeNames ?? request.AttributeNames);
  const messages: string[] = [];
  for (let index = 0; index < count; index += 1) {
    state.serial += 1;
    held.add(state.serial);
    messages.push(messageOf(state.serial, attributes));
  }
  counts.handedOut += messages.length;
  return `{"Messages":[${messages.join()}]}`;
}

function deleteOne({ counts, held }: ServerState, handle = ''): void {
  if (held.delete(serialOf(handle))) counts.deleted += 1;
}

function releaseOne({ counts, held }: ServerState, { ReceiptHandle = '', VisibilityTimeout }: Partial<SqsEntry>): void {
  if (VisibilityTimeout === 0 && held.delete(serialOf(ReceiptHandle))) counts.released += 1;
}

function successful(entries: readonly SqsEntry[]): string {
  return `{"Successful":[${entries.map(({ Id }) => `{"Id":"${Id}"}`).join()}]}`;
}

function sent(body = ''): string {
  return `"MessageId":"${MESSAGE_ID}","MD5OfMessageBody":"${md5(body)}"`;
}
