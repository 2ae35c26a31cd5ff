import { expect } from 'chai';
import { map } from 'rxjs';
import { answered, fakeProducer, RECEIPTS } from '../../helpers/fakeProducer.js';
import { brief, REFUSED } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

const values = { a: 'a', b: 'b', c: 'c', x: 7 as unknown as string };
const RESULTS = { ...RECEIPTS, X: '7! ValidationFailedError' };

describe('Producer: TopicSubject', () => {
  const unhandled = watchUnhandled();

  describe('`TopicSubject`: `next` after an invalid value goes on working; `complete` flushes, then completes the results; a failure nobody observes is reported as RxJS reports an unhandled error, never dropped.', () => {
    it('`next` after an invalid value goes on working', () => {
      marbles(({ cold, expectObservable }) => {
        const sink = fakeProducer().sink();
        const source = cold('a-x-(xb)-|  ', values);
        const expected = '   --X-(XA)B|  ';
        source.subscribe(sink);
        expectObservable(sink.pipe(map(brief))).toBe(expected, RESULTS);
      });
    });

    it('`complete` flushes, then completes the results', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const { sink: toSink, sns } = fakeProducer({
          failure: (nth) => (nth === 2 ? answered('InternalFailure', 500) : undefined),
        });
        const sink = toSink({ maxRequests: 1, backoff: () => 9 });
        const source = cold('ab|                       ');
        const expected = '   ----A----------------(B|) ';
        source.subscribe(sink);
        expectObservable(sink.pipe(map(brief))).toBe(expected, RESULTS);
        flush();
        expect(sns.log).to.deep.equal(['0: a', '4: b', '17: b']);
      });
    });

    it('a failure nobody observes is reported as RxJS reports an unhandled error, never dropped', () => {
      marbles((helpers) => {
        const sink = fakeProducer({ fare: () => REFUSED }).sink();
        helpers.cold('axb', values).subscribe(sink);
        const reported: string[] = [];
        at(helpers, 2, () => reported.push(unhandled().join()));
        helpers.flush();
        expect(reported).to.deep.equal(['ValidationFailedError: validation failed at /: expected string']);
        expect(unhandled().slice(1).map(String)).to.deep.equal([
          'AWSConnectionError: PublishBatch failed: InvalidParameter',
          'AWSConnectionError: PublishBatch failed: InvalidParameter',
        ]);
      });
    });

    it('who observes the results is told instead, with an error handler or without', () => {
      marbles(({ cold, flush }) => {
        const sink = fakeProducer({ fare: () => REFUSED }).sink();
        const observing = sink.subscribe();
        cold('ax|', values).subscribe(sink);
        flush();
        expect(unhandled()).to.deep.equal([]);
        expect(observing.closed).to.equal(true);
      });
    });
  });

  describe('Ends the sink. What was accepted is published first; then the results error.', () => {
    it('for who is there, and for who comes late', () => {
      marbles(({ cold, expectObservable }) => {
        const sink = fakeProducer().sink();
        const source = cold('ab#        ');
        const expected = '   ----A(B#)  ';
        source.subscribe(sink);
        const results$ = sink.pipe(map(brief));
        expectObservable(results$).toBe(expected, RESULTS);
        expectObservable(results$, '---------^').toBe('---------#');
      });
    });

    it('an error that nobody observes is reported', () => {
      marbles(({ cold, flush }) => {
        const bug = new Error('of the source');
        const { sink: toSink, sns } = fakeProducer();
        cold('a#', values, bug).subscribe(toSink());
        flush();
        expect(sns.accepted).to.deep.equal(['a']);
        expect(unhandled()).to.deep.equal([bug]);
      });
    });
  });

  it('Unsubscribing from the results cancels nothing.', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const { sink: toSink, sns } = fakeProducer();
      const sink = toSink({ maxRequests: 1 });
      const source = cold('     ab---c---| ');
      source.subscribe(sink);
      expectObservable(sink, '  --!        ').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^--------!');
      flush();
      expect(sns.accepted).to.deep.equal(['a', 'b', 'c']);
    });
  });

  it('They are hot: who subscribes late misses the earlier ones, and after the end is told of the end.', () => {
    marbles(({ cold, expectObservable }) => {
      const sink = fakeProducer().sink();
      cold('                      ab--c|        ').subscribe(sink);
      const results$ = sink.pipe(map(brief));
      expectObservable(results$).toBe('       ----AB--(C|)', RESULTS);
      expectObservable(results$, '-----^').toBe('-----B--(C|)', RESULTS);
      expectObservable(results$, '------^').toBe('--------(C|)', RESULTS);
      expectObservable(results$, '---------^').toBe('---------|');
    });
  });

  it('Several sources may share a sink; the first to complete or error ends it for all', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const { sink: toSink, sns } = fakeProducer();
      const sink = toSink();
      const first = cold('  a---|     ');
      const second = cold(' -b----c-  ');
      const third = cold('  --#       ');
      first.subscribe(sink);
      second.subscribe(sink);
      const other = fakeProducer().sink();
      first.subscribe(other);
      third.subscribe(other);
      expectObservable(sink.pipe(map(brief))).toBe(' ----A(B|)', RESULTS);
      expectObservable(other.pipe(map(brief))).toBe('----(A#) ', RESULTS);
      expectSubscriptions(second.subscriptions).toBe('^--------');
      flush();
      expect(sns.accepted).to.deep.equal(['a', 'b']);
    });
  });

  it('After the end it is ignored, as by any Subject; `client.events$` tells of it (`publishFailed`, `SinkEnded`).', () => {
    marbles((helpers) => {
      const { sink: toSink, sns, events } = fakeProducer();
      const sink = toSink();
      helpers.cold('a|').subscribe(sink);
      at(helpers, 2, () => sink.next('b'));
      at(helpers, 9, () => sink.next('c'));
      at(helpers, 9, () => sink.error(new Error('too late')));
      helpers.expectObservable(sink.pipe(map(brief))).toBe('----(A|)', RESULTS);
      helpers.flush();
      expect(sns.log).to.deep.equal(['0: a']);
      const error = { name: 'AWSConnectionError', code: 'SinkEnded', retryable: true };
      const ignored = { type: 'publishFailed', topic: 'words', error, attempts: 0, outcomeUnknown: false };
      expect(events.filter(({ type }) => type === 'publishFailed')).to.deep.equal([
        { ...ignored, at: 2 },
        { ...ignored, at: 9 },
      ]);
      expect(unhandled()).to.deep.equal([]);
    });
  });
});
