import { expect } from 'chai';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import {
  BehaviorSubject,
  config,
  EMPTY,
  lastValueFrom,
  map,
  type Observable,
  Subject,
  take,
  takeUntil,
  toArray,
} from 'rxjs';
import { type Demand, pull } from '../../src/operators/pull.js';
import { at, marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

/** Room by a diagram: `o` opens it. */
function roomBy(marbles$: Observable<string>): Demand {
  let isOpen = false;
  const room$ = marbles$.pipe(map((mark) => (isOpen = mark === 'o')));
  return { hasRoom: () => isOpen, room$ };
}

const ALWAYS: Demand = { hasRoom: () => true, room$: EMPTY };

/** What is read of it, and how it ends. */
function watched(values: readonly string[]) {
  const log: string[] = [];
  function* generator() {
    try {
      for (const value of values) {
        log.push(value);
        yield value;
      }
      log.push('done');
    } finally {
      log.push('returned');
    }
  }
  async function* asyncGenerator() {
    await Promise.resolve();
    yield* generator();
  }
  return { log, generator, asyncGenerator };
}

/** Lets everything run that waits for microtasks. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('pull', () => {
  const unhandled = watchUnhandled();

  it('reads while there is room, and no further', () => {
    marbles((m) => {
      const { log, generator } = watched(['a', 'b', 'c', 'd', 'e', 'f']);
      // Room for two more at each tick, closed by reading them.
      let room = 0;
      const room$ = m.hot('--o-----o---o').pipe(map(() => (room += 2)));
      const hasRoom = (): boolean => room > 0;
      const read$ = pull(generator(), { hasRoom, room$ }).pipe(map((value) => (room--, value)));
      m.expectObservable(read$).toBe('--(ab)--(cd)(ef)');
      at(m, 3, () => {
        expect(log).to.deep.equal(['a', 'b']);
      });
    });
  });

  it('reads at once, and to the end, what finds room', () => {
    marbles((m) => {
      m.expectObservable(pull('abc', ALWAYS)).toBe('(abc|)');
      m.expectObservable(pull([], ALWAYS)).toBe('|');
      m.expectObservable(pull(new Set(['a']), ALWAYS)).toBe('(a|)');
    });
  });

  it('opens the iterable anew for each subscription', () => {
    marbles((m) => {
      const read$ = pull(['a', 'b'], ALWAYS);
      m.expectObservable(read$).toBe('(ab|)');
      m.expectObservable(read$, '--^').toBe('--(ab|)');
    });
  });

  it('waits for ever where there is never room, and holds nothing then', () => {
    marbles((m) => {
      const room$ = m.hot('-----');
      m.expectObservable(pull('abc', { hasRoom: () => false, room$ }), '^--!').toBe('----');
      m.expectSubscriptions(room$.subscriptions).toBe('^--!');
    });
  });

  it('lets go of the room once everything is read', () => {
    marbles((m) => {
      const room$ = m.hot('--o-----');
      m.expectObservable(pull('a', roomBy(room$))).toBe('--(a|)');
      m.expectSubscriptions(room$.subscriptions).toBe('^-!');
    });
  });

  it('does not let the stack grow, whether values are there at once or their room is', () => {
    const room = new BehaviorSubject(0);
    let read = 0;
    function* many() {
      for (let number = 0; number < 100_000; number += 1) yield number;
    }
    marbles(() => {
      pull(many(), { hasRoom: () => true, room$: room }).subscribe((number) => {
        read += 1;
        room.next(number);
      });
    });
    expect(read).to.equal(100_000);
  });

  it('lets the event loop turn after a thousand values, whatever room there is', async () => {
    const read = async (values: Iterable<number> | AsyncIterable<number>): Promise<number> => {
      let count = 0;
      const subscription = pull(values, ALWAYS).subscribe(() => (count += 1));
      await new Promise((resolve) => setTimeout(resolve));
      subscription.unsubscribe();
      return count;
    };
    function* endless() {
      for (let number = 0; ; number += 1) yield number;
    }
    async function* endlessLater() {
      await Promise.resolve();
      yield* endless();
    }
    // The timer of the spec was set after the one that goes on.
    expect(await read(endless())).to.be.within(999, 1_999);
    expect(await read(endlessLater())).to.be.within(999, 1_999);
  });

  describe('of an async iterable', () => {
    it('reads one value at a time, to the end', async () => {
      const { log, asyncGenerator } = watched(['a', 'b']);
      expect(await lastValueFrom(pull(asyncGenerator(), ALWAYS).pipe(toArray()))).to.deep.equal(['a', 'b']);
      expect(log).to.deep.equal(['a', 'b', 'done', 'returned']);
    });

    it('reads no further than there is room', async () => {
      const { log, asyncGenerator } = watched(['a', 'b', 'c']);
      const room$ = new Subject<void>();
      let room = 2;
      const seen: string[] = [];
      const subscription = pull(asyncGenerator(), { hasRoom: () => room > 0, room$ }).subscribe((value) => {
        room -= 1;
        seen.push(value);
      });
      await settled();
      expect(log).to.deep.equal(['a', 'b']);
      room += 1;
      room$.next();
      await settled();
      expect(seen).to.deep.equal(['a', 'b', 'c']);
      subscription.unsubscribe();
      await settled();
      expect(log).to.deep.equal(['a', 'b', 'c', 'returned']);
    });

    it('reads a Node stream as it comes, and destroys it when it is left', async () => {
      const stream = new Readable({ objectMode: true, highWaterMark: 1, read: () => undefined });
      const seen: unknown[] = [];
      const subscription = pull<unknown>(stream, ALWAYS).subscribe((value) => seen.push(value));
      stream.push({ id: 'a' });
      await settled();
      expect(seen).to.deep.equal([{ id: 'a' }]);
      const closed = once(stream, 'close');
      subscription.unsubscribe();
      await closed;
      expect(stream.destroyed).to.equal(true);
      expect(unhandled()).to.deep.equal([]);
    });

    it('errors with the error of the stream', async () => {
      const broken = new Error('disk');
      const stream = Readable.from(
        (async function* () {
          yield 'a';
          await Promise.reject(broken);
        })(),
      );
      const seen: unknown[] = [];
      const error = await lastValueFrom(pull<unknown>(stream, ALWAYS).pipe(map((value) => seen.push(value)))).catch(
        (thrown: unknown) => thrown,
      );
      expect(seen).to.deep.equal(['a']);
      expect(error).to.equal(broken);
    });
  });

  describe('when it is left', () => {
    it('returns the iterator', () => {
      const { log, generator } = watched(['a', 'b', 'c']);
      pull(generator(), ALWAYS).pipe(take(2)).subscribe();
      expect(log).to.deep.equal(['a', 'b', 'returned']);
    });

    it('returns an async iterator, after the value that is being read, which is dropped', async () => {
      const { log, asyncGenerator } = watched(['a', 'b', 'c']);
      const seen: string[] = [];
      const subscription = pull(asyncGenerator(), ALWAYS).subscribe((value) => seen.push(value));
      subscription.unsubscribe();
      await settled();
      expect(seen).to.deep.equal([]);
      expect(log).to.deep.equal(['a', 'returned']);
    });

    it('reports what returning fails with', async () => {
      const bug = new Error('bug');
      function* throwing() {
        try {
          yield 'a';
          yield 'b';
        } finally {
          // What a user's own `finally` may do.
          // eslint-disable-next-line no-unsafe-finally
          throw bug;
        }
      }
      async function* rejecting() {
        await Promise.resolve();
        yield* throwing();
      }
      marbles(() => {
        pull(throwing(), ALWAYS).pipe(take(1)).subscribe();
      });
      expect(unhandled()).to.deep.equal([bug]);
      const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
      await lastValueFrom(pull(rejecting(), ALWAYS).pipe(take(1)));
      expect(await reported).to.equal(bug);
    });

    it('does not return what is read to its end, nor what has failed', () => {
      const bug = new Error('bug');
      const returned: string[] = [];
      const ending = (name: string, end: () => IteratorResult<string, unknown>): Iterable<string> => ({
        [Symbol.iterator]: () => ({
          next: end,
          return: () => {
            returned.push(name);
            return { done: true, value: undefined };
          },
        }),
      });
      const seen: unknown[] = [];
      pull(
        ending('done', () => ({ done: true, value: undefined })),
        ALWAYS,
      ).subscribe({ complete: () => seen.push('complete') });
      pull(
        ending('failed', () => {
          throw bug;
        }),
        ALWAYS,
      ).subscribe({ error: (error: unknown) => seen.push(error) });
      expect(seen).to.deep.equal(['complete', bug]);
      expect(returned).to.deep.equal([]);
    });
  });

  describe('whatever it is given', () => {
    it('returns a generator that ended its own reading, once it has yielded', async () => {
      const log: string[] = [];
      const leave = new Subject<void>();
      function* leaving() {
        try {
          yield 'a';
          leave.next();
          yield 'b';
        } finally {
          log.push('returned');
        }
      }
      async function* leavingLater() {
        await Promise.resolve();
        yield* leaving();
      }
      for (const values of [leaving(), leavingLater()]) {
        pull(values, ALWAYS)
          .pipe(takeUntil(leave))
          .subscribe((value) => log.push(value));
        await settled();
      }
      expect(log).to.deep.equal(['a', 'returned', 'a', 'returned']);
      expect(unhandled()).to.deep.equal([]);
    });

    it('errors with what is no result', async () => {
      const resultOf = (result: unknown): AsyncIterable<string> => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(result as IteratorResult<string>) }),
      });
      const bug = new Error('bug');
      const throwing = {
        get value(): string {
          throw bug;
        },
      };
      for (const result of [undefined, throwing]) {
        const outcome = lastValueFrom(pull(resultOf(result), ALWAYS)).catch((error: unknown) => error);
        expect(await outcome).to.be.instanceOf(Error);
      }
    });

    it('reads thenables that are no promises, each once', async () => {
      let left = 3;
      const hasty: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            left -= 1;
            const result = left < 0 ? { done: true, value: undefined } : { value: left };
            const then = (resolve: (result: unknown) => void): void => {
              resolve(result);
              resolve(result);
            };
            return { then } as unknown as Promise<IteratorResult<number>>;
          },
        }),
      };
      expect(await lastValueFrom(pull(hasty, ALWAYS).pipe(toArray()))).to.deep.equal([2, 1, 0]);
    });

    it('destroys nothing but streams', () => {
      const rows = {
        destroyed: 0,
        destroy: () => (rows.destroyed += 1),
        *[Symbol.iterator]() {
          yield* 'abc';
        },
      };
      pull(rows, ALWAYS).pipe(take(1)).subscribe();
      expect(rows.destroyed).to.equal(0);
    });
  });

  it('errors with what opening the iterable throws', () => {
    marbles((m) => {
      const bug = new Error('bug');
      const values: Iterable<string> = {
        [Symbol.iterator]: () => {
          throw bug;
        },
      };
      m.expectObservable(pull(values, ALWAYS)).toBe('#', {}, bug);
    });
  });
});
