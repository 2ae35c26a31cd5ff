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
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { AWSMessagingConfig } from '../config.js';
import { abortableCall as call } from './abortableCall.js';
import type { AwsCalls } from './client.js';
import { ownHandOver } from './handOver.js';
import { sdkOptions } from './sdkOptions.js';
import { batchResponse, given, givenAttributes, publishResponse, rawMessage, sdkAttributes } from './wire.js';

/** The calls over HTTP, and how to close their sockets. */
export interface AwsConnection {
  readonly calls: AwsCalls;
  readonly destroy: () => void;
}

/** The calls by the AWS SDK: one attempt each, keep-alive, and nothing taken from the surroundings. */
export function awsConnection(config: AWSMessagingConfig): AwsConnection {
  const { sns, polls, sqs } = sdkClients(config);
  return {
    calls: {
      receive: call(
        'receive',
        (request) =>
          new ReceiveMessageCommand({
            QueueUrl: request.queueUrl,
            MaxNumberOfMessages: request.maxMessages,
            WaitTimeSeconds: request.waitTimeSeconds,
            VisibilityTimeout: request.visibilityTimeoutSeconds,
            ReceiveRequestAttemptId: request.attemptId,
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          }),
        (command) => polls.send(command),
        ({ Messages = [] }) => Messages.map(rawMessage),
      ),
      deleteBatch: call(
        'deleteBatch',
        ({ queueUrl, entries }) =>
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map(({ id, receiptHandle }) => ({ Id: id, ReceiptHandle: receiptHandle })),
          }),
        (command) => sqs.send(command),
        batchResponse,
      ),
      changeVisibilityBatch: call(
        'changeVisibilityBatch',
        ({ queueUrl, entries }) =>
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map((entry) => ({
              Id: entry.id,
              ReceiptHandle: entry.receiptHandle,
              VisibilityTimeout: entry.visibilityTimeoutSeconds,
            })),
          }),
        (command) => sqs.send(command),
        batchResponse,
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
      publishBatch: call(
        'publishBatch',
        ({ topicArn, entries }) =>
          new PublishBatchCommand({
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
        (command) => sns.send(command),
        publishResponse,
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
      for (const client of [sns, polls, sqs]) client.destroy();
    },
  };
}

interface SdkClients {
  readonly sns: SNSClient;
  /** Long polls have a pool of their own, so that with `maxSockets` set no delete waits behind a poll of 20 seconds. */
  readonly polls: SQSClient;
  readonly sqs: SQSClient;
}

function sdkClients(config: AWSMessagingConfig): SdkClients {
  const options = sdkOptions(config);
  const place = { Region: config.region, UseDualStack: false, UseFIPS: false };
  // Without an endpoint the SDK would look for one in `AWS_ENDPOINT_URL` and in shared files before it asks its rules.
  const endpointOf = (ClientClass: typeof SNSClient | typeof SQSClient): string =>
    config.endpoint ?? new ClientClass(options).config.endpointProvider(place).url.href;
  const sqsOptions = {
    ...options,
    endpoint: endpointOf(SQSClient),
    // The queue URL is an id here, not an address: emulators give host names that resolve nowhere.
    useQueueUrlAsEndpoint: false,
    // TLS guards the body on its way; one mismatch would make the SDK throw away the nine good messages beside it.
    md5: false as const,
  };
  const clients = {
    sns: new SNSClient({ ...options, endpoint: endpointOf(SNSClient) }),
    polls: new SQSClient(sqsOptions),
    sqs: new SQSClient(sqsOptions),
  };
  for (const client of Object.values(clients)) {
    // It copies Lambda's trace id out of the environment into a header.
    client.middlewareStack.remove('recursionDetectionMiddleware');
    ownHandOver(client);
  }
  return clients;
}
