import { expect } from 'chai';
import * as t from 'io-ts';
import { map, range } from 'rxjs';
import { topic } from '../../../src/topic.js';
import { fakeProducer, RECEIPTS } from '../../helpers/fakeProducer.js';
import { marbles } from '../../helpers/marbles.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** A topic that takes so many bytes. Its values have an attribute of ten bytes: `n`, `String`, and `xxx`. */
const Tagged = (maxMessageBytes: number) =>
  topic('words', t.string, { maxMessageBytes, attributes: () => ({ n: 'xxx' }) });

describe('Producer: batching', () => {
  describe('No linger: a value is sent at once while a request slot is free; values that come while requests are under way gather into the next PublishBatch (10 entries, bytes limit of the batch). A lone publish costs one round trip.', () => {
    it('a value is sent at once while a request slot is free', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer();
        const source = cold('  --a-b--c|        ');
        const expected = '     ------A-B--(C|)  ';
        expectObservable(results(source)).toBe(expected, RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['2: a', '4: b', '7: c']);
      });
    });

    it('values that come while requests are under way gather into the next PublishBatch', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns } = fakeProducer();
        const source = cold('  abcd-----e|      ');
        const expected = '     ----AB--(CD)-(E|)';
        expectObservable(results(source, { maxRequests: 2 })).toBe(expected, RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '1: b', '4: c d', '9: e']);
      });
    });

    it('10 entries, in the order of the values; their ids are ours, "0" to "9"', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = fakeProducer();
        results(cold(`(${ALPHABET}|)`)).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a b c d e f g h i j', '0: k l m n o p q r s t', '0: u v w x y z']);
        const ids = sns.requests.map(({ entries }) => entries.map(({ id }) => id).join(' '));
        expect(ids).to.deep.equal(['0 1 2 3 4 5 6 7 8 9', '0 1 2 3 4 5 6 7 8 9', '0 1 2 3 4 5']);
      });
    });

    it('the bytes limit of the batch, attributes counted: three values of 16 bytes are 48', () => {
      for (const [limit, requests] of [
        [48, ['0: long long long']],
        [47, ['0: long long', '0: long']],
        [32, ['0: long long', '0: long']],
        [31, ['0: long', '0: long', '0: long']],
      ] as const) {
        marbles(({ cold, flush }) => {
          const { results, sns } = fakeProducer({ of: Tagged(limit) });
          results(cold('(aaa|)', { a: 'long' })).subscribe();
          flush();
          expect(sns.log).to.deep.equal(requests);
        });
      }
    });

    it('the bytes limit of the batch, in UTF-8: 256 KiB by default', () => {
      // With its quotes each has 65,535 bytes: after four of them there is room for 4 more.
      const large = `${'€'.repeat(21_844)}x`;
      for (const [last, entries] of [
        ['xx', [5]],
        ['xxx', [4, 1]],
        ['€', [4, 1]],
      ] as const) {
        marbles(({ cold, flush }) => {
          const { results, sns } = fakeProducer();
          results(cold('(aaaab|)', { a: large, b: last })).subscribe();
          flush();
          expect(sns.requests.map((request) => request.entries.length)).to.deep.equal(entries);
        });
      }
    });

    it('a value that fits with nobody goes alone, and the others fill the next', () => {
      marbles(({ cold, flush }) => {
        const { results, sns } = fakeProducer({ of: topic('words', t.string, { maxMessageBytes: 12 }) });
        results(cold('(axab|)', { a: 'a', b: 'b', x: 'xxxxxxxxxx' })).subscribe();
        flush();
        expect(sns.log).to.deep.equal(['0: a', '0: xxxxxxxxxx', '0: a b']);
      });
    });

    it('A lone publish costs one round trip.', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { results, sns, requests } = fakeProducer({ latencyMs: 7 });
        expectObservable(results(cold('a|'))).toBe('7ms (A|)', RECEIPTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a']);
        expect(requests.map(({ call }) => call)).to.deep.equal(['publishBatch']);
      });
    });
  });

  it('PublishBatch requests under way at once: maxRequests, 20 by default', () => {
    marbles(({ cold, flush }) => {
      const standard = fakeProducer({ latencyMs: 50 });
      const three = fakeProducer({ latencyMs: 50 });
      standard.results(cold(`${ALPHABET.slice(0, 23)}|`)).subscribe();
      three.results(cold('abcdef|'), { maxRequests: 3 }).subscribe();
      flush();
      const twenty = Array.from('abcdefghijklmnopqrst', (letter, ms) => `${ms}: ${letter}`);
      expect(standard.sns.log).to.deep.equal([...twenty, '50: u v w']);
      expect(three.sns.log).to.deep.equal(['0: a', '1: b', '2: c', '50: d e f']);
    });
  });

  it('many values at once take as many requests as they have tens', () => {
    marbles(({ flush }) => {
      const { results, sns } = fakeProducer();
      let accepted = 0;
      results(range(1_005).pipe(map((nth) => String(nth)))).subscribe(() => (accepted += 1));
      flush();
      expect(sns.requests.map(({ entries }) => entries.length)).to.deep.equal([...Array<number>(100).fill(10), 5]);
      expect(accepted).to.equal(1_005);
    });
  });
});
