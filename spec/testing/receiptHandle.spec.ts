import { expect } from 'chai';
import { handleOf, readHandle } from '../../src/testing/receiptHandle.js';
import { stored } from '../helpers/brokerQueues.js';

describe('receiptHandle', () => {
  it('says which message it is of, and which receive', () => {
    const handle = handleOf('q.fifo', stored(12, { receiveCount: 3 }));
    expect(readHandle('q.fifo', handle)).to.deep.equal({ serial: 12, receiveCount: 3 });
    expect(handleOf('q.fifo', stored(12, { receiveCount: 4 }))).not.to.equal(handle);
  });

  it('is good for its own queue, and nothing else is one', () => {
    const handle = handleOf('q', stored(1));
    expect(readHandle('other', handle)).to.equal(undefined);
    for (const other of ['', 'q', 'q/1', 'q/1/', 'q/x/1', 'q/1/1/1', ` ${handle}`]) {
      expect(readHandle('q', other), other).to.equal(undefined);
    }
  });
});
