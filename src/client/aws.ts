import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { AWSMessagingConfig } from '../config.js';
import { abortableCall, type RequestOf, type ResponseOf } from './abortableCall.js';
import type { AwsCalls, BatchRequest, DeleteEntry, PublishRequest, ReceiveRequest, VisibilityEntry } from './client.js';
import { ownHandOver } from './handOver.js';
import { parseJson, SNS_HEADERS, sqsHeaders } from './protocols.js';
import { type PublishBatchInput, publishQuery, readPublished } from './publishQuery.js';
import { sdkOptions } from './sdkOptions.js';
import { sdkWay } from './sdkWay.js';
import { shortWay } from './shortWay.js';
import { signedPost } from './signedPost.js';
import type { HttpAnswer } from './webPage.js';
import { batchResponse, given, givenAttributes, publishResponse, receivedMessages, sdkAttributes } from './wire.js';

/** A call by the SDK's client: for those that are rare. */
const call = <K extends keyof AwsCalls, Command extends { readonly input: object }, Answer>(
  name: K,
  command: (request: RequestOf<K>) => Command,
  send: (command: Command) => Promise<Answer>,
  read: (answer: Answer) => ResponseOf<K>,
): ReturnType<typeof abortableCall<K>> => abortableCall(name, sdkWay(command, send, read));

/** The calls over HTTP, and how to close their sockets. */
export interface AwsConnection {
  readonly calls: AwsCalls;
  readonly destroy: () => void;
}

/** What is read of them; AWS sends no others then. */
const SYSTEM_ATTRIBUTES: readonly MessageSystemAttributeName[] = [
  'ApproximateReceiveCount',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SentTimestamp',
  'SequenceNumber',
];

/** The calls by the AWS SDK: one attempt each, keep-alive, and nothing taken from the surroundings. */
export function awsConnection(config: AWSMessagingConfig): AwsConnection {
  const { sns, polls, sqs, readers, posts } = sdkClients(config);
  return {
    calls: {
      receive: abortableCall(
        'receive',
        shortWay({
          input: (request: ReceiveRequest) => ({
            QueueUrl: request.queueUrl,
            MaxNumberOfMessages: request.maxMessages,
            WaitTimeSeconds: request.waitTimeSeconds,
            VisibilityTimeout: request.visibilityTimeoutSeconds,
            ReceiveRequestAttemptId: request.attemptId,
            MessageSystemAttributeNames: [...SYSTEM_ATTRIBUTES],
            MessageAttributeNames: ['All'],
          }),
          post: posts.polls('ReceiveMessage'),
          parse: parseJson,
          command: ReceiveMessageCommand,
          send: (command) => inTime(polls, readers.sqs, () => readers.sqs.send(command)),
          read: receivedMessages,
        }),
      ),
      deleteBatch: abortableCall(
        'deleteBatch',
        shortWay({
          input: ({ queueUrl, entries }: BatchRequest<DeleteEntry>) => ({
            QueueUrl: queueUrl,
            Entries: entries.map(({ id, receiptHandle }) => ({ Id: id, ReceiptHandle: receiptHandle })),
          }),
          post: posts.sqs('DeleteMessageBatch'),
          parse: parseJson,
          command: DeleteMessageBatchCommand,
          send: (command) => inTime(sqs, readers.sqs, () => readers.sqs.send(command)),
          read: batchResponse,
        }),
      ),
      changeVisibilityBatch: abortableCall(
        'changeVisibilityBatch',
        shortWay({
          input: ({ queueUrl, entries }: BatchRequest<VisibilityEntry>) => ({
            QueueUrl: queueUrl,
            Entries: entries.map((entry) => ({
              Id: entry.id,
              ReceiptHandle: entry.receiptHandle,
              VisibilityTimeout: entry.visibilityTimeoutSeconds,
            })),
          }),
          post: posts.sqs('ChangeMessageVisibilityBatch'),
          parse: parseJson,
          command: ChangeMessageVisibilityBatchCommand,
          send: (command) => inTime(sqs, readers.sqs, () => readers.sqs.send(command)),
          read: batchResponse,
        }),
      ),
      publishBatch: abortableCall(
        'publishBatch',
        shortWay({
          input: ({ topicArn, entries }: PublishRequest) => ({
            TopicArn: topicArn,
            PublishBatchRequestEntries: entries.map((entry) => ({
              Id: entry.id,
              Message: entry.body,
              Subject: entry.subject,
              MessageAttributes: sdkAttributes(entry.attributes),
              MessageGroupId: entry.groupId,
              MessageDeduplicationId: entry.deduplicationId,
            })),
          }),
          post: posts.sns,
          parse: readPublished,
          command: PublishBatchCommand,
          send: (command) => inTime(sns, readers.sns, () => readers.sns.send(command)),
          read: publishResponse,
        }),
      ),
      sendBatch: call(
        'sendBatch',
        ({ queueUrl, entries }) =>
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map((entry) => ({
              Id: entry.id,
              MessageBody: entry.body,
              MessageAttributes: sdkAttributes(entry.attributes),
              MessageGroupId: entry.groupId,
              MessageDeduplicationId: entry.deduplicationId,
            })),
          }),
        (command) => sqs.send(command),
        batchResponse,
      ),
      getQueueUrl: call(
        'getQueueUrl',
        ({ queueName, accountId }) =>
          new GetQueueUrlCommand({ QueueName: queueName, QueueOwnerAWSAccountId: accountId }),
        (command) => sqs.send(command),
        ({ QueueUrl }) => given(QueueUrl),
      ),
      createQueue: call(
        'createQueue',
        ({ queueName, attributes }) => new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }),
        (command) => sqs.send(command),
        ({ QueueUrl }) => given(QueueUrl),
      ),
      getQueueAttributes: call(
        'getQueueAttributes',
        // The names are those of AWS; our contract keeps the SDK's enumeration out.
        ({ queueUrl, names }) =>
          new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: names as QueueAttributeName[] }),
        (command) => sqs.send(command),
        ({ Attributes }) => givenAttributes(Attributes),
      ),
      setQueueAttributes: call(
        'setQueueAttributes',
        ({ queueUrl, attributes }) => new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: attributes }),
        (command) => sqs.send(command),
        () => undefined,
      ),
      createTopic: call(
        'createTopic',
        ({ name, attributes }) => new CreateTopicCommand({ Name: name, Attributes: attributes }),
        (command) => sns.send(command),
        ({ TopicArn }) => given(TopicArn),
      ),
      subscribe: call(
        'subscribe',
        ({ topicArn, queueArn, attributes }) =>
          new SubscribeCommand({
            TopicArn: topicArn,
            Protocol: 'sqs',
            Endpoint: queueArn,
            Attributes: attributes,
            ReturnSubscriptionArn: true,
          }),
        (command) => sns.send(command),
        ({ SubscriptionArn }) => given(SubscriptionArn),
      ),
      getSubscriptionAttributes: call(
        'getSubscriptionAttributes',
        ({ subscriptionArn }) => new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }),
        (command) => sns.send(command),
        ({ Attributes }) => givenAttributes(Attributes),
      ),
      setSubscriptionAttribute: call(
        'setSubscriptionAttribute',
        ({ subscriptionArn, name, value }) =>
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: subscriptionArn,
            AttributeName: name,
            AttributeValue: value,
          }),
        (command) => sns.send(command),
        () => undefined,
      ),
    },
    destroy: () => {
      for (const client of [sns, polls, sqs, readers.sns, readers.sqs]) client.destroy();
    },
  };
}

