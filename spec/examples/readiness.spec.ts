import { expect } from 'chai';
import * as t from 'io-ts';
import { problemsOf } from '../../examples/readiness.js';
import { type ConsumerHealth, topic } from '../../src/index.js';

const well: ConsumerHealth = {
  topic: 'users',
  queue: 'users-queue',
  state: 'polling',
  isStuck: false,
  lastPollAt: new Date(0),
  consecutiveFailures: 0,
  inFlight: 3,
  oldestInFlightMs: 90_000,
  pendingSettlements: 2,
};
const problems = (...consumers: readonly Partial<ConsumerHealth>[]): readonly string[] =>
  problemsOf({ isClosing: false, consumers: consumers.map((consumer) => ({ ...well, ...consumer })) });

describe('examples: readiness', () => {
  it('is ready while its consumers poll or are paused', () => {
    expect(problems()).to.deep.equal([]);
    expect(problems({}, { state: 'paused' }, { state: 'backingOff', consecutiveFailures: 1 })).to.deep.equal([]);
  });

  it('is not while it is closing, or a consumer can not take anything in; it says which, and why', () => {
    expect(problemsOf({ isClosing: true, consumers: [] })).to.deep.equal(['closing']);
    expect(problems({ state: 'connecting' }, { state: 'stopping' })).to.deep.equal([
      'users-queue: looking for the queue',
      'users-queue: stopping',
    ]);
    expect(problems({ state: 'backingOff', consecutiveFailures: 4 })).to.deep.equal(['users-queue: 4 polls failed']);
    expect(problemsOf({ isClosing: false, consumers: [] }, topic('orders', t.string))).to.deep.equal([
      'orders: nobody consumes it',
    ]);
    expect(problems({ isStuck: true })).to.deep.equal(['users-queue: stuck with 3 messages, the oldest for 90 s']);
  });
});
