import { expect } from 'chai';
import { ack, checkSettlement, ignore, reject, retryAfter, type Settlement } from '../../src/message/settlement.js';
import { faultsThrownBy } from '../helpers/thrown.js';

describe('settlement', () => {
  it('is data, told apart by its tag', () => {
    const error = new Error('no');
    expect([ack, retryAfter(1_500), reject(error), ignore]).to.deep.equal([
      { _tag: 'ack' },
      { _tag: 'retryAfter', delayMs: 1_500 },
      { _tag: 'reject', error },
      { _tag: 'ignore' },
    ]);
  });

  it('is checked: a delay that is no number would reach SQS as one', () => {
    const faults = (settlement: unknown) =>
      faultsThrownBy(() => {
        checkSettlement(settlement as Settlement);
      });
    for (const settlement of [ack, ignore, reject(undefined), retryAfter(0), retryAfter(-1), retryAfter(Infinity)]) {
      expect(faults(settlement)).to.deep.equal([]);
    }
    const text = 'settlement: expected ack, retryAfter(delayMs), reject(error) or ignore';
    for (const other of [undefined, null, 7, 'ack', {}, { _tag: 'done' }, Promise.resolve(ack)]) {
      expect(faults(other)).to.deep.equal([text]);
    }
    const noNumber = ['retryAfter: expected a number of milliseconds'];
    expect(faultsThrownBy(() => retryAfter(NaN))).to.deep.equal(noNumber);
    expect(faultsThrownBy(() => retryAfter('7' as unknown as number))).to.deep.equal(noNumber);
  });
});
