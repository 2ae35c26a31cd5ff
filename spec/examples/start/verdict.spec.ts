import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { createLatencies } from '../../../examples/start/latencies.js';
import { complaintsOf, type Outcome } from '../../../examples/start/verdict.js';

/** A run of 1,000 of which everything came out right. */
const right: Outcome = {
  count: 1_000,
  stoppedBy: undefined,
  injected: 10,
  tally: {
    published: 980,
    refused: 20,
    handled: 980,
    redelivered: 31,
    deadLettered: 10,
    settleFailed: 0,
    refusals: new Map(),
    failures: new Map(),
    rejections: new Map(),
    calls: new Map(),
  },
  users: ledger([], []),
  badBodies: ledger([], []),
  latencies: { first: createLatencies(), redelivered: createLatencies() },
  before: { visible: 0, inFlight: 0, deadLetters: 5 },
  after: E.right({ visible: 0, inFlight: 0, deadLetters: 15 }),
  troubles: [],
};

describe('npm start: verdict', () => {
  it('has nothing to say when all is accounted for', () => {
    expect(complaintsOf(right)).to.deep.equal([]);
  });

  const cases: readonly (readonly [what: string, change: Partial<Outcome>, complaint: string])[] = [
    [
      'names valid events that were not handled',
      { users: ledger(['a', 'b', 'c', 'd', 'e', 'f'], []) },
      '6 valid events were not handled: a, b, c, d, e, …',
    ],
    ['counts refusals', { tally: { ...right.tally, refused: 21 } }, '21 events were refused, 20 are invalid'],
    ['names bad messages that live', { badBodies: ledger(['x'], []) }, '1 bad messages were not dead-lettered: x'],
    ['counts others that died', { badBodies: ledger([], ['y']) }, '1 other messages were dead-lettered'],
    ['counts settlements', { tally: { ...right.tally, settleFailed: 2 } }, '2 settlements could not be confirmed'],
    [
      'looks into the queue',
      { after: E.right({ visible: 2, inFlight: 1, deadLetters: 15 }) },
      '3 messages are left in the queue, 1 of them in flight or waiting for a retry',
    ],
    [
      'looks into the dead-letter queue',
      { after: E.right({ visible: 0, inFlight: 0, deadLetters: 14 }) },
      'the dead-letter queue grew by 9, 10 bad messages were put in',
    ],
    ['says that it can not look', { after: E.left('no answer') }, "the queues can't be read: no answer"],
    ['passes on what else went wrong', { troubles: ['nothing got done any more'] }, 'nothing got done any more'],
  ];
  for (const [what, change, complaint] of cases) {
    it(what, () => {
      expect(complaintsOf({ ...right, ...change })).to.deep.equal([complaint]);
    });
  }

  it('does not mind what another run left: SQS may deliver twice', () => {
    expect(complaintsOf({ ...right, users: ledger([], ['older-7']) })).to.deep.equal([]);
  });
});

function ledger(missing: readonly string[], surplus: readonly string[]): Outcome['users'] {
  return { missing: new Set(missing), surplus: new Set(surplus), expect: never, done: never, complete: never };
}

function never(): never {
  throw new Error('a verdict only reads');
}