interface SdkClients {
  readonly sns: SNSClient;
  /** Long polls have a pool of their own, so that with `maxSockets` set no delete waits behind a poll of 20 seconds. */
  readonly polls: SQSClient;
  readonly sqs: SQSClient;
  /**
   * Read the answers to what was sent in the short way, and send nothing. The SDK signs all the same: by nobody's credentials,
   * as those of the user may have failed since, and an answer that is here would be lost.
   */
  readonly readers: { readonly sns: SNSClient; readonly sqs: SQSClient };
  /** What is sent in the short way, by the pools of the same. */
  readonly posts: {
    readonly sns: PostOf<PublishBatchInput>;
    readonly polls: (operation: string) => PostOf<object>;
    readonly sqs: (operation: string) => PostOf<object>;
  };
}

interface Clock {
  readonly config: { systemClockOffset: number };
}

/** What a reader finds out about AWS's clock, the client it reads for knows, and the other way round. */
async function inTime<T>({ config }: Clock, reader: Clock, read: () => Promise<T>): Promise<T> {
  reader.config.systemClockOffset = config.systemClockOffset;
  try {
    return await read();
  } finally {
    config.systemClockOffset = reader.config.systemClockOffset;
  }
}

const NOBODY = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };

type PostOf<Input> = (input: Input, signal: AbortSignal) => Promise<HttpAnswer>;

function sdkClients(config: AWSMessagingConfig): SdkClients {
  const { region } = config;
  const options = sdkOptions(config);
  const place = { Region: region, UseDualStack: false, UseFIPS: false };
  // Without an endpoint the SDK would look for one in `AWS_ENDPOINT_URL` and in shared files before it asks its rules.
  const endpointOf = (ClientClass: typeof SNSClient | typeof SQSClient): string =>
    config.endpoint ?? new ClientClass(options).config.endpointProvider(place).url.href;
  const endpoints = { sns: endpointOf(SNSClient), sqs: endpointOf(SQSClient) };
  const sqsOptions = {
    ...options,
    endpoint: endpoints.sqs,
    // The queue URL is an id here, not an address: emulators give host names that resolve nowhere.
    useQueueUrlAsEndpoint: false,
    // TLS guards the body on its way; one mismatch would make the SDK throw away the nine good messages beside it.
    md5: false as const,
  };
  const clients = {
    sns: new SNSClient({ ...options, endpoint: endpoints.sns }),
    polls: new SQSClient(sqsOptions),
    sqs: new SQSClient(sqsOptions),
  };
  const readers = {
    sns: new SNSClient({ ...options, credentials: { ...NOBODY }, endpoint: endpoints.sns }),
    sqs: new SQSClient({ ...sqsOptions, credentials: { ...NOBODY } }),
  };
  for (const client of [...Object.values(clients), ...Object.values(readers)]) {
    // It copies Lambda's trace id out of the environment into a header.
    client.middlewareStack.remove('recursionDetectionMiddleware');
    ownHandOver(client);
  }
  const toSns = signedPost(clients.sns.config, { service: 'sns', region, endpoint: endpoints.sns });
  const toSqs = (client: SQSClient): ((operation: string) => PostOf<object>) => {
    const post = signedPost(client.config, { service: 'sqs', region, endpoint: endpoints.sqs });
    return (operation) => {
      const headers = sqsHeaders(operation);
      return (input, signal) => post(JSON.stringify(input), headers, signal);
    };
  };
  return {
    ...clients,
    readers,
    posts: {
      sns: (input, signal) => toSns(publishQuery(input), SNS_HEADERS, signal),
      polls: toSqs(clients.polls),
      sqs: toSqs(clients.sqs),
    },
  };
}
