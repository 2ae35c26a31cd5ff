import { expect } from 'chai';
import {
  allCallsPerMessage,
  callsPerMessage,
  cpu,
  isBoundByServer,
  measured,
  rate,
  ratio,
} from '../../bench/report/figures.js';
import type { CaseResult, Window } from '../../bench/report/results.js';

const NO_COUNTS = { calls: {}, handedOut: 0, deleted: 0, released: 0, accepted: 0, unknown: 0 };

function windowOf(given: Partial<Window>): Window {
  return {
    messages: 100,
    elapsedMs: 1_000,
    cpuUserUs: 3_000,
    cpuSystemUs: 1_000,
    meanBusy: 0,
    serverShare: 0.2,
    counts: NO_COUNTS,
    left: 0,
    ...given,
  };
}

const caseOf = (...windows: readonly Partial<Window>[]): CaseResult => ({
  id: 'a',
  name: 'a',
  latencyMs: 0,
  windows: windows.map(windowOf),
});

describe('figures of the benchmarks', () => {
  it('are medians, with the least and the most of the rounds', () => {
    const result = caseOf({ messages: 50 }, { messages: 400 }, { messages: 100 });
    expect(measured(result, cpu)).to.deep.equal({ median: 40, least: 10, most: 80 });
    expect(measured(result, rate)).to.deep.equal({ median: 100, least: 50, most: 400 });
  });

  it('compare cases within a round, so that a busy moment meets both', () => {
    const quick = caseOf({ messages: 300 }, { messages: 30 }, { messages: 200 });
    const slow = caseOf({ messages: 100 }, { messages: 10 }, { messages: 100 });
    expect(ratio(quick, slow, rate)).to.deep.equal({ median: 3, least: 2, most: 3 });
  });

  it('have no ratio where a round is missing', () => {
    expect(ratio(caseOf({}), caseOf(), rate).median).to.be.NaN;
  });

  it('count calls by what each is about', () => {
    const counts = { calls: { ReceiveMessage: 10, DeleteMessageBatch: 9 }, handedOut: 100, deleted: 90 };
    const result = caseOf({ counts: { ...NO_COUNTS, ...counts } });
    expect([...callsPerMessage(result)]).to.deep.equal([
      ['DeleteMessageBatch', 0.1],
      ['ReceiveMessage', 0.1],
    ]);
    expect(allCallsPerMessage(result)).to.equal(0.2);
    const published = { calls: { PublishBatch: 10 }, accepted: 100 };
    expect(allCallsPerMessage(caseOf({ counts: { ...NO_COUNTS, ...published } }))).to.equal(0.1);
  });

  it('say when the server was the slowest of all', () => {
    expect(isBoundByServer(caseOf({ serverShare: 0.9 }))).to.equal(true);
    expect(isBoundByServer(caseOf({ serverShare: 0.5 }, { serverShare: 0.99 }, { serverShare: 0.5 }))).to.equal(false);
  });
});
