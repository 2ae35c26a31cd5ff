/** Ids in the form of AWS's, one after the other, so that a run that is had again has the same. */
export interface Identifiers {
  /** A message id: SNS and SQS give different ones to the same message. */
  messageId(service: 'sns' | 'sqs'): string;
  /** A sequence number: 20 digits, growing. */
  sequenceNumber(): string;
  serial(): number;
}

export function createIdentifiers(): Identifiers {
  let ids = 0;
  let sequence = 0;
  let serials = 0;
  return {
    messageId: (service) => {
      ids += 1;
      return `${service === 'sns' ? '5a500000' : '5a550000'}-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    sequenceNumber: () => {
      sequence += 1;
      return `1${String(sequence).padStart(19, '0')}`;
    },
    serial: () => {
      serials += 1;
      return serials;
    },
  };
}
