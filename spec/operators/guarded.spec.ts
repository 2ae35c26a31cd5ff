import { expect } from 'chai';
import sinon from 'sinon';
import { guarded } from '../../src/operators/guarded.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

describe('guarded', () => {
  const unhandled = watchUnhandled();

  it('runs what it is given', () => {
    let ran = 0;
    guarded(() => (ran += 1));
    expect(ran).to.equal(1);
  });

  it('reports what that throws, once', () => {
    const clock = sinon.useFakeTimers();
    const fault = new Error('no');
    guarded(() => {
      throw fault;
    });
    clock.runAll();
    clock.restore();
    expect(unhandled()).to.deep.equal([fault]);
  });
});
