import { expect } from 'chai';
import * as t from 'io-ts';
import { map, type Observable } from 'rxjs';
import { ackMap, fromTopic, publishTo, type Topic, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { broken, fakeProducer, type FakeProducerOptions, fate, Groups, record } from '../../helpers/fakeProducer.js';
import { inOrder } from '../../helpers/letters.js';
import { marbles } from '../../helpers/marbles.js';

const LOST = broken('ECONNRESET');
/** Only the first answer is lost. */
const lostOnce: FakeProducerOptions = { failure: (nth) => (nth === 1 ? LOST : undefined) };

/** What a consumer on the broker gets of a value whose first answer was lost, and the fate that its producer is told. */
function arrivals(of: Topic<string>, retryUnanswered: boolean) {
  let lines: { readonly got: readonly string[]; readonly fates: readonly string[] } = { got: [], fates: [] };
  messagingTest(({ broker, cold, flush }) => {
    broker.provision(of);
    broker.fail('publish', { lost: true });
    const got = record(fromTopic(broker, of).pipe(ackMap((value) => [value])));
    const fates = record(cold('-a|', { a: 'a1' }).pipe(publishTo(broker, of, { retryUnanswered }), map(fate)));
    flush();
    lines = { got: [...got], fates: fates.slice(0, -1) };
  }, inOrder);
  return lines;
}

const Standard = topic('standard', t.string);

describe('Producer: lost answers', () => {
  describe('On a standard topic, whether values go again when the answer to their request was lost. They may then arrive twice, which consumers of a standard queue have to bear anyway: SQS delivers at least once. With false they fail at once, with `outcomeUnknown`.', () => {
    it('values go again, and may then arrive twice', () => {
      expect(arrivals(Standard, true)).to.deep.equal({ got: ['1: a1', '51: a1'], fates: ['51: a1 ok'] });
    });

    it('with false they fail at once, with `outcomeUnknown`; what arrived arrived', () => {
      expect(arrivals(Standard, false)).to.deep.equal({ got: ['1: a1'], fates: ['1: a1? ECONNRESET'] });
    });

    it('with false, an entry that the answer does not mention fails at once as well, the others are accepted', () => {
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer({ fare: (value) => (value === 'b' ? 'unmentioned' : 'accepted') });
        const fates = record(cold('(abc|)').pipe(publishTo(client, Standard, { retryUnanswered: false }), map(fate)));
        flush();
        expect(fates).to.deep.equal(['4: a ok', '4: c ok', '4: b? NotAnswered', '4: complete']);
        expect(sns.log).to.deep.equal(['0: a b c']);
      });
    });

    it('with false, what SNS certainly has not goes again all the same', () => {
      marbles(({ cold, flush }) => {
        const { client } = fakeProducer({ failure: (nth) => (nth === 1 ? broken('ECONNREFUSED') : undefined) });
        const fates = record(cold('a|').pipe(publishTo(client, Standard, { retryUnanswered: false }), map(fate)));
        flush();
        expect(fates).to.deep.equal(['58: a ok', '58: complete']);
      });
    });
  });

  describe('On a FIFO topic they always go again, as long as SNS is sure to drop the second: for five minutes.', () => {
    for (const retryUnanswered of [true, false]) {
      it(`they always go again, retryUnanswered being ${retryUnanswered}, and arrive once`, () => {
        expect(arrivals(Groups, retryUnanswered)).to.deep.equal({ got: ['1: a1'], fates: ['51: a1 ok'] });
      });
    }

    it('with the same deduplication id', () => {
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer(lostOnce);
        cold('(ab|)', { a: 'a1', b: 'b1' }).pipe(publishTo(client, Groups)).subscribe();
        flush();
        const ids = sns.requests.map(({ entries }) => entries.map(({ deduplicationId }) => deduplicationId));
        expect(ids).to.deep.equal([
          ['a1', 'b1'],
          ['a1', 'b1'],
        ]);
      });
    });

    /** The fate of a value whose first answer is lost after 4 ms, and what was sent. The client waits 30 s for an answer. */
    const lateness = (delayMs: number, { of = Groups, ...fakes }: FakeProducerOptions = {}) => {
      let lines: { readonly log: readonly string[]; readonly fates: readonly string[] } = { log: [], fates: [] };
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer({ ...lostOnce, ...fakes });
        const values$: Observable<string> = cold('a|', { a: 'a1' });
        const fates = record(values$.pipe(publishTo(client, of, { backoff: () => delayMs }), map(fate)));
        flush();
        lines = { log: sns.log, fates: fates.slice(0, -1) };
      });
      return lines;
    };

    it('for five minutes from the first request, in which the next must have its answer', () => {
      expect(lateness(269_996)).to.deep.equal({ log: ['0: a1', '270000: a1'], fates: ['270004: a1 ok'] });
    });

    it('for five minutes from the first request, however many follow', () => {
      const late = lateness(135_000, { failure: () => LOST });
      expect(late).to.deep.equal({ log: ['0: a1', '135004: a1'], fates: ['135008: a1? ECONNRESET'] });
    });

    it('and not beyond: it fails as soon as that is known, with `outcomeUnknown`', () => {
      expect(lateness(269_997)).to.deep.equal({ log: ['0: a1'], fates: ['4: a1? ECONNRESET'] });
    });

    it('and not beyond, when `rateLimit` makes it late', () => {
      const inTime = lateness(0, { settings: { rateLimit: 1 / 270 } });
      expect(inTime).to.deep.equal({ log: ['0: a1', '270000: a1'], fates: ['270004: a1 ok'] });
      const late = lateness(0, { settings: { rateLimit: 1 / 271 } });
      expect(late).to.deep.equal({ log: ['0: a1'], fates: ['271000: a1? ECONNRESET'] });
    });

    it('a value that SNS certainly has not may go later', () => {
      const refusedOnce = { failure: (nth: number) => (nth === 1 ? broken('ECONNREFUSED') : undefined) };
      expect(lateness(400_000, refusedOnce).fates).to.deep.equal(['400008: a1 ok']);
    });

    it('on a standard topic there is no such window', () => {
      expect(lateness(400_000, { of: Standard }).fates).to.deep.equal(['400008: a1 ok']);
    });

    it('one that is too late keeps no other of its request, and none of its group', () => {
      marbles(({ cold, flush }) => {
        const { client, sns } = fakeProducer({ failure: (nth) => (nth === 1 ? LOST : undefined) });
        const values = { a: 'a1', b: 'a2', x: 'x1' };
        const fates = record(
          cold('(abx|)', values).pipe(publishTo(client, Groups, { backoff: () => 269_997 }), map(fate)),
        );
        flush();
        expect(fates.slice(0, 3)).to.deep.equal(['4: a1? ECONNRESET', '4: x1? ECONNRESET', '8: a2 ok']);
        expect(sns.log).to.deep.equal(['0: a1 x1', '4: a2']);
      });
    });
  });
});
