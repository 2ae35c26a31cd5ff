import { expect } from 'chai';
import { createAttempts } from '../../src/testing/receiveAttempts.js';
import type { StoredMessage } from '../../src/testing/storedMessage.js';
import { stored } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

const inFlight = (serial: number): StoredMessage =>
  stored(serial, { receiveCount: 1, receivedAt: 0, visibleAt: 1_000_000 });

/** What is recalled `ms` after two messages were remembered, when `meanwhile` has happened. */
function recalledAfter(ms: number, meanwhile: (messages: StoredMessage[]) => void = () => undefined): unknown {
  let recalled: unknown = 'nothing was asked';
  marbles((m) => {
    const attempts = createAttempts();
    const messages = [inFlight(1), inFlight(2)];
    attempts.remember('x', [...messages]);
    at(m, ms, () => {
      meanwhile(messages);
      recalled = attempts.recall('x', messages)?.map(({ serial }) => serial);
    });
  });
  return recalled;
}

describe('receiveAttempts', () => {
  it('recall what an attempt brought, for five minutes to the millisecond', () => {
    expect(recalledAfter(0)).to.deep.equal([1, 2]);
    expect(recalledAfter(299_999)).to.deep.equal([1, 2]);
    expect(recalledAfter(300_000)).to.equal(undefined);
  });

  it('recall nothing where one of the messages is gone, visible, hidden anew, or was received again', () => {
    expect(recalledAfter(1, (messages) => messages.pop())).to.equal(undefined);
    for (const change of [{ visibleAt: 1 }, { visibleAt: 2_000_000 }, { receiveCount: 2 }]) {
      expect(recalledAfter(1, ([first]) => Object.assign(first ?? {}, change))).to.equal(undefined);
    }
    expect(recalledAfter(1_000_000)).to.equal(undefined);
  });

  it('know an attempt by its id, once; without an id, or without messages, there is none', () => {
    const attempts = createAttempts();
    const message = { ...inFlight(1), visibleAt: Infinity };
    attempts.remember(undefined, [message]);
    attempts.remember('empty', []);
    attempts.remember('x', [message]);
    expect(attempts.recall(undefined, [message])).to.equal(undefined);
    expect(attempts.recall('empty', [message])).to.equal(undefined);
    expect(attempts.recall('y', [message])).to.equal(undefined);
    expect(attempts.recall('x', [message])).to.deep.equal([message]);
    expect(attempts.recall('x', [message])).to.equal(undefined);
  });
});
