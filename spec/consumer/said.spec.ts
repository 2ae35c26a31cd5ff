import { expect } from 'chai';
import { finalize, type MonoTypeOperatorFunction } from 'rxjs';
import { createLedger, type Ledger } from '../../src/consumer/ledger.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { marbles } from '../helpers/marbles.js';
import { contextOf, raw } from '../helpers/raw.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const thrower = <T>(): MonoTypeOperatorFunction<T> =>
  finalize(() => {
    throw new Error('no');
  });
const ledgerOf = (): Ledger => createLedger(contextOf(fakeClient({})));

describe('said', () => {
  const unhandled = watchUnhandled();

  it('tells those who listen, those who ask later, and none who has left, whether it was confirmed', () => {
    const said = ledgerOf().open(raw('a'), 'ack');
    const log: string[] = [];
    const listen = (name: string) => said.confirmed().subscribe({ complete: () => log.push(name) });
    listen('first');
    listen('left').unsubscribe();
    said.confirm();
    listen('later');
    expect(log).to.deep.equal(['first', 'later']);
  });

  it('tells them with what it has failed', () => {
    const said = ledgerOf().open(raw('a'), 'ack');
    const log: unknown[] = [];
    const listen = () => said.confirmed().subscribe({ error: (error: unknown) => log.push(error) });
    listen();
    said.fail('no');
    listen();
    expect(log).to.deep.equal(['no', 'no']);
  });

  it('counts as pending until then, and is concluded though the teardown of one who listens throws', () => {
    const log: string[] = [];
    // What is unhandled is reported in a later turn.
    marbles((m) => {
      const ledger = ledgerOf();
      ledger.concluded$.subscribe(() => log.push(`concluded, ${String(ledger.pending)} pending`));
      const said = ledger.open(raw('a'), 'ack');
      expect(ledger.pending).to.equal(1);
      said.confirmed().pipe(thrower()).subscribe();
      said.confirmed().subscribe({ complete: () => log.push('other') });
      said.confirm();
      m.flush();
    });
    expect(log).to.deep.equal(['other', 'concluded, 0 pending']);
    expect(unhandled()).to.have.length(1);
  });
});
