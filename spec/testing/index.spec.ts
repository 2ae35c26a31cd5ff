import { expect } from 'chai';
import * as door from '../../src/testing/index.js';

describe('the door ./testing', () => {
  it('opens to these names, and to no other', () => {
    expect(Object.keys(door)).to.deep.equal(['createTestBroker', 'messagingTest', 'recordMarbles']);
  });
});
