import { expect } from 'chai';
import { createLedger } from '../../../examples/start/ledger.js';

describe('npm start: ledger', () => {
  it('knows what is missing, and what nobody expected', () => {
    const ledger = createLedger();
    ledger.expect('a');
    ledger.expect('b');
    ledger.done('b');
    ledger.done('c');
    expect([...ledger.missing]).to.deep.equal(['a']);
    expect([...ledger.surplus]).to.deep.equal(['c']);
  });

  it('takes it in either order', () => {
    const ledger = createLedger();
    ledger.done('a');
    ledger.expect('a');
    expect([...ledger.missing, ...ledger.surplus]).to.deep.equal([]);
  });

  it('counts what is done twice as not expected', () => {
    const ledger = createLedger();
    ledger.expect('a');
    ledger.done('a');
    ledger.done('a');
    expect([...ledger.surplus]).to.deep.equal(['a']);
  });

  it('is complete once nothing is missing', async () => {
    const ledger = createLedger();
    ledger.expect('a');
    const seen: string[] = [];
    const complete = ledger.complete().then(() => seen.push('complete'));
    await Promise.resolve();
    seen.push('done');
    ledger.done('a');
    await complete;
    expect(seen).to.deep.equal(['done', 'complete']);
  });
});
