import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { AWSConnectionError } from '../../../src/errors.js';
import { PublishFailure, type PublishResult } from '../../../src/producer/publishResult.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { topic } from '../../../src/topic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { answered, fakeProducer, Groups, RECEIPTS } from '../../helpers/fakeProducer.js';
import { BUSY, REFUSED } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';

describe('Producer: results', () => {
  describe('One result per value: `Either<PublishFailure<A>, Receipt<A>>`, each carrying the value.', () => {
    it('each carrying the value: the very one that was handed in', () => {
      const Users = topic('users', t.type({ name: t.string }));
      const [ada, bob, eve] = [{ name: 'ada' }, { name: 'bob' }, { name: 7 as unknown as string }];
      const seen: PublishResult<typeof ada>[] = [];
      marbles(({ cold, flush }) => {
        const { client } = fakeClient({
          publishBatch: () =>
            cold('-(a|)', {
              a: {
                successful: [{ id: '0', messageId: 'm-ada', sequenceNumber: '7' }],
                failed: [{ id: '1', code: 'InvalidParameter', senderFault: true }],
              },
            }),
        });
        cold('(abe|)', { a: ada, b: bob, e: eve })
          .pipe(publishTo(client, Users))
          .subscribe((result) => seen.push(result));
        flush();
      });
      const [ofEve, ofAda, ofBob] = seen;
      if (ofEve === undefined || ofAda === undefined || ofBob === undefined) return expect.fail('too few results');
      if (E.isLeft(ofAda) || E.isRight(ofBob) || E.isRight(ofEve)) return expect.fail('a result on the wrong side');
      expect(ofAda.right).to.deep.equal({ value: ada, messageId: 'm-ada', sequenceNumber: '7' });
      expect(ofAda.right.value).to.equal(ada);
      expect(ofBob.left).to.be.instanceOf(PublishFailure);
      expect(ofBob.left.error).to.be.instanceOf(AWSConnectionError).and.include({ code: 'InvalidParameter' });
      expect(ofBob.left.value).to.equal(bob);
      expect(ofEve.left.value).to.equal(eve);
      expect(seen).to.have.lengthOf(3);
    });

    it('a batch of which three fail gives seven receipts and three failures', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ fare: (value) => ('beh'.includes(value) ? REFUSED : 'accepted') });
        const source = cold('  (abcdefghij|)       ');
        const expected = '     ----(ABCDEFGHIJ|)   ';
        const failures = { B: 'b! InvalidParameter', E: 'e! InvalidParameter', H: 'h! InvalidParameter' };
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, ...failures });
      });
    });

    it('a batch that fails as a whole gives a failure for each of its values', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({ failure: (nth) => (nth === 1 ? answered('AccessDenied', 403) : undefined) });
        const source = cold('  (abc)d|          ');
        const expected = '     ----(ABC)(D|)    ';
        const failures = { A: 'a! AccessDenied', B: 'b! AccessDenied', C: 'c! AccessDenied' };
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, ...failures });
      });
    });

    it('one per value: two values that are equal have two', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer();
        expectObservable(results(cold('(aaa)a|'))).toBe('----(AAA)(A|)', RECEIPTS);
      });
    });
  });

  describe('Results come as they are known: those of refused values at once, those of a FIFO group in its order, others in any order.', () => {
    it('those of refused values at once', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer();
        const source = cold('  axb--x|       ', { a: 'a', b: 'b', x: 7 as unknown as string });
        const expected = '     -X--AX(B|)    ';
        expectObservable(results(source)).toBe(expected, { ...RECEIPTS, X: '7! ValidationFailedError' });
      });
    });

    it('those of a FIFO group in its order', () => {
      marbles(({ cold, expectObservable }) => {
        const values = { a: 'a1', b: 'a2', x: 'x1', y: 'x2' };
        const shown = { A: 'a1: id-a1', B: 'a2: id-a2', X: 'x1: id-x1', Y: 'x2! InvalidParameter' };
        const { results } = fakeProducer({
          of: Groups,
          fare: (value, attempt) => (value === 'x2' ? REFUSED : value === 'a1' && attempt < 3 ? BUSY : 'accepted'),
        });
        // a1 is sent at 0, 7 and 14.
        const source = cold('  (abxy|)                   ', values);
        const expected = '     ----X---Y---------A---(B|)';
        expectObservable(results(source, { backoff: () => 3 })).toBe(expected, shown);
      });
    });

    it('others in any order: as each is known', () => {
      marbles(({ cold, expectObservable }) => {
        const { results } = fakeProducer({
          fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : 'accepted'),
        });
        const source = cold('  (ab)c|               ');
        const expected = '     ----B---C------(A|)  ';
        expectObservable(results(source, { backoff: () => 7 })).toBe(expected, RECEIPTS);
      });
    });
  });
});
