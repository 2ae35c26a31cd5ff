import { expect } from 'chai';
import * as t from 'io-ts';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import {
  catchError,
  concat,
  ignoreElements,
  lastValueFrom,
  map,
  Observable,
  of,
  repeat,
  retry,
  take,
  toArray,
} from 'rxjs';
import { AWSConnectionError } from '../../src/errors.js';
import { publishFrom, type PublishFromOptions } from '../../src/producer/publishFrom.js';
import { topic } from '../../src/topic.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { brief, fakeTopic, type FakeTopicOptions } from '../helpers/fakeTopic.js';
import { at, marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const Words = topic('words', t.string);
const denied = new AWSConnectionError({ operation: 'PublishBatch', code: 'AccessDenied', retryable: false });

/** Publishes iterables to a fake topic. */
function publishing(fakes: FakeTopicOptions = {}, options: PublishFromOptions = {}) {
  const sns = fakeTopic(fakes);
  const fake = fakeClient(sns.calls);
  const results = (values: Iterable<string> | AsyncIterable<string>) =>
    publishFrom(fake.client, Words, values, options).pipe(map(brief));
  return { ...fake, sns, results };
}

const codeOf = (error: unknown): string => (error instanceof AWSConnectionError ? error.code : String(error));

/** The letters from a on, and which were read; `returned` once it was let go of. */
function letters(count: number) {
  const read: string[] = [];
  function* generator() {
    try {
      for (let index = 0; index < count; index += 1) {
        const letter = String.fromCharCode(97 + index);
        read.push(letter);
        yield letter;
      }
    } finally {
      read.push('returned');
    }
  }
  return { read, generator };
}

const RESULTS = { A: 'a: id-a', B: 'b: id-b', C: 'c: id-c', D: 'd: id-d' };

describe('publishFrom', () => {
  const unhandled = watchUnhandled();

  it('reads as there is room, and completes when everything read has its result', () => {
    marbles((m) => {
      const { results, sns } = publishing({ latencyMs: 4 }, { maxPending: 2 });
      const { read, generator } = letters(4);
      m.expectObservable(results(generator())).toBe('----(AB)(CD|)', RESULTS);
      at(m, 3, () => {
        expect(read).to.deep.equal(['a', 'b']);
      });
      m.flush();
      expect(sns.log).to.deep.equal(['0: a b', '4: c d']);
      expect(read).to.deep.equal(['a', 'b', 'c', 'd', 'returned']);
    });
  });

  it('reads ahead as many as are under way, and as many again', () => {
    marbles((m) => {
      const { results, sns } = publishing({ latencyMs: 4 }, { maxRequests: 1 });
      const { read, generator } = letters(26);
      results(generator()).subscribe();
      at(m, 3, () => {
        expect(read).to.have.length(20);
      });
      m.flush();
      // Each answer finds a whole batch ready.
      expect(sns.requests.map(({ entries }) => entries.length)).to.deep.equal([10, 10, 6]);
    });
  });

  it('holds no more than maxPendingBytes, but for the value that reaches them', () => {
    marbles((m) => {
      // A letter has three bytes, with its quotes.
      const { results } = publishing({ latencyMs: 4 }, { maxPendingBytes: 7 });
      const { read, generator } = letters(4);
      const seen: string[] = [];
      results(generator()).subscribe((result) => seen.push(result));
      at(m, 3, () => {
        expect(read).to.deep.equal(['a', 'b', 'c']);
      });
      m.flush();
      expect(seen).to.deep.equal(['a: id-a', 'b: id-b', 'c: id-c', 'd: id-d']);
    });
  });

  it('tells of refused values, and reads on', () => {
    marbles((m) => {
      const { results } = publishing({ latencyMs: 4 }, { maxPending: 1 });
      const values = ['a', 7 as unknown as string, 'b'];
      m.expectObservable(results(values)).toBe('----(AX)(B|)', { ...RESULTS, X: '7! ValidationFailedError' });
    });
  });

  it('errors with the error of the iterable, after the results of what was read', () => {
    marbles((m) => {
      const bug = new Error('bug');
      const { results } = publishing({ latencyMs: 4 });
      function* broken() {
        yield 'a';
        throw bug;
      }
      m.expectObservable(results(broken())).toBe('----(A#)', RESULTS, bug);
    });
  });

  it('is cold: each subscription opens the iterable anew', () => {
    marbles((m) => {
      const { results, sns } = publishing({ latencyMs: 4 });
      const published$ = results(['a']);
      m.expectObservable(published$).toBe('----(A|)', RESULTS);
      m.expectObservable(published$, '--^').toBe('------(A|)', RESULTS);
      m.flush();
      expect(sns.log).to.deep.equal(['0: a', '2: a']);
    });
  });

  it('takes a function that makes the iterable, so that it can be read again', () => {
    marbles((m) => {
      const { client, sns } = publishing({ failure: (request) => (request === 1 ? denied : undefined) });
      const { generator } = letters(2);
      const published$ = publishFrom(client, Words, generator, { stopOnError: true }).pipe(map(brief), retry(1));
      m.expectObservable(published$).toBe('--------(AB|)', RESULTS);
      m.flush();
      expect(sns.log).to.deep.equal(['0: a b', '4: a b']);
    });
  });

  it('errors, instead of publishing nothing, where what can be read once is read again', () => {
    marbles((m) => {
      const message = 'values: this was read before; give a function that makes it anew';
      for (const values of [letters(2).generator(), Readable.from(['a'])]) {
        const published$ = publishFrom(publishing({ latencyMs: 0 }).client, Words, values).pipe(
          ignoreElements(),
          catchError((error: unknown) => of(String(error))),
        );
        published$.subscribe().unsubscribe();
        m.expectObservable(published$, '-^').toBe('-(e|)', { e: `ConfigurationError: ${message}` });
      }
      m.expectObservable(publishing().results(['a']).pipe(repeat(2))).toBe('----A---(A|)', RESULTS);
    });
  });

  it('errors so for a second caller too, and takes what can be read again', () => {
    marbles((m) => {
      const { results } = publishing({ latencyMs: 0 });
      const once = letters(1).generator();
      const error$ = (values: Iterable<string>) =>
        results(values).pipe(catchError((error: unknown) => of(error instanceof Error ? error.name : '')));
      const Letters = Object.assign(() => 'never called', { [Symbol.iterator]: () => ['a'].values() });
      const list = { next: undefined, value: 'a', [Symbol.iterator]: () => ['a'].values() };
      m.expectObservable(concat(error$(once), error$(once))).toBe('(AE|)', { ...RESULTS, E: 'ConfigurationError' });
      m.expectObservable(concat(error$(list), error$(list))).toBe('(AB|)', { A: RESULTS.A, B: RESULTS.A });
      // A function may be an iterable itself: it is not called.
      m.expectObservable(error$(Letters)).toBe('(A|)', RESULTS);
    });
  });

  describe('ended early', () => {
    it('reads no more when it is unsubscribed; what was read is published all the same', () => {
      marbles((m) => {
        const { results, sns } = publishing({ latencyMs: 4 }, { maxPending: 2 });
        const { read, generator } = letters(26);
        m.expectObservable(results(generator()).pipe(take(1))).toBe('----(A|)', RESULTS);
        m.flush();
        expect(read).to.deep.equal(['a', 'b', 'returned']);
        expect(sns.accepted).to.deep.equal(['a', 'b']);
      });
    });

    it('reads no more after the first failure, with stopOnError', () => {
      marbles((m) => {
        const { results } = publishing({ failure: () => denied }, { maxPending: 2, stopOnError: true });
        const { read, generator } = letters(26);
        m.expectObservable(results(generator())).toBe('----#', {}, denied);
        m.flush();
        expect(read).to.deep.equal(['a', 'b', 'returned']);
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('reads no more when the client closes, and says so after the results of what was read', () => {
      marbles((m) => {
        const { results, client, sns } = publishing({ latencyMs: 4 }, { maxPending: 2 });
        const { read, generator } = letters(26);
        const seen: string[] = [];
        results(generator()).subscribe({
          next: (result) => seen.push(result),
          error: (error: unknown) => seen.push(codeOf(error)),
        });
        at(m, 6, () => {
          void client.close();
        });
        m.flush();
        expect(seen).to.deep.equal(['a: id-a', 'b: id-b', 'c: id-c', 'd: id-d', 'ClientClosed']);
        expect(read).to.deep.equal(['a', 'b', 'c', 'd', 'returned']);
        expect(sns.accepted).to.deep.equal(['a', 'b', 'c', 'd']);
      });
    });

    it('reads nothing where the client is closed', () => {
      marbles((m) => {
        const { results, client } = publishing();
        const { read, generator } = letters(26);
        void client.close();
        const seen: string[] = [];
        results(generator()).subscribe({ error: (error: unknown) => seen.push(codeOf(error)) });
        m.flush();
        expect(seen).to.deep.equal(['ClientClosed']);
        expect(read).to.deep.equal([]);
      });
    });
  });

  // Promises run on real microtasks: here every request is answered at once.
  describe('of what comes asynchronously', () => {
    it('publishes an async generator', async () => {
      const { results, sns } = publishing({ latencyMs: 0 });
      async function* slow() {
        for (const letter of ['a', 'b', 'c']) {
          await Promise.resolve();
          yield letter;
        }
      }
      const seen = await lastValueFrom(results(slow()).pipe(toArray()));
      expect(seen).to.deep.equal(['a: id-a', 'b: id-b', 'c: id-c']);
      expect(sns.accepted).to.deep.equal(['a', 'b', 'c']);
    });

    it('publishes a Node object stream, and destroys it when it stops', async () => {
      const { client } = publishing({ latencyMs: 0, failure: () => denied });
      const stream = Readable.from(['a', 'b', 'c'], { highWaterMark: 1 });
      const closed = once(stream, 'close');
      const error = await lastValueFrom(publishFrom(client, Words, stream, { stopOnError: true })).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.equal(denied);
      await closed;
    });
  });

  it('refuses at once what it can not read, and options out of their range', () => {
    const { client } = fakeClient({});
    const values =
      'values: expected an iterable or an async iterable, or a function that makes one; an Observable goes to publishTo';
    for (const given of [undefined, null, 7, {}, of('a'), new Observable()]) {
      expect(faultsThrownBy(() => publishFrom(client, Words, given as string[]))).to.deep.equal([values]);
    }
    expect(faultsThrownBy(() => publishFrom(client, Words, 'abc'))).to.deep.equal([
      'values: expected an iterable of values, and not a text',
    ]);
    expect(faultsThrownBy(() => publishFrom(client, Words, new Readable()))).to.deep.equal([
      'values: expected a stream in object mode',
    ]);
    expect(faultsThrownBy(() => publishFrom(client, Words, [], { maxRequests: 0 }))).to.deep.equal([
      'maxRequests: expected a whole number of at least 1',
    ]);
  });
});
