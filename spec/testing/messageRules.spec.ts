import { expect } from 'chai';
import type { PublishEntry } from '../../src/client/client.js';
import type { RawAttribute, RawAttributes } from '../../src/message/rawMessage.js';
import { type Destination, messageBytes, publishFault, sendFault } from '../../src/testing/messageRules.js';
import { entryOf } from '../helpers/brokerQueues.js';

const STANDARD: Destination = { isFifo: false, contentBasedDeduplication: false, maxBytes: 100 };
const FIFO: Destination = { ...STANDARD, isFifo: true };
const CONTENT: Destination = { ...FIFO, contentBasedDeduplication: true };

/** What SQS and what SNS say of an entry. */
const faults = (
  more: Partial<PublishEntry>,
  destination: Destination = STANDARD,
): readonly [string | undefined, string | undefined] => {
  const entry = entryOf('b', more);
  return [sendFault(entry, destination), publishFault(entry, destination)];
};
const named = (names: readonly string[]): RawAttributes =>
  Object.fromEntries(names.map((name) => [name, { dataType: 'String', stringValue: 'x' }]));
const isTaken = (attribute: RawAttribute): boolean => faults({ attributes: { a: attribute } })[0] === undefined;

const TAKEN = [undefined, undefined];
const INVALID = ['InvalidParameterValue', 'InvalidParameter'];

describe('messageRules', () => {
  it('count body and attributes in bytes: names, types and values', () => {
    const attributes = {
      ä: { dataType: 'String', stringValue: 'ü' },
      b: { dataType: 'Binary', binaryValue: new Uint8Array(3) },
    };
    expect(messageBytes({ body: '€', attributes })).to.equal(3 + (2 + 6 + 2) + (1 + 6 + 3));
  });

  it('take as many bytes as the destination does', () => {
    expect(faults({ body: 'x'.repeat(100) })).to.deep.equal(TAKEN);
    expect(faults({ body: 'x'.repeat(101) })).to.deep.equal(INVALID);
    expect(faults({ body: 'x'.repeat(93), attributes: named(['a']) })).to.deep.equal(INVALID);
  });

  it('refuse an empty body, and characters that are not carried', () => {
    expect(faults({ body: '' })).to.deep.equal(['MissingParameter', 'InvalidParameter']);
    expect(faults({ body: '\u0000' })).to.deep.equal(['InvalidMessageContents', 'InvalidParameter']);
    expect(faults({ body: '\ud800' })).to.deep.equal(['InvalidMessageContents', 'InvalidParameter']);
    expect(faults({ body: '\t\n\r \u{10ffff}' })).to.deep.equal(TAKEN);
  });

  it('have ten attributes at most on SQS; SNS takes more', () => {
    const ten = Array.from({ length: 10 }, (_, index) => `a${index}`);
    const large = { ...STANDARD, maxBytes: 1_000 };
    expect(faults({ attributes: named(ten) }, large)).to.deep.equal(TAKEN);
    expect(faults({ attributes: named([...ten, 'b']) }, large)).to.deep.equal(['InvalidParameterValue', undefined]);
  });

  it('refuse names that are none', () => {
    for (const name of ['AWS.x', 'amazon.x', '.a', 'a.', 'a..b', 'ä', '']) {
      expect(faults({ attributes: named([name]) }), name).to.deep.equal(INVALID);
    }
    expect(faults({ attributes: named(['a.b-c_D1']) })).to.deep.equal(TAKEN);
  });

  it('take attributes of a type with a value of its kind', () => {
    const binaryValue = new Uint8Array(1);
    expect(isTaken({ dataType: 'String', stringValue: 'x' })).to.equal(true);
    expect(isTaken({ dataType: 'String.Array', stringValue: '[]' })).to.equal(true);
    expect(isTaken({ dataType: 'Number.int', stringValue: '-1.5e3' })).to.equal(true);
    expect(isTaken({ dataType: 'Binary.png', binaryValue })).to.equal(true);
    expect(isTaken({ dataType: 'Text', stringValue: 'x' })).to.equal(false);
    expect(isTaken({ dataType: 'String.', stringValue: 'x' })).to.equal(false);
    expect(isTaken({ dataType: 'String', stringValue: '' })).to.equal(false);
    expect(isTaken({ dataType: 'String', binaryValue })).to.equal(false);
    expect(isTaken({ dataType: 'String', stringValue: '\u0001' })).to.equal(false);
    expect(isTaken({ dataType: 'Number', stringValue: 'five' })).to.equal(false);
    expect(isTaken({ dataType: 'Number', stringValue: 'Infinity' })).to.equal(false);
    expect(isTaken({ dataType: 'Binary', binaryValue: new Uint8Array() })).to.equal(false);
    expect(isTaken({ dataType: 'Binary', stringValue: 'x' })).to.equal(false);
  });

  it('take a group on a standard destination, and no deduplication id', () => {
    expect(faults({ groupId: 'tenant' })).to.deep.equal(TAKEN);
    expect(faults({ deduplicationId: 'd' })).to.deep.equal(INVALID);
  });

  it('need a group on FIFO, and an id unless the content is one', () => {
    expect(faults({ deduplicationId: 'd' }, FIFO)).to.deep.equal(['MissingParameter', 'InvalidParameter']);
    expect(faults({ groupId: 'g' }, FIFO)).to.deep.equal(INVALID);
    expect(faults({ groupId: 'g', deduplicationId: 'd' }, FIFO)).to.deep.equal(TAKEN);
    expect(faults({ groupId: 'g' }, CONTENT)).to.deep.equal(TAKEN);
  });

  it('take ids of up to 128 visible ASCII characters', () => {
    const taken = { groupId: 'g'.repeat(128), deduplicationId: `!~${'d'.repeat(126)}` };
    expect(faults(taken, FIFO)).to.deep.equal(TAKEN);
    for (const id of ['', 'a b', 'ä', 'x'.repeat(129)]) {
      expect(faults({ ...taken, groupId: id }, FIFO), id).to.deep.equal(INVALID);
      expect(faults({ ...taken, deduplicationId: id }, FIFO), id).to.deep.equal(INVALID);
    }
  });

  it('take a subject below 100 printable ASCII characters, on SNS', () => {
    const subjects = ['a', 'x'.repeat(99), 'x'.repeat(100), '', ' a', 'a\n', 'ä'];
    expect(subjects.map((subject) => faults({ subject })[1] === undefined)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
