import { expect } from 'chai';
import { contentHash, createDeduplication } from '../../src/testing/deduplication.js';
import { at, marbles } from '../helpers/marbles.js';

describe('deduplication', () => {
  it('gives the first receipt for five minutes, to the millisecond, counted from the first', () => {
    marbles((m) => {
      const { once } = createDeduplication<number>();
      let accepted = 0;
      const receipts: string[] = [];
      for (const ms of [0, 200_000, 299_999, 300_000, 599_999, 600_000]) {
        at(m, ms, () => {
          receipts.push(`${ms}: ${once('k', () => (accepted += 1))}`);
        });
      }
      m.flush();
      expect(receipts).to.deep.equal(['0: 1', '200000: 1', '299999: 1', '300000: 2', '599999: 2', '600000: 3']);
    });
  });

  it('tells keys apart, and forgets each in its own time', () => {
    marbles((m) => {
      const { once } = createDeduplication<string>();
      const receipts: string[] = [];
      at(m, 0, () => receipts.push(once('a', () => 'a1')));
      at(m, 1, () => receipts.push(once('b', () => 'b1')));
      at(m, 300_000, () =>
        receipts.push(
          once('b', () => 'b2'),
          once('a', () => 'a2'),
        ),
      );
      m.flush();
      expect(receipts).to.deep.equal(['a1', 'b1', 'b1', 'a2']);
    });
  });

  it('knows nothing of what was not accepted', () => {
    const { once } = createDeduplication<string>();
    const refuse = (): never => {
      throw new Error('no');
    };
    expect(() => once('a', refuse)).to.throw('no');
    expect(once('a', () => 'yes')).to.equal('yes');
  });

  it('hashes content as SHA-256', () => {
    expect(contentHash('abc')).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
