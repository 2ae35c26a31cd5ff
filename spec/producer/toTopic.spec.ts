import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { map, Observable, Subject } from 'rxjs';
import { AWSConnectionError } from '../../src/errors.js';
import type { PublishOptions } from '../../src/producer/publishOptions.js';
import { toTopic, TopicSubject } from '../../src/producer/toTopic.js';
import { topic } from '../../src/topic.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { brief, fakeTopic, type FakeTopicOptions, REFUSED } from '../helpers/fakeTopic.js';
import { at, marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const Words = topic('words', t.string);
const invalid = 7 as unknown as string;

const RESULTS = { A: 'a: id-a', B: 'b: id-b', C: 'c: id-c', D: 'd: id-d', X: '7! ValidationFailedError' };

/** A sink to a fake topic; `results` are its own, in one word each. */
function sinking(fakes: FakeTopicOptions = {}, options: PublishOptions = {}) {
  const sns = fakeTopic(fakes);
  const fake = fakeClient(sns.calls);
  const sink = toTopic(fake.client, Words, options);
  return { ...fake, sns, sink, results: sink.pipe(map(brief)) };
}

describe('toTopic', () => {
  const unhandled = watchUnhandled();

  it('publishes what it is given, and tells what became of it', () => {
    marbles(({ cold, expectObservable }) => {
      const { sink, results } = sinking({ latencyMs: 4 });
      const source = cold('--a-(bc)-------d--|   ');
      const expected = '   ------A-(BC)-------(D|)';
      source.subscribe(sink);
      expectObservable(results).toBe(expected, RESULTS);
    });
  });

  it('can be made before anything is provisioned: it makes no call before its first value', () => {
    marbles(({ flush }) => {
      const { requests, client } = sinking();
      const released: string[] = [];
      client.port.closed$.subscribe(() => released.push('closed'));
      void client.close();
      flush();
      expect(requests).to.deep.equal([]);
      expect(released).to.deep.equal(['closed']);
    });
  });

  it('goes on working after a value that is refused', () => {
    marbles(({ cold, expectObservable }) => {
      const { sink, results } = sinking();
      const source = cold('a-x-b-|    ', { a: 'a', b: 'b', x: invalid });
      const expected = '   --X-A---(B|)';
      source.subscribe(sink);
      expectObservable(results).toBe(expected, RESULTS);
    });
  });

  it('has hot results: who comes late misses the earlier ones, and after the end is told of the end', () => {
    marbles(({ cold, expectObservable }) => {
      const { sink, results } = sinking();
      const source = cold('      a--b|      ');
      const subscription = '     -----^     ';
      const expected = '         -------(B|)';
      const afterTheEnd = '      ---------^ ';
      const expectedAfter = '    ---------| ';
      source.subscribe(sink);
      expectObservable(results).toBe('----A--(B|)', RESULTS);
      expectObservable(results, subscription).toBe(expected, RESULTS);
      expectObservable(results, afterTheEnd).toBe(expectedAfter);
    });
  });

  it('completes its results once everything is published, and takes nothing after', () => {
    marbles((helpers) => {
      const { cold, expectObservable, flush } = helpers;
      const { sink, results, sns } = sinking();
      const source = cold('a-|    ');
      const expected = '   ----(A|)';
      source.subscribe(sink);
      at(helpers, 3, () => {
        sink.next('b');
        sink.complete();
        sink.error(new Error('too late'));
      });
      expectObservable(results).toBe(expected, RESULTS);
      flush();
      expect(sns.log).to.deep.equal(['0: a']);
    });
  });

  it('completes at once when nothing is pending', () => {
    marbles((helpers) => {
      const { sink, results } = sinking();
      at(helpers, 2, sink.complete);
      helpers.expectObservable(results).toBe('--|');
    });
  });

  it('publishes what was accepted before it errors its results, for late subscribers too', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const { sink, results, sns } = sinking();
      const source = cold('a-#       ');
      const expected = '   ----(A#)  ';
      source.subscribe(sink);
      expectObservable(results).toBe(expected, RESULTS);
      expectObservable(results, '------^').toBe('------#');
      flush();
      expect(sns.accepted).to.deep.equal(['a']);
      expect(unhandled()).to.deep.equal([]);
    });
  });

  it('takes the values of several sources, until one of them ends it', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const { sink, results, sns } = sinking();
      const one = cold('   a----|      ');
      const other = cold(' -b-----c    ');
      const expected = '   ----A(B|)   ';
      one.subscribe(sink);
      other.subscribe(sink);
      expectObservable(results).toBe(expected, RESULTS);
      flush();
      expect(sns.accepted).to.deep.equal(['a', 'b']);
    });
  });

  it('does not end its source, nor cancel anything, when its results are unsubscribed', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const { sink, results, sns } = sinking();
      const source = cold('     a--b--|  ');
      source.subscribe(sink);
      expectObservable(results, '-!').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
      flush();
      expect(sns.accepted).to.deep.equal(['a', 'b']);
    });
  });

  it('has three parts that work without their object', () => {
    marbles(({ cold, expectObservable }) => {
      const { sink, results } = sinking();
      const { next, error, complete } = sink;
      cold('a|').subscribe({ next, error, complete });
      expectObservable(results).toBe('----(A|)', RESULTS);
    });
  });

  it('is an Observable, of which operators make plain Observables', () => {
    const { sink } = sinking();
    expect(sink).to.be.instanceOf(TopicSubject).and.instanceOf(Observable);
    expect(sink.pipe(map(brief))).not.to.be.instanceOf(TopicSubject);
  });

  it('takes a value in while it tells of another', () => {
    marbles(({ expectObservable, flush }) => {
      const { sink, results, sns } = sinking();
      sink.subscribe((result) => {
        if (E.isRight(result) && result.right.value === 'a') sink.next('b');
      });
      expectObservable(results).toBe('----A---B', RESULTS);
      sink.next('a');
      flush();
      expect(sns.log).to.deep.equal(['0: a', '4: b']);
    });
  });

  it('does not let the stack grow when each request is answered at once', () => {
    marbles(({ flush }) => {
      const { sink, sns } = sinking({ latencyMs: 0 }, { maxPending: 100_000, maxRequests: 1 });
      for (let number = 0; number < 100_000; number += 1) sink.next(String(number));
      flush();
      expect(sns.accepted).to.have.length(100_000);
      expect(unhandled()).to.deep.equal([]);
    });
  }).timeout(20_000);

  it('tells each value once, when the client ends in the middle of the answers of a batch', () => {
    marbles(({ flush }) => {
      const sns = fakeTopic({
        latencyMs: 4,
        fare: (value) => (value === 'c' ? { code: 'InternalError', senderFault: false } : 'accepted'),
      });
      const { client } = fakeClient(sns.calls);
      const killed = new Subject<void>();
      const sink = toTopic({ ...client, port: { ...client.port, killed$: killed } }, Words);
      const seen: string[] = [];
      sink.pipe(map(brief)).subscribe((result) => {
        seen.push(result);
        if (seen.length === 1) killed.next();
      });
      for (const value of 'abc') sink.next(value);
      flush();
      expect(seen).to.deep.equal(['a: id-a', 'b! CloseTimeout', 'c! CloseTimeout']);
    });
  });

  it('tells in the events, and nowhere else, of a value that comes after the end', () => {
    marbles((helpers) => {
      const { sink, sns, events } = sinking();
      at(helpers, 1, sink.complete);
      at(helpers, 2, () => {
        sink.next('a');
      });
      helpers.flush();
      expect(sns.log).to.deep.equal([]);
      expect(unhandled()).to.deep.equal([]);
      expect(events).to.deep.equal([
        {
          type: 'publishFailed',
          at: 2,
          topic: 'words',
          error: { name: 'AWSConnectionError', code: 'SinkEnded', retryable: true },
          attempts: 0,
          outcomeUnknown: false,
        },
      ]);
    });
  });

  describe('drained$', () => {
    it('emits once everything accepted has its result, that of who comes meanwhile too', () => {
      marbles(({ cold, expectObservable }) => {
        const { sink } = sinking();
        const source = cold('  a--b-------c   ');
        const expected = '     -------(d|)    ';
        const idle = '         ---------^     ';
        const expectedIdle = ' ---------(d|)  ';
        source.subscribe(sink);
        expectObservable(sink.drained$, '^').toBe(expected, { d: undefined });
        expectObservable(sink.drained$, idle).toBe(expectedIdle, { d: undefined });
      });
    });

    it('ends nothing, and comes after the result was told to all', () => {
      marbles(({ expectObservable, flush }) => {
        const { sink, results } = sinking();
        const log: string[] = [];
        sink.next('a');
        sink.drained$.subscribe(() => {
          log.push('drained');
          sink.next('b');
        });
        results.subscribe((result) => log.push(result));
        expectObservable(results).toBe('----A---B', RESULTS);
        flush();
        expect(log).to.deep.equal(['a: id-a', 'drained', 'b: id-b']);
      });
    });

    it('emits for none who finds that another has handed in more', () => {
      marbles(({ expectObservable }) => {
        const { sink } = sinking();
        sink.next('a');
        sink.drained$.subscribe(() => {
          sink.next('b');
        });
        expectObservable(sink.drained$).toBe('--------(d|)', { d: undefined });
      });
    });
  });

  describe('offer', () => {
    it('returns why a value was refused, whom nobody else has to observe', () => {
      marbles(({ flush }) => {
        const { sink, sns } = sinking({}, { maxPending: 1 });
        expect(sink.offer(invalid)?.error.name).to.equal('ValidationFailedError');
        expect(sink.offer('a')).to.equal(undefined);
        expect(sink.offer('b')?.error).to.include({ name: 'OverflowError', option: 'maxPending', limit: 1 });
        sink.complete();
        expect(sink.offer('c')?.error).to.include({ code: 'SinkEnded' });
        flush();
        expect(sns.accepted).to.deep.equal(['a']);
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('tells the results of every value all the same', () => {
      marbles((helpers) => {
        const { sink, results } = sinking();
        at(helpers, 1, () => {
          sink.offer(invalid);
          sink.offer('a');
        });
        helpers.expectObservable(results).toBe('-X---A', RESULTS);
      });
    });

    it('reports a later failure that nobody observes', () => {
      marbles(({ flush }) => {
        const { sink } = sinking({ fare: () => REFUSED });
        expect(sink.offer('a')).to.equal(undefined);
        flush();
        expect(unhandled().map(String)).to.deep.equal(['AWSConnectionError: PublishBatch failed: InvalidParameter']);
      });
    });
  });

  describe('failures that nobody observes', () => {
    it('are reported as RxJS reports unhandled errors', () => {
      marbles(({ flush }) => {
        const { sink } = sinking({ fare: () => REFUSED });
        sink.next('a');
        sink.next(invalid);
        flush();
        expect(unhandled().map(String)).to.deep.equal([
          'ValidationFailedError: validation failed at /: expected string',
          'AWSConnectionError: PublishBatch failed: InvalidParameter',
        ]);
      });
    });

    it('are not those of a sink with a subscriber, even one without an error handler', () => {
      marbles(({ flush }) => {
        const { sink } = sinking({ fare: () => REFUSED });
        sink.subscribe();
        sink.next('a');
        flush();
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('may be the error the sink was ended with', () => {
      marbles(({ cold, flush }) => {
        const { sink } = sinking();
        const bug = new AWSConnectionError({ operation: 'Elsewhere', code: 'Bug', retryable: false });
        cold('a#', { a: 'a' }, bug).subscribe(sink);
        flush();
        expect(unhandled()).to.deep.equal([bug]);
      });
    });
  });

  it('refuses options out of their range at once', () => {
    const { client } = fakeClient({});
    expect(faultsThrownBy(() => toTopic(client, Words, { maxRequests: Number.NaN }))).to.deep.equal([
      'maxRequests: expected a whole number of at least 1',
    ]);
  });

  describe('ended by who is told of a value', () => {
    const ways: readonly (readonly [what: string, end: (made: ReturnType<typeof sinking>) => void])[] = [
      [
        'by its event',
        ({ client, sink }) =>
          client.events$.subscribe(({ type }) => {
            if (type === 'published' || type === 'publishFailed') sink.complete();
          }),
      ],
      [
        'by its result',
        ({ sink }) =>
          sink.subscribe(() => {
            sink.complete();
          }),
      ],
    ];
    for (const [what, end] of ways) {
      it(`${what}, tells its result to all before it completes`, () => {
        marbles(({ cold, expectObservable }) => {
          const accepted = sinking();
          const refused = sinking();
          end(accepted);
          end(refused);
          cold('-a').subscribe(accepted.sink);
          cold('-x', { x: invalid }).subscribe(refused.sink);
          expectObservable(accepted.results).toBe('-----(A|)', RESULTS);
          expectObservable(refused.results).toBe('-(X|)', RESULTS);
        });
      });
    }
  });
});
