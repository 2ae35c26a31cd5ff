import { expect } from 'chai';
import { guarded } from '../../src/operators/guarded.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

describe('guarded', () => {
  const unhandled = watchUnhandled();

  it('runs what it is given', () => {
    let ran = 0;
    guarded(() => (ran += 1));
    expect(ran).to.equal(1);
  });

  it('reports what that throws, once', async () => {
    const fault = new Error('no');
    guarded(() => {
      throw fault;
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(unhandled()).to.deep.equal([fault]);
  });
});
