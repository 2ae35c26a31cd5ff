import { expect } from 'chai';
import { type Attempts, createAttempts } from '../../src/testing/receiveAttempts.js';
import type { StoredMessage } from '../../src/testing/storedMessage.js';
import { refusalOf, stored } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

/** Recalls from a queue that holds these, and hides nothing. */
const recall = (attempts: Attempts, id: string | undefined, present: readonly StoredMessage[]) =>
  attempts.recall(
    id,
    (message) => present.includes(message),
    () => undefined,
  );

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
      recalled = recall(attempts, 'x', messages)?.map(({ serial }) => serial);
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

  it('are refused where one of the messages is gone, visible, hidden anew, or was received again', () => {
    const refused = 'InvalidParameterValue';
    expect(refusalOf(() => recalledAfter(1, (messages) => messages.pop()))).to.equal(refused);
    for (const change of [{ visibleAt: 1 }, { visibleAt: 2_000_000 }, { receiveCount: 2 }]) {
      expect(refusalOf(() => recalledAfter(1, ([first]) => Object.assign(first ?? {}, change)))).to.equal(refused);
    }
    expect(recalledAfter(1_000_000)).to.equal(undefined);
  });

  it('know an attempt by its id; without an id, or without messages, there is none', () => {
    const attempts = createAttempts();
    const message = { ...inFlight(1), visibleAt: Infinity };
    attempts.remember(undefined, [message]);
    attempts.remember('empty', []);
    attempts.remember('x', [message]);
    expect(recall(attempts, undefined, [message])).to.equal(undefined);
    expect(recall(attempts, 'empty', [message])).to.equal(undefined);
    expect(recall(attempts, 'y', [message])).to.equal(undefined);
    expect(recall(attempts, 'x', [message])).to.deep.equal([message]);
    expect(recall(attempts, 'x', [message])).to.deep.equal([message]);
  });

  it('hide what they recall anew, and know it by that; five minutes are five minutes all the same', () => {
    marbles((m) => {
      const attempts = createAttempts();
      const message = inFlight(1);
      const recalled: boolean[] = [];
      attempts.remember('x', [message]);
      for (const ms of [100_000, 200_000, 299_999, 300_000]) {
        at(m, ms, () => {
          const hide = (hidden: StoredMessage): void => {
            hidden.visibleAt += 1_000;
          };
          recalled.push(attempts.recall('x', () => true, hide) !== undefined);
        });
      }
      m.flush();
      expect(recalled).to.deep.equal([true, true, true, false]);
    });
  });
});
