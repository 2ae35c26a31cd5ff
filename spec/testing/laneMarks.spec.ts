import { expect } from 'chai';
import type { MessagingEvent, SettlementKind } from '../../src/index.js';
import { laneMarkOf } from '../../src/testing/laneMarks.js';

const place = { at: 5, topic: 'users', queue: 'https://q', id: 'm' };
const on = { ...place, receiveCount: 1 };
const settled = (settlement: SettlementKind, delayMs?: number): MessagingEvent => ({
  ...on,
  type: 'settled',
  settlement,
  durationMs: 0,
  ...(delayMs === undefined ? {} : { delayMs }),
});

describe('laneMarkOf', () => {
  it('gives each event of a message its lane', () => {
    const laneOf = (event: MessagingEvent): string | undefined => laneMarkOf(event)?.lane;
    expect(laneOf({ ...on, type: 'received', ageMs: 0 })).to.equal('received');
    expect(laneOf(settled('ack'))).to.equal('settled');
    for (const kind of ['retryAfter', 'ignore', 'release'] as const) expect(laneOf(settled(kind))).to.equal('retried');
    expect(laneOf({ ...on, type: 'rejected', deadLetterQueue: 'd', error: { name: 'E' } })).to.equal('dead-lettered');
  });

  it('counts a rejection once: as dead-lettered, or without a dead-letter queue as retried', () => {
    expect(laneMarkOf(settled('reject'))).to.equal(undefined);
    expect(laneMarkOf(settled('reject', 2_000))?.lane).to.equal('retried');
  });

  it('has topic, queue, id and time', () => {
    expect(laneMarkOf(settled('ack'))).to.deep.equal({ lane: 'settled', ...place });
    expect(laneMarkOf({ at: 1, topic: 't', type: 'published', id: 's', durationMs: 1, attempts: 1 })).to.deep.equal({
      lane: 'published',
      topic: 't',
      id: 's',
      at: 1,
    });
  });

  it('has none for all else', () => {
    expect(laneMarkOf({ ...on, type: 'started' })).to.equal(undefined);
    expect(laneMarkOf({ ...on, type: 'leaseLost', reason: 'expired' })).to.equal(undefined);
  });
});
