import { expect } from 'chai';
import { map } from 'rxjs';
import { publishFrom } from '../../../src/producer/publishFrom.js';
import { fakeProducer, RECEIPTS, Words } from '../../helpers/fakeProducer.js';
import { brief } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';
import { spelledOut } from '../../helpers/spelledOut.js';
import { faultsThrownBy } from '../../helpers/thrown.js';

describe('Producer: publishFrom', () => {
  describe('Publishes what an iterable yields, and reads it only as fast as SNS accepts: arrays, generators, async generators, Node object streams.', () => {
    it('arrays', () => {
      marbles(({ expectObservable }) => {
        const { client } = fakeProducer();
        expectObservable(publishFrom(client, Words, ['a', 'b']).pipe(map(brief))).toBe('----(AB|)', RECEIPTS);
        expectObservable(publishFrom(client, Words, [])).toBe('|');
      });
    });

    it('generators, only as fast as SNS accepts: no more than maxPending are read and not answered', () => {
      marbles((helpers) => {
        const { results$, steps, sns } = spelledOut('abcdefg', { maxPending: 3 });
        const read: string[] = [];
        for (const ms of [1, 5, 9]) at(helpers, ms, () => read.push(steps.join('')));
        results$.subscribe();
        helpers.flush();
        expect(read).to.deep.equal(['abc', 'abcdef', 'abcdefgleft']);
        expect(sns.log).to.deep.equal(['0: a b c', '4: d e f', '8: g']);
      });
    });

    it('a value is read for each that is answered, while others are still under way', () => {
      marbles(({ flush }) => {
        const { results$, steps, sns } = spelledOut('abcdef', { maxPending: 2, maxRequests: 1 });
        const readAtEach: string[] = [];
        results$.subscribe((result) => readAtEach.push(`${result.charAt(0)}: ${steps.join('')}`));
        flush();
        expect(readAtEach).to.deep.equal(['a: ab', 'b: abc', 'c: abcd', 'd: abcde', 'e: abcdef', 'f: abcdefleft']);
        expect(sns.log).to.deep.equal(['0: a b', '4: c d', '8: e f']);
      });
    });

    it('by default twenty times maxRequests', () => {
      marbles((helpers) => {
        const { results$, steps } = spelledOut('a'.repeat(100), { maxRequests: 2 });
        const read: number[] = [];
        at(helpers, 1, () => read.push(steps.length));
        results$.subscribe();
        helpers.flush();
        expect(read).to.deep.equal([40]);
        expect(steps).to.have.lengthOf(101);
      });
    });

    it('no more bytes than maxPendingBytes, and the one that reaches them', () => {
      marbles((helpers) => {
        const { results$, steps } = spelledOut('aaaaaaaa', { maxPendingBytes: 7 });
        const read: number[] = [];
        at(helpers, 1, () => read.push(steps.length));
        results$.subscribe();
        helpers.flush();
        expect(read).to.deep.equal([3]);
      });
    });

    it('a million values take no more memory than `maxPending` of them, and no stack', () => {
      marbles(({ flush }) => {
        const { client } = fakeProducer({ latencyMs: 0 });
        let read = 0;
        let answered = 0;
        let most = 0;
        function* values(): Generator<string> {
          for (; read < 5_000; read += 1) {
            most = Math.max(most, read - answered);
            yield 'a';
          }
        }
        publishFrom(client, Words, values()).subscribe(() => (answered += 1));
        flush();
        expect(answered).to.equal(5_000);
        expect(most).to.be.lessThan(400);
      });
    });

    it('refused values take no room, and stop nothing', () => {
      marbles(({ expectObservable }) => {
        const { results$ } = spelledOut('xaxb', { maxPending: 1 });
        const X = '7! ValidationFailedError';
        expectObservable(results$).toBe('X---(AX)(B|)', { ...RECEIPTS, X });
      });
    });
  });

  it('refuses at once what is no iterable, and options out of their range', () => {
    const { client } = fakeProducer();
    const message =
      'values: expected an iterable or an async iterable, or a function that makes one; an Observable goes to publishTo';
    for (const values of [undefined, null, 7, {}]) {
      expect(faultsThrownBy(() => publishFrom(client, Words, values as never))).to.deep.equal([message]);
    }
    expect(faultsThrownBy(() => publishFrom(client, Words, [], { maxPending: 0 }))).to.deep.equal([
      'maxPending: expected a whole number of at least 1',
    ]);
  });
});
