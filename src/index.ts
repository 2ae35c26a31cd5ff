export {
  type AnyTopic,
  type AttributeValues,
  type EventCodecs,
  type EventOf,
  fifoTopic,
  type FifoTopicOptions,
} from './topic.js';
export { type Topic, topic, type TopicOptions, type TopicValue } from './topic.js';
export { AWSMessagingConfig, type Credentials, decodeConfig, type Identity } from './config.js';
export { configFromEnv } from './config/configFromEnv.js';
export type {
  Attributes,
  AwsCalls,
  BatchRequest,
  BatchResponse,
  Call,
  DeleteEntry,
  FailedEntry,
  MessagingClient,
  MessagingPort,
  PortSettings,
  PublishedEntry,
  PublishEntry,
  PublishRequest,
  ReceiveRequest,
  SendEntry,
  VisibilityEntry,
} from './client/client.js';
export type { ConsumerHealth, Health, HealthEntry } from './client/health.js';
export { createClient } from './client/createClient.js';

export { toTopic, type TopicSubject } from './producer/toTopic.js';
export { publishTo, type PublishToOptions } from './producer/publishTo.js';
export { publishFrom, type PublishFromOptions, type Values } from './producer/publishFrom.js';
export { publishEvent, type PublishEventOptions } from './producer/publishEvent.js';
export type { PublishOptions } from './producer/publishOptions.js';
export type { PublishFailure, PublishResult, Receipt } from './producer/publishResult.js';

export { fromTopic } from './consumer/fromTopic.js';
export type { ConsumerOptions, InvalidMessage } from './consumer/consumerOptions.js';
export { ackMap, type AckMapOptions } from './consumer/ackMap.js';
export type { FailurePolicy } from './consumer/failurePolicy.js';
export type { HandlerContext } from './consumer/handlerContext.js';
export { runConsumer, type RunConsumerOptions } from './consumer/runConsumer.js';
export type { Message } from './message/message.js';
export type { RawAttribute, RawAttributes, RawMessage } from './message/rawMessage.js';
export { ack, ignore, reject, retryAfter, type Settlement } from './message/settlement.js';

export { type Handlers, route, type TypedEvent } from './subscription/route.js';
export { type Outcome, subscribe, type SubscribeOptions } from './subscription/subscribe.js';

export { type Backoff, exponentialBackoff, type ExponentialBackoffOptions } from './operators/backoff.js';
export { retryWithBackoff, type RetryWithBackoffOptions } from './operators/retryWithBackoff.js';

export { provision, type ProvisionOptions, type Topology } from './topology/provision.js';
export { iamPolicy, type Role } from './topology/iamPolicy.js';
export type { PolicyDocument, PolicyStatement } from './topology/policyDocument.js';
export { redrive, type RedriveOptions, type RedriveProgress } from './topology/redrive.js';

export {
  AWSConnectionError,
  ConfigurationError,
  InvalidMessageError,
  MessageProcessingError,
  MessagingError,
  OverflowError,
  SubscriptionNotFoundError,
  ValidationFailedError,
} from './errors.js';
export type { AwsFault, ConfigurationFault, ErrorContext, OverflowBound } from './errors.js';
export type { ErrorInfo, MessagingEvent, SettlementKind } from './events.js';
