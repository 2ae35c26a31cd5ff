import { Observable, timer } from 'rxjs';
import { guarded } from './guarded.js';
import { reportUnhandled } from './reportUnhandled.js';

/** Whether there is room for the values that are read. */
export interface Demand {
  /** Whether the next one may be read. */
  readonly hasRoom: () => boolean;
  /** Emits when that may have changed. */
  readonly room$: Observable<unknown>;
}

/** After so many values the event loop has a turn: those that find room at once would keep it from all else. */
const VALUES_PER_TURN = 1_000;

/**
 * Emits what is read from an iterable: one value at a time, and only while there is room. Unlike with `from`, no more is read than
 * can be dealt with. Errors with what reading failed with. Unsubscribing returns the iterator, or destroys the Node stream; a
 * value that is being read then is dropped, and so is an error of it.
 *
 * ```text
 * room      ^--!  ^--!      from ^ to !
 * iterable  a-b-c-d-e-f|    as fast as it is read
 * pull      a-b---c-d--     the rest later
 * ```
 */
export function pull<T>(values: Iterable<T> | AsyncIterable<T>, { hasRoom, room$ }: Demand): Observable<T> {
  // No operator asks for its next value: RxJS knows no demand.
  return new Observable((subscriber) => {
    const iterator = open(values);
    let isReading = false;
    let reads = 0;
    let isOver = false;
    /** In the iterator's own code: a generator can't be returned while it runs. */
    let isInside = false;

    const isLeft = (): boolean => subscriber.closed;

    const take = ({ done, value }: IteratorResult<T, unknown>): void => {
      if (done === true) {
        isOver = true;
        subscriber.complete();
      } else {
        subscriber.next(value);
      }
    };

    const fail = (error: unknown): void => {
      isOver = true;
      subscriber.error(error);
    };

    /** A value that is there at once is emitted in the loop, instead of the stack growing. */
    const read = (): void => {
      if (isReading) return;
      isReading = true;
      while (!isLeft() && hasRoom()) {
        reads += 1;
        if (reads % VALUES_PER_TURN === 0) {
          subscriber.add(timer(0).subscribe(then(() => undefined)));
          return;
        }
        isInside = true;
        const step = iterator.next();
        isInside = false;
        // It has ended its own reading.
        if (isLeft() && (isPromise(step) || step.done !== true)) giveBack(values, iterator);
        if (isPromise(step)) {
          // Whatever thenable it is, it calls back once, and later.
          Promise.resolve(step).then(then(take), then(fail));
          return;
        }
        take(step);
      }
      isReading = false;
    };

    const goOn = (): void => {
      isReading = false;
      read();
    };

    const then =
      <T>(act: (outcome: T) => void) =>
      (outcome: T): void => {
        attempt(() => {
          act(outcome);
          goOn();
        });
      };

    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        isInside = false;
        fail(error);
      }
    };

    subscriber.add(() => {
      if (!isOver && !isInside) giveBack(values, iterator);
    });
    subscriber.add(
      room$.subscribe(() => {
        attempt(read);
      }),
    );
    attempt(read);
  });
}

type Opened<T> = Iterator<T, unknown> | AsyncIterator<T, unknown>;

/** What may be both is read asynchronously. Not by `in`: a text is an iterable, and no object. */
function open<T>(values: Partial<Iterable<T> & AsyncIterable<T>>): Opened<T> {
  const opened = values[Symbol.asyncIterator]?.() ?? values[Symbol.iterator]?.();
  if (opened === undefined) throw new TypeError('expected an iterable or an async iterable');
  return opened;
}

const isPromise = <T>(step: T | Promise<T>): step is Promise<T> =>
  typeof (step as Partial<Promise<T>>).then === 'function';

/** Lets go of what is not read to its end. */
function giveBack<T>(values: unknown, iterator: Opened<T>): void {
  guarded(() => {
    // Its iterator would wait for the stream's next chunk before it lets go of it.
    if (isStream(values)) values.destroy();
    else Promise.resolve(iterator.return?.()).catch(reportUnhandled);
  });
}

/** As Node tells its own streams: of other things `destroy` may mean to delete them. */
const isStream = (values: unknown): values is { destroy(): void } => {
  const { destroy, pipe, on } = values as Partial<Record<'destroy' | 'pipe' | 'on', unknown>>;
  return [destroy, pipe, on].every((method) => typeof method === 'function');
};
