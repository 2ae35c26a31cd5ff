import { expect } from 'chai';
import { NEVER, Subject } from 'rxjs';
import { createConfirmations } from '../../src/consumer/confirmations.js';

describe('confirmations', () => {
  /** Whether all are in. */
  function awaiting() {
    const confirmations = createConfirmations();
    const log: string[] = [];
    return { confirmations, log, listen: () => confirmations.all$.subscribe({ complete: () => log.push('|') }) };
  }

  it('are all in where there is none, also after some that came and went', () => {
    const { confirmations, log, listen } = awaiting();
    const confirmed = new Subject<void>();
    confirmations.await(confirmed);
    confirmed.complete();
    listen();
    expect(log).to.deep.equal(['|']);
  });

  it('are all in with the last of them, confirmed or failed, what began meanwhile included', () => {
    const { confirmations, log, listen } = awaiting();
    const [first, failing, late] = [new Subject<void>(), new Subject<void>(), new Subject<void>()];
    confirmations.await(first);
    confirmations.await(failing);
    listen();
    first.complete();
    confirmations.await(late);
    failing.error(new Error('no'));
    expect(log).to.deep.equal([]);
    late.complete();
    expect(log).to.deep.equal(['|']);
  });

  it('are left with the output', () => {
    const { confirmations, log, listen } = awaiting();
    const confirmed = new Subject<void>();
    confirmations.await(confirmed);
    confirmations.await(NEVER);
    listen();
    confirmations.unsubscribe();
    expect(confirmed.observed).to.equal(false);
    expect(log).to.deep.equal([]);
  });

  it('says at once that a settle of the user has given no Observable', () => {
    const { confirmations } = awaiting();
    expect(() => {
      confirmations.await(undefined as unknown as Subject<void>);
    }).to.throw(TypeError);
  });
});
