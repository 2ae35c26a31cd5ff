import { expect } from 'chai';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { isoDate } from '../../examples/isoDate.js';

describe('examples: isoDate', () => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(isoDate.decode(isoDate.encode(date))).to.deep.equal(E.right(date));
      }),
    );
  });

  it('is a Date that is one', () => {
    expect(isoDate.is(new Date())).to.be.true;
    for (const other of [new Date(NaN), '2026-01-31T12:00:00.000Z', 0, null, undefined]) {
      expect(isoDate.is(other)).to.be.false;
    }
  });

  it('refuses what is no date', () => {
    for (const input of ['yesterday', '', 1_767_225_600_000, null, new Date()]) {
      expect(E.isLeft(isoDate.decode(input))).to.be.true;
    }
  });
});
