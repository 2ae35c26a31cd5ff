import { expect } from 'chai';
import { map } from 'rxjs';
import { OverflowError, ValidationFailedError } from '../../../src/errors.js';
import { fakeProducer, RECEIPTS } from '../../helpers/fakeProducer.js';
import { brief, BUSY, REFUSED } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

const invalid = 7 as unknown as string;
const DONE = { d: undefined };

describe('Producer: drained$', () => {
  describe('Emits once and completes when every value accepted so far, and until then, has its result: at once where nothing waits. Ends nothing: values may come after it.', () => {
    it('at once where nothing waits', () => {
      marbles(({ expectObservable }) => {
        const sink = fakeProducer().sink();
        expectObservable(sink.drained$, '  --^').toBe('--(d|)', DONE);
      });
    });

    it('when every value accepted so far, and until then, has its result; values may come after it', () => {
      marbles(({ cold, expectObservable }) => {
        const sink = fakeProducer().sink();
        cold('                                    ab------c ').subscribe(sink);
        expectObservable(sink.pipe(map(brief))).toBe('----AB------C', RECEIPTS);
        expectObservable(sink.drained$, '         -^').toBe(' -----(d|)', DONE);
        expectObservable(sink.drained$, '         ------^').toBe('------(d|)', DONE);
        expectObservable(sink.drained$, '         ---------^').toBe('------------(d|)', DONE);
      });
    });

    it('a value that is tried again is waited for', () => {
      marbles(({ cold, expectObservable }) => {
        const { sink: toSink } = fakeProducer({ fare: (_, attempt) => (attempt === 1 ? BUSY : REFUSED) });
        const sink = toSink({ backoff: () => 12 });
        sink.subscribe();
        cold('a').subscribe(sink);
        expectObservable(sink.drained$, '-^').toBe('20ms (d|)', DONE);
      });
    });

    it('the result comes first, and the sink still takes values then', () => {
      marbles((helpers) => {
        const { sink: toSink, sns } = fakeProducer();
        const sink = toSink();
        const seen: string[] = [];
        sink.pipe(map(brief)).subscribe((result) => seen.push(result));
        at(helpers, 0, () => {
          sink.next('a');
          sink.drained$.subscribe(() => {
            seen.push('drained');
            sink.next('b');
          });
        });
        helpers.flush();
        expect(seen).to.deep.equal(['a: id-a', 'drained', 'b: id-b']);
        expect(sns.log).to.deep.equal(['0: a', '4: b']);
      });
    });
  });
});

describe('Producer: offer', () => {
  const unhandled = watchUnhandled();

  describe('Publishes a value as `next` does, and returns why it was refused, where that is known at once: it is not valid, too much waits, or the sink or the client has ended. Undefined: it was accepted, and its result will come. Whoever is returned a refusal has observed it; the results have it as well.', () => {
    it('undefined: it was accepted, and its result will come', () => {
      marbles((helpers) => {
        const { sink: toSink } = fakeProducer();
        const sink = toSink();
        at(helpers, 1, () => {
          expect(sink.offer('a')).to.equal(undefined);
        });
        helpers.expectObservable(sink.pipe(map(brief))).toBe('-----A', RECEIPTS);
      });
    });

    it('returns why it was refused; the results have it as well', () => {
      marbles((helpers) => {
        const { sink: toSink, client } = fakeProducer();
        const sink = toSink({ maxPending: 1 });
        at(helpers, 1, () => {
          const notValid = sink.offer(invalid);
          expect(notValid?.error).to.be.instanceOf(ValidationFailedError);
          expect(notValid?.value).to.equal(invalid);
          sink.offer('a');
          expect(sink.offer('b')?.error).to.be.instanceOf(OverflowError);
        });
        at(helpers, 7, () => {
          void client.close();
          expect(sink.offer('c')?.error).to.include({ code: 'ClientClosed' });
        });
        helpers.expectObservable(sink.pipe(map(brief))).toBe('-(XB)A-C', {
          ...RECEIPTS,
          X: '7! ValidationFailedError',
          B: 'b! OverflowError',
          C: 'c! ClientClosed',
        });
      });
    });

    it('after the end of the sink it returns that', () => {
      marbles((helpers) => {
        const { sink: toSink, events } = fakeProducer();
        const sink = toSink();
        sink.complete();
        expect(sink.offer('a')?.error).to.include({ code: 'SinkEnded' });
        helpers.expectObservable(sink).toBe('|');
        helpers.flush();
        expect(events.map(({ type }) => type)).to.deep.equal(['publishFailed']);
      });
    });

    it('whoever is returned a refusal has observed it; a later failure is reported where nobody observes it', () => {
      marbles(({ flush }) => {
        const { sink: toSink } = fakeProducer({ fare: () => REFUSED });
        const sink = toSink();
        sink.offer(invalid);
        sink.offer('a');
        flush();
        expect(unhandled().map(String)).to.deep.equal(['AWSConnectionError: PublishBatch failed: InvalidParameter']);
      });
    });
  });
});
