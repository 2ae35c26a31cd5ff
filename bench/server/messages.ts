import { createHash } from 'node:crypto';
import { orderPlaced } from './payload.js';

/** Everything of a message that can be made once, and is the same in each answer that has it. */
const PREPARED = Array.from({ length: 64 }, (_, serial) => {
  const body = envelopeOf(JSON.stringify(orderPlaced(serial)));
  return `,"MD5OfBody":"${md5(body)}","Body":${JSON.stringify(body)}`;
});

/** As long as those of SQS. */
const HANDLE = `AQEB${'h'.repeat(380)}`;

/** What SQS tells of a message when it is asked for it. */
const SYSTEM_ATTRIBUTES: Readonly<Record<string, string>> = {
  SenderId: 'AIDAIT2UOQQY3AUEKVGXU',
  SentTimestamp: String(Date.now()),
  ApproximateReceiveCount: '1',
  ApproximateFirstReceiveTimestamp: String(Date.now()),
};

/** A message as JSON: its id and its handle are its own, bodies come again. @param attributes - as `attributesAsked` gives. */
export function messageOf(serial: number, attributes: string): string {
  const number = String(serial).padStart(12, '0');
  const rest = PREPARED[serial % PREPARED.length] ?? '';
  return `{"MessageId":"00000000-0000-4000-8000-${number}","ReceiptHandle":"${HANDLE}${number}"${rest}${attributes}}`;
}

/** The number of the message whose handle this is. */
export function serialOf(handle: string): number {
  return Number(handle.slice(HANDLE.length));
}

/** The system attributes of a message, as JSON: those that were asked for, and none else. */
export function attributesAsked(names: readonly string[] = []): string {
  const wanted = Object.entries(SYSTEM_ATTRIBUTES).filter(([name]) => names.includes('All') || names.includes(name));
  return wanted.length === 0 ? '' : `,"Attributes":${JSON.stringify(Object.fromEntries(wanted))}`;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** What a subscription without raw delivery puts around a message. */
function envelopeOf(message: string): string {
  const arn = 'arn:aws:sns:us-east-1:000000000000:bench-orders';
  return JSON.stringify({
    Type: 'Notification',
    MessageId: '11111111-0000-4000-8000-000000000000',
    TopicArn: arn,
    Message: message,
    Timestamp: '2026-01-01T12:00:00.000Z',
    SignatureVersion: '1',
    Signature: 's'.repeat(344),
    SigningCertURL: `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${'a'.repeat(32)}.pem`,
    UnsubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}:00000000-0000-4000-8000-000000000000`,
  });
}
