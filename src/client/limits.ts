/** Limits of SNS and SQS, each with its source: A the service's API reference, D the developer guide. */

/** Entries in one batch call. [A: PublishBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch, SendMessageBatch] */
export const MAX_BATCH_ENTRIES = 10;

/** Messages one receive returns. [A: ReceiveMessage MaxNumberOfMessages] */
export const MAX_RECEIVE_MESSAGES = 10;

/** Seconds a long poll may wait. [A: ReceiveMessage WaitTimeSeconds] */
export const MAX_WAIT_TIME_SECONDS = 20;

/** Seconds from receipt for which a message can stay invisible, renewals included. [A: ChangeMessageVisibility] */
export const MAX_LEASE_SECONDS = 43_200;

/** Bytes of an SNS message, or of a whole PublishBatch, unless the topic allows more. [A: Publish] */
export const DEFAULT_MAX_MESSAGE_BYTES = 262_144;

/** Bytes of an SQS message, or of a whole batch, body and attributes. [A: SendMessage] */
export const MAX_SQS_MESSAGE_BYTES = 1_048_576;

/** Message attributes that raw delivery carries; with more SNS discards the message. [D: SNS raw message delivery] */
export const MAX_ATTRIBUTES = 10;

/** Characters of an attribute's name. [A: SQS MessageAttributeValue] */
export const MAX_ATTRIBUTE_NAME_LENGTH = 256;

/** Size of an attribute that is a number, its sign apart, unless it is 0. [D: SQS message attributes] */
export const MIN_ATTRIBUTE_NUMBER = 1e-128;
export const MAX_ATTRIBUTE_NUMBER = 1e126;

/** Characters of a message group id or a deduplication id. [A: Publish] */
export const MAX_GROUP_ID_LENGTH = 128;

/** Characters of a subject: less than 100. [A: Publish Subject] */
export const MAX_SUBJECT_LENGTH = 99;

/** Characters of a queue name, `.fifo` included. [A: CreateQueue] */
export const MAX_QUEUE_NAME_LENGTH = 80;

/** Characters of a topic name, `.fifo` included. [A: CreateTopic] */
export const MAX_TOPIC_NAME_LENGTH = 256;

/** Milliseconds for which a FIFO queue or topic knows a deduplication id, and a queue an attempt id. [D: SQS exactly-once] */
export const DEDUPLICATION_WINDOW_MS = 300_000;

/** Messages of a queue that can be in flight. [A: ReceiveMessage OverLimit] */
export const MAX_IN_FLIGHT = 120_000;

/** Attribute names of a filter policy. [A: SetSubscriptionAttributes FilterPolicy] */
export const MAX_FILTER_NAMES = 5;
