import { expect } from 'chai';
import fc from 'fast-check';
import { redriveBatches } from '../../src/topology/redriveBatches.js';
import { raw } from '../helpers/raw.js';

const idsOf = (batches: ReturnType<typeof redriveBatches>): readonly (readonly string[])[] =>
  batches.map((batch) => batch.map(({ original }) => original.messageId));

describe('redriveBatches', () => {
  it('copies body, attributes and group, without the reason of the rejection', () => {
    const attributes = {
      type: { dataType: 'String', stringValue: 'created' },
      'rejection-reason': { dataType: 'String', stringValue: '{"error":"Error"}' },
    };
    const letter = raw('a', { body: '"body"', attributes, groupId: 'g', deduplicationId: 'first' });
    const entry = { id: '0', body: '"body"', attributes: { type: attributes.type }, groupId: 'g' };
    const bytes = 6 + 'typeStringcreated'.length;
    expect(redriveBatches([letter], false)).to.deep.equal([
      [{ original: letter, entry: { ...entry, deduplicationId: undefined }, bytes }],
    ]);
    expect(redriveBatches([letter], true)).to.deep.equal([
      [{ original: letter, entry: { ...entry, deduplicationId: 'a' }, bytes }],
    ]);
  });

  it('splits by count', () => {
    const letters = Array.from({ length: 11 }, (_, index) => raw(String(index)));
    expect(redriveBatches(letters, false).map(({ length }) => length)).to.deep.equal([10, 1]);
    expect(redriveBatches([], false)).to.deep.equal([]);
  });

  it('splits by bytes, so that a batch fits although each entry does (extended clients)', () => {
    const half = raw('a', { body: 'é'.repeat(262_144) });
    expect(idsOf(redriveBatches([half, half, raw('b')], false))).to.deep.equal([['a', 'a'], ['b']]);
    const whole = raw('c', { body: 'x'.repeat(1_048_576) });
    expect(idsOf(redriveBatches([whole, whole], false))).to.deep.equal([['c'], ['c']]);
  });

  it('of a FIFO group puts one message in a batch', () => {
    const letters = ['a1', 'b1', 'a2', 'b2', 'c1'].map((id) => raw(id, { groupId: id.charAt(0) }));
    expect(idsOf(redriveBatches(letters, true))).to.deep.equal([
      ['a1', 'b1'],
      ['a2', 'b2', 'c1'],
    ]);
    expect(idsOf(redriveBatches(letters, false))).to.deep.equal([['a1', 'b1', 'a2', 'b2', 'c1']]);
  });

  it('keeps every message and their order, within the limits', () => {
    const letter = fc
      .record({ size: fc.constantFrom(1, 300_000, 600_000, 1_048_576), group: fc.constantFrom('a', 'b', 'c') })
      .map(({ size, group }) => raw('m', { body: 'x'.repeat(size), groupId: group }));
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 30 }), fc.boolean(), (letters, isFifo) => {
        const batches = redriveBatches(letters, isFifo);
        expect(batches.flat().map(({ original }) => original)).to.deep.equal(letters);
        for (const batch of batches) {
          expect(batch.length).to.be.within(1, 10);
          expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).to.be.at.most(1_048_576);
          expect(new Set(batch.map(({ entry }) => entry.id)).size).to.equal(batch.length);
          const groups = batch.map(({ original }) => original.groupId);
          if (isFifo) expect(new Set(groups).size).to.equal(groups.length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
