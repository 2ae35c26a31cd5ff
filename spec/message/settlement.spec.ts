import { expect } from 'chai';
import { ack, ignore, reject, retryAfter } from '../../src/message/settlement.js';

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
});
