/** The parts of a PublishBatch that are written here, in AWS's shape. */
export interface PublishBatchInput {
  TopicArn: string;
  PublishBatchRequestEntries: {
    Id: string;
    Message: string;
    Subject?: string | undefined;
    MessageAttributes?:
      | Record<
          string,
          { DataType: string | undefined; StringValue?: string | undefined; BinaryValue?: Uint8Array | undefined }
        >
      | undefined;
    MessageGroupId?: string | undefined;
    MessageDeduplicationId?: string | undefined;
  }[];
}

/** A PublishBatch as a form: AWS Query. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function publishQuery({ TopicArn, PublishBatchRequestEntries: entries }: PublishBatchInput): string {
  let query = `Action=PublishBatch&Version=2010-03-31&TopicArn=${escaped(TopicArn)}`;
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) query += `&${name}=${escaped(value)}`;
  };
  for (const [index, entry] of entries.entries()) {
    const member = `PublishBatchRequestEntries.member.${String(index + 1)}`;
    add(`${member}.Id`, entry.Id);
    add(`${member}.Message`, entry.Message);
    add(`${member}.Subject`, entry.Subject);
    add(`${member}.MessageDeduplicationId`, entry.MessageDeduplicationId);
    add(`${member}.MessageGroupId`, entry.MessageGroupId);
    let serial = 0;
    for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(entry.MessageAttributes ?? {})) {
      serial += 1;
      const attribute = `${member}.MessageAttributes.entry.${String(serial)}`;
      add(`${attribute}.Name`, name);
      add(`${attribute}.Value.DataType`, DataType);
      add(`${attribute}.Value.StringValue`, StringValue);
      if (BinaryValue !== undefined) add(`${attribute}.Value.BinaryValue`, Buffer.from(BinaryValue).toString('base64'));
    }
  }
  return query;
}

/** All but the unreserved characters of RFC 3986, of which `encodeURIComponent` leaves five as they are. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What a plain answer to a PublishBatch says, in AWS's shape. */
export interface PublishBatchOutput {
  Successful: { Id: string; MessageId: string; SequenceNumber?: string }[];
}

const NONE_FAILED = String.raw`\s*(?:<Failed\s*/>|<Failed>\s*</Failed>)?\s*`;
const METADATA = String.raw`\s*(?:<ResponseMetadata>\s*<RequestId>[\w-]*</RequestId>\s*</ResponseMetadata>)?\s*`;
const NOTHING_FAILED = new RegExp(
  String.raw`^(?:<\?xml version="1\.0"(?: encoding="[\w-]+")?\?>)?\s*<PublishBatchResponse(?: xmlns="[\w:/.-]*")?>\s*` +
    String.raw`<PublishBatchResult>${NONE_FAILED}<Successful>(.*)</Successful>${NONE_FAILED}</PublishBatchResult>` +
    String.raw`${METADATA}</PublishBatchResponse>\s*$`,
  's',
);
const MEMBER = /\s*<member>((?:\s*<(Id|MessageId|SequenceNumber)>[\w-]*<\/\2>)+)\s*<\/member>\s*/y;
const FIELD = /<(Id|MessageId|SequenceNumber)>([\w-]*)<\/\1>/g;

/**
 * Reads the answer to a PublishBatch of which every entry was taken; undefined of any other, and of one with anything in it that
 * was not expected: that is for a whole XML parser. Ids and numbers need no unescaping.
 */
export function readPublished(xml: string): PublishBatchOutput | undefined {
  const members = NOTHING_FAILED.exec(xml)?.[1];
  if (members === undefined) return undefined;
  const successful: PublishBatchOutput['Successful'] = [];
  MEMBER.lastIndex = 0;
  for (let position = 0; position < members.length; position = MEMBER.lastIndex) {
    const fields = MEMBER.exec(members)?.[1];
    if (fields === undefined) return undefined;
    const entry = published(fields);
    if (entry === undefined) return undefined;
    successful.push(entry);
  }
  return { Successful: successful };
}

/** One entry; undefined of one in which something is missing, or there twice. */
function published(fields: string): PublishBatchOutput['Successful'][number] | undefined {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of fields.matchAll(FIELD)) {
    if (values.has(name)) return undefined;
    values.set(name, value);
  }
  const { Id, MessageId, SequenceNumber } = Object.fromEntries(values);
  if (!Id || !MessageId) return undefined;
  return SequenceNumber === undefined ? { Id, MessageId } : { Id, MessageId, SequenceNumber };
}
