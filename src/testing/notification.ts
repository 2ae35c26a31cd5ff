import { asyncScheduler } from 'rxjs';
import type { PublishEntry } from '../client/client.js';
import type { RawAttributes } from '../message/rawMessage.js';

/** A message as SNS took it in. */
export interface Published {
  readonly topicArn: string;
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
  readonly entry: PublishEntry;
}

/** The envelope that SNS puts around a message where delivery is not raw. [D: SNS message formats] */
export function notification({ topicArn, messageId, sequenceNumber, entry }: Published): string {
  const { subject, body, attributes } = entry;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: body,
    Timestamp: new Date(asyncScheduler.now()).toISOString(),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: envelopeAttributes(attributes) }),
  });
}

const envelopeAttributes = (attributes: RawAttributes): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue = new Uint8Array() }]) => [
      name,
      { Type: dataType, Value: stringValue ?? Buffer.from(binaryValue).toString('base64') },
    ]),
  );
