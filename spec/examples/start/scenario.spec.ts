import { expect } from 'chai';
import { invalidAmong, isInvalid, numberOf, userCreated } from '../../../examples/start/scenario.js';

describe('npm start: scenario', () => {
  it('counts the invalid events of a run', () => {
    let invalid = 0;
    for (let count = 0; count < 500; count += 1) {
      expect(invalidAmong(count), String(count)).to.equal(invalid);
      if (isInvalid(count)) invalid += 1;
    }
  });

  it('gives the number of an event in its user id', () => {
    expect(numberOf(userCreated('run-7', 42).userId)).to.equal(42);
  });

  it('makes an event invalid in one of two ways', () => {
    expect(userCreated('run', 13)).to.have.property('email', undefined);
    expect(userCreated('run', 63).createdAt.getTime()).to.be.NaN;
  });
});
