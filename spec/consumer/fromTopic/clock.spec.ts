import { expect } from 'chai';
import { timer } from 'rxjs';
import sinon from 'sinon';
import { watchForStall } from '../../../src/consumer/stall.js';
import { fakeConsumer } from '../../helpers/fakeConsumer.js';

describe('a clock that is set back', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers(10_000_000_000)));
  afterEach(() => {
    clock.restore();
  });
  it('does not keep a stuck consumer from being told, within two minutes', () => {
    let told = 0;
    const watch = watchForStall(
      () => true,
      () => (told += 1),
    );
    watch.full();
    clock.tick(1_000);
    clock.setSystemTime(Date.now() - 3_600_000);
    clock.tick(121_000);
    expect(told).to.equal(1);
  });
  it('by a month makes no timer spin', () => {
    let looks = 0;
    const watch = watchForStall(
      () => (looks += 1) > 0,
      () => undefined,
    );
    watch.full();
    clock.setSystemTime(Date.now() - 2_500_000_000);
    clock.tick(70_000);
    expect(looks).to.be.lessThan(10);
    watch.stop();
  });
  it('while a poll waits does not keep a stop from aborting that, within half a second', () => {
    const { messages$, queue } = fakeConsumer();
    let done = false;
    const consuming = messages$({ stop: timer(2_000) }).subscribe({ complete: () => (done = true) });
    clock.tick(1_000);
    clock.setSystemTime(Date.now() - 3_600_000);
    clock.tick(1_600);
    expect([done, queue.polls()]).to.deep.equal([true, 0]);
    consuming.unsubscribe();
  });
});
