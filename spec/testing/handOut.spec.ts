import { expect } from 'chai';
import { createChance } from '../../src/testing/chance.js';
import { type Liberties, picked, portion, unlocked, visible } from '../../src/testing/handOut.js';
import type { StoredMessage } from '../../src/testing/storedMessage.js';
import { stored } from '../helpers/brokerQueues.js';

const NONE: Liberties = { unordered: false, partialReceives: false, duplicates: 0, chance: () => 0 };
const hidden = { visibleAt: Infinity };
const inFlight = { ...hidden, receivedAt: 0 };
const serials = (messages: readonly StoredMessage[]): readonly number[] => messages.map(({ serial }) => serial);

/** Chance that comes as it is given. */
const chances = (...numbers: number[]): (() => number) => {
  return () => numbers.shift() ?? 0;
};

describe('handOut', () => {
  it('of a standard queue: what is visible', () => {
    expect(serials(visible([stored(1), stored(2, inFlight), stored(3, hidden), stored(4)]))).to.deep.equal([1, 4]);
  });

  it('of a FIFO queue: nothing of a group in flight, before or behind the message that is', () => {
    const [a, b] = [{ groupId: 'a' }, { groupId: 'b' }];
    const messages = [stored(1, a), stored(2, { ...a, ...inFlight }), stored(3, a), stored(4, b)];
    expect(serials(unlocked(messages))).to.deep.equal([4]);
  });

  it('of a FIFO queue: what is before a delayed message, and not what is behind it', () => {
    const [a, b] = [{ groupId: 'a' }, { groupId: 'b' }];
    const messages = [stored(1, a), stored(2, { ...a, ...hidden }), stored(3, a), stored(4, b)];
    expect(serials(unlocked(messages))).to.deep.equal([1, 4]);
  });

  it('picks the first ones, or any, each once', () => {
    const messages = [1, 2, 3, 4].map((serial) => stored(serial));
    expect(serials(picked(messages, 2, NONE))).to.deep.equal([1, 2]);
    expect(serials(picked(messages, 3, { ...NONE, unordered: true, chance: chances(0.99, 0, 0.5) }))).to.deep.equal([
      4, 1, 2,
    ]);
    const all = picked(messages, 4, { ...NONE, unordered: true, chance: createChance(3) });
    expect([...serials(all)].sort()).to.deep.equal([1, 2, 3, 4]);
    expect(serials(messages)).to.deep.equal([1, 2, 3, 4]);
  });

  it('brings all there is, where receives are not partial, or there is nothing', () => {
    expect(portion(10, false, NONE)).to.equal(10);
    expect(portion(0, true, { ...NONE, partialReceives: true })).to.equal(0);
  });

  it('brings less in a quarter of receives; a long poll brings one at least', () => {
    const of = (isLongPoll: boolean, ...numbers: number[]): number =>
      portion(10, isLongPoll, { ...NONE, partialReceives: true, chance: chances(...numbers) });
    expect(of(false, 0.25)).to.equal(10);
    expect([of(false, 0.24, 0), of(false, 0.24, 0.99)]).to.deep.equal([0, 9]);
    expect([of(true, 0.24, 0), of(true, 0.24, 0.99)]).to.deep.equal([1, 9]);
  });
});
