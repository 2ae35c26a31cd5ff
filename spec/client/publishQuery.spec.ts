import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import fc from 'fast-check';
import { type PublishBatchInput, publishQuery, readPublished } from '../../src/client/publishQuery.js';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:dev-users';

/** What the SDK's own client would send, or makes of this answer. */
async function bySdk(
  input: PublishBatchInput,
  xml: string,
): Promise<{ readonly sent: string; readonly said: unknown }> {
  let sent = '';
  const sns = new SNSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: (request: { readonly body?: unknown }) => {
        sent = request.body as string;
        return Promise.resolve({ response: { statusCode: 200, headers: {}, body: Buffer.from(xml) } });
      },
    },
  });
  const { Successful, Failed } = await sns.send(new PublishBatchCommand(input));
  return { sent, said: { Successful, Failed } };
}

const answered = (inner: string): string =>
  `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>${inner}</PublishBatchResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishBatchResponse>`;
const member = (inner: string): string => `<member>${inner}</member>`;
const TWO = `<Successful>${member('<Id>0</Id><MessageId>m-0</MessageId>')}${member('<MessageId>m-1</MessageId><SequenceNumber>18870000000000000001</SequenceNumber><Id>1</Id>')}</Successful>`;
const SAID = {
  Successful: [
    { Id: '0', MessageId: 'm-0' },
    { Id: '1', MessageId: 'm-1', SequenceNumber: '18870000000000000001' },
  ],
};

/** Name and value of each field, in no order: AWS knows none. */
const fieldsOf = (query: string): readonly string[] =>
  query
    .split('&')
    .map((field) => field.split('=').map(decodeURIComponent).join('='))
    .sort();

const text = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 }));
const attribute = fc.oneof(
  text.map((StringValue) => ({ DataType: 'String', StringValue })),
  fc.uint8Array({ minLength: 1 }).map((BinaryValue) => ({ DataType: 'Binary', BinaryValue })),
);
const entry = fc.record(
  {
    Id: fc.string({ minLength: 1 }),
    Message: text,
    Subject: text,
    MessageAttributes: fc.dictionary(fc.stringMatching(/^[\w.-]+$/), attribute, { minKeys: 1, maxKeys: 10 }),
    MessageGroupId: text,
    MessageDeduplicationId: text,
  },
  { requiredKeys: ['Id', 'Message'] },
);
// A lone surrogate can't be sent; the producer refuses it before.
const input = fc
  .record({
    TopicArn: fc.constant(TOPIC),
    PublishBatchRequestEntries: fc.array(entry, { minLength: 1, maxLength: 10 }),
  })
  .filter((value) => !/\\ud[89a-f]/.test(JSON.stringify(value)));

describe('publishQuery', () => {
  it('writes what the SDK writes', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (value) => {
        const { sent } = await bySdk(value, answered(TWO));
        expect(fieldsOf(publishQuery(value))).to.deep.equal(fieldsOf(sent));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves nothing in a value that means something in a form', () => {
    const hostile = "&=+%?#/ \r\n!'()*~€";
    const query = publishQuery({ TopicArn: TOPIC, PublishBatchRequestEntries: [{ Id: '0', Message: hostile }] });
    expect(new URLSearchParams(query).get('PublishBatchRequestEntries.member.1.Message')).to.equal(hostile);
    expect(query).to.match(/^[\w.&=%~-]+$/);
  });
});

describe('readPublished', () => {
  const plain: readonly (readonly [what: string, xml: string])[] = [
    ['nothing said of failures', answered(TWO)],
    ['nothing failed, said before', answered(`<Failed/>${TWO}`)],
    ['nothing failed, said after', answered(`${TWO}<Failed></Failed>`)],
    [
      'a declaration and white space',
      `<?xml version="1.0" encoding="UTF-8"?>\n${answered(`\n  <Failed />\n  ${TWO.replaceAll('><', '>\n    <')}\n`)}`,
    ],
  ];
  for (const [what, xml] of plain) {
    it(`reads, as the SDK does: ${what}`, async () => {
      expect(readPublished(xml)).to.deep.equal(SAID);
      const { said } = await bySdk({ TopicArn: TOPIC, PublishBatchRequestEntries: [{ Id: '0', Message: 'm' }] }, xml);
      expect(said).to.have.deep.property('Successful', SAID.Successful);
    });
  }

  const others: readonly (readonly [what: string, xml: string])[] = [
    ['entries that failed', answered(`<Failed>${member('<Id>0</Id><Code>InternalError</Code>')}</Failed>${TWO}`)],
    ['entries that failed, said after', answered(`${TWO}<Failed>${member('<Id>2</Id>')}</Failed>`)],
    ['nothing that succeeded', answered('<Failed/>')],
    ['no entry', answered('<Successful/>')],
    ['an entity', answered(TWO.replace('m-0', 'm&#45;0'))],
    ['a comment', answered(TWO.replace('m-0', '<!-- m -->'))],
    ['a section of characters', answered(TWO.replace('m-0', '<![CDATA[m-0]]>'))],
    ['a field that is not known', answered(TWO.replace('<Id>', '<Kind>x</Kind><Id>'))],
    ['tags that do not match', answered(TWO.replace('m-0</MessageId>', 'm-0</Id>'))],
    ['an entry without its id', answered(TWO.replace('<MessageId>m-0</MessageId>', ''))],
    ['an entry of which the id is empty', answered(TWO.replace('m-0', ''))],
    ['a field that is there twice', answered(TWO.replace('<Id>0', '<Id>7</Id><Id>0'))],
    ['a field within a field', answered(TWO.replace('m-0', '<Id>7</Id>'))],
    ['text between entries', answered(TWO.replace('</member><member>', '</member>and<member>'))],
    ['two lists', answered(TWO + TWO)],
    ['another response', answered(TWO).replaceAll('PublishBatch', 'Publish')],
    ['half an answer', answered(TWO).slice(0, 200)],
    ['no XML', '{}'],
    ['nothing', ''],
  ];
  for (const [what, xml] of others) {
    it(`leaves to the SDK: ${what}`, () => {
      expect(readPublished(xml)).to.equal(undefined);
    });
  }

  it('gives no answer that the SDK would not give, whatever is cut out or put in', async () => {
    const whole = answered(`<Failed/>${TWO}`);
    const cut = fc.record({
      at: fc.nat(whole.length),
      count: fc.nat(40),
      put: fc.constantFrom('', '<', '>', 'x', '&', '<Id>', '</member>', '<Failed><member/></Failed>'),
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ at, count, put }) => {
        const xml = whole.slice(0, at) + put + whole.slice(at + count);
        const read = readPublished(xml);
        if (read === undefined) return;
        const { said } = await bySdk({ TopicArn: TOPIC, PublishBatchRequestEntries: [{ Id: '0', Message: 'm' }] }, xml);
        expect(said, xml).to.have.deep.property('Successful', read.Successful);
      }),
      { numRuns: 500 },
    );
  });
});
