import { expect } from 'chai';
import { map } from 'rxjs';
import { createFaults, type FaultPlan } from '../../src/testing/faults.js';
import { OPERATION_NAMES } from '../../src/testing/brokerOperation.js';
import { at, marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const BUSY: FaultPlan = { error: 'ServiceUnavailable' };
const DENIED: FaultPlan = { error: 'AccessDenied' };
const NO_REQUEST = {};
const batchOf = (count: number) => ({ entries: Array.from({ length: count }, (_, index) => ({ id: String(index) })) });

describe('faults', () => {
  it('are for the next call of their kind, once', () => {
    const faults = createFaults();
    faults.fail('publish', BUSY);
    expect(faults.take('receive', NO_REQUEST)).to.equal(undefined);
    expect(faults.take('publishBatch', NO_REQUEST)).to.equal(BUSY);
    expect(faults.take('publishBatch', NO_REQUEST)).to.equal(undefined);
  });

  it('are for so many calls, after so many that go well', () => {
    const faults = createFaults();
    const plan = { ...BUSY, after: 2, times: 2 };
    faults.fail('receive', plan);
    const taken = Array.from({ length: 5 }, () => faults.take('receive', NO_REQUEST));
    expect(taken).to.deep.equal([undefined, undefined, plan, plan, undefined]);
  });

  it('come in the order of their planning', () => {
    const faults = createFaults();
    faults.fail('send', BUSY);
    faults.fail('send', { ...DENIED, after: 1 });
    expect([1, 2, 3].map(() => faults.take('sendBatch', NO_REQUEST)?.error)).to.deep.equal([
      BUSY.error,
      undefined,
      DENIED.error,
    ]);
  });

  it('may go on for ever', () => {
    const faults = createFaults();
    faults.fail('delete', { ...BUSY, times: Infinity });
    expect(Array.from({ length: 100 }, () => faults.take('deleteBatch', NO_REQUEST)?.error)).not.to.include(undefined);
  });

  it('list what is wrong with a plan', () => {
    const faults = createFaults();
    expect(faultsThrownBy(() => faults.fail('recieve' as 'receive', { times: 0, after: -1 }))).to.deep.equal([
      `operation: expected one of ${OPERATION_NAMES}`,
      'plan: expected `error`, `entries` or `lost`',
      'times: expected a number of at least 1',
      'after: expected a number of at least 0',
    ]);
    expect(faultsThrownBy(() => faults.fail('send', { lost: false, times: NaN }))).to.have.length(2);
    for (const plan of [BUSY, { entries: { 0: 'InternalError' } }, { lost: true }]) {
      expect(faultsThrownBy(() => faults.fail('send', plan))).to.deep.equal([]);
    }
  });

  it('are one thing at a time, and nothing that is not known', () => {
    const faults = createFaults();
    const fault = (plan: object): readonly string[] => faultsThrownBy(() => faults.fail('send', plan));
    expect(fault({ entries: {} })).to.deep.equal(['plan: expected `error`, `entries` or `lost`']);
    expect(fault({ ...BUSY, entries: { 0: 'InternalError' } })).to.deep.equal([
      'plan: expected `error`, for the whole call, or `entries`, not both',
    ]);
    expect(fault({ ...BUSY, time: 3 })).to.deep.equal([
      'time: there is no such option; there are error, entries, lost, times, after',
    ]);
  });

  it('of entries wait for a batch that has one of them', () => {
    const faults = createFaults();
    const plan = { entries: { 2: 'InternalError', 4: 'InternalError' } };
    faults.fail('delete', plan);
    expect([1, 2, 3, 3].map((count) => faults.take('deleteBatch', batchOf(count)))).to.deep.equal([
      undefined,
      undefined,
      plan,
      undefined,
    ]);
  });

  it('are unused until they came to pass', () => {
    const faults = createFaults();
    faults.fail('send', BUSY);
    faults.fail('receive', { ...BUSY, after: 1, times: Infinity });
    faults.take('receive', NO_REQUEST);
    expect(faults.unused()).to.deep.equal(['send', 'receive']);
    faults.take('receive', NO_REQUEST);
    expect(faults.unused()).to.deep.equal(['send']);
  });

  it('have entries for batches only', () => {
    const faults = createFaults();
    const entries = { 0: 'InternalError' };
    for (const operation of ['receive', 'createQueue', 'getQueueUrl'] as const) {
      expect(
        faultsThrownBy(() => faults.fail(operation, { entries })),
        operation,
      ).to.deep.equal(['entries: expected them for delete, changeVisibility, send or publish only']);
    }
    for (const operation of ['delete', 'changeVisibility', 'send', 'publish'] as const) {
      expect(
        faultsThrownBy(() => faults.fail(operation, { entries })),
        operation,
      ).to.deep.equal([]);
    }
  });

  it('outage: from its beginning until just before its end', () => {
    marbles((m) => {
      const faults = createFaults();
      const codes: unknown[] = [];
      at(m, 5, () => faults.outage({ from: 10, to: 20 }));
      at(m, 6, () => faults.outage({ from: 30, to: 40, error: 'ECONNREFUSED' }));
      for (const ms of [14, 15, 24, 25, 36, 46]) at(m, ms, () => codes.push(faults.outageNow()));
      m.flush();
      const BUSY = 'ServiceUnavailable';
      expect(codes).to.deep.equal([undefined, BUSY, BUSY, undefined, 'ECONNREFUSED', undefined]);
    });
  });

  it('outage: is a time to come', () => {
    const { outage } = createFaults();
    const fault = ['outage: expected `from` and a later `to`, in milliseconds from now'];
    for (const [from, to] of [
      [-1, 5],
      [5, 5],
      [NaN, 5],
      [0, NaN],
    ] as const) {
      expect(faultsThrownBy(() => outage({ from, to }))).to.deep.equal(fault);
    }
    expect(faultsThrownBy(() => outage({ from: 0, to: 0.5 }))).to.deep.equal([]);
  });

  it('cut off what waits when the next outage begins, be it planned before or while it waits', () => {
    marbles((m) => {
      const faults = createFaults();
      faults.outage({ from: 8, to: 10, error: 'E8' });
      faults.outage({ from: 3, to: 4, error: 'E3' });
      at(m, 5, () => faults.outage({ from: 1, to: 2, error: 'E6' }));
      const codes = faults.cut$.pipe(map((code) => code));
      m.expectObservable(codes).toBe('        ---(c|)', { c: 'E3' });
      m.expectObservable(codes, '----^').toBe('------(c|)', { c: 'E6' });
      m.expectObservable(codes, '-------^').toBe('--------(c|)', { c: 'E8' });
      m.expectObservable(codes, '---------^').toBe('---');
    });
  });

  it('cut off what waits when an outage begins at once, not what begins within one', () => {
    marbles((m) => {
      const faults = createFaults();
      at(m, 3, () => faults.outage({ from: 0, to: 5, error: 'NOW' }));
      m.expectObservable(faults.cut$).toBe('         ---(c|)', { c: 'NOW' });
      m.expectObservable(faults.cut$, '----^').toBe('----');
    });
  });
});
