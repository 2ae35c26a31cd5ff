import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { PublishOptions } from '../../../src/producer/publishOptions.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { toTopic } from '../../../src/producer/toTopic.js';
import { fakeProducer, RECEIPTS, Words } from '../../helpers/fakeProducer.js';
import { BUSY } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';
import { faultsThrownBy } from '../../helpers/thrown.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

describe('Producer: options', () => {
  const unhandled = watchUnhandled();

  describe('@throws ConfigurationError at once, when an option is out of its range.', () => {
    const options = {
      maxRequests: 0,
      maxPending: 1.5,
      maxPendingBytes: Infinity,
      backoff: 7,
      retryUnanswered: 'yes',
    } as unknown as PublishOptions;
    const faults = [
      'maxRequests: expected a whole number of at least 1',
      'maxPending: expected a whole number of at least 1',
      'maxPendingBytes: expected a whole number of at least 1',
      'backoff: expected a function of the attempt',
      'retryUnanswered: expected true or false',
    ];
    const { client } = fakeProducer();
    for (const [what, make] of [
      ['toTopic', () => toTopic(client, Words, options)],
      ['publishTo', () => publishTo(client, Words, options)],
    ] as const) {
      it(`${what}: all of them at once, before anything is published`, () => {
        expect(faultsThrownBy(make)).to.deep.equal(faults);
      });
    }

    it('the bounds of the ranges are in them', () => {
      const least = { maxRequests: 1, maxPending: 1, maxPendingBytes: 1, backoff: () => 0, retryUnanswered: false };
      expect(faultsThrownBy(() => toTopic(client, Words, least))).to.deep.equal([]);
    });
  });

  describe('If it throws or gives no such number, the default is taken, and the error is reported as RxJS reports unhandled errors.', () => {
    for (const [what, backoff] of [
      [
        'throws',
        () => {
          throw new Error('of the backoff');
        },
      ],
      ['is negative', () => -1],
      ['is not a number', () => NaN],
      ['is no number', () => 'soon' as unknown as number],
      ['is too long for a timer', () => 2_147_483_648],
    ] as const) {
      it(what, () => {
        marbles(({ cold, expectObservable, flush }) => {
          const { results } = fakeProducer({ fare: (_, attempt) => (attempt === 1 ? BUSY : 'accepted') });
          expectObservable(results(cold('a|'), { backoff })).toBe('58ms (A|)', RECEIPTS);
          flush();
          const text =
            /^(Error: of the backoff|RangeError: backoff: expected a number of milliseconds from 0 to 2147483647)$/;
          expect(unhandled()).to.have.lengthOf(1);
          expect(String(unhandled()[0])).to.match(text);
        });
      });
    }
  });

  it('each subscription has requests and a `maxPending` of its own', () => {
    marbles(({ cold, expectObservable }) => {
      const { results } = fakeProducer();
      const results$ = results(cold('(ab)-c|'), { maxRequests: 1, maxPending: 2 });
      expectObservable(results$).toBe('       ----(AB)-(C|)', RECEIPTS);
      expectObservable(results$, '-^').toBe('-----(AB)-(C|)', RECEIPTS);
    });
  });

  it('a result says on which side it is without a look at its value', () => {
    marbles(({ cold, flush }) => {
      const sides: string[] = [];
      const sink = fakeProducer().sink({ maxPending: 1 });
      sink.subscribe((result) => sides.push(E.isRight(result) ? 'accepted' : result.left._tag));
      cold('(ab)').subscribe(sink);
      flush();
      expect(sides).to.deep.equal(['PublishFailure', 'accepted']);
    });
  });
});
