import { Observable, type Observer, type Subscriber, Subscription } from 'rxjs';
import { createRoster, type Listed, type Roster } from './roster.js';

/** Observables under way side by side, of which any may be the next to end. */
export interface UnderWay<T> {
  readonly size: number;
  /** Subscribes to one more. */
  begin(source: Observable<T>): void;
  /** Unsubscribes all of them, in the order in which they began. */
  unsubscribe(): void;
}

/**
 * Subscriptions of which there may be thousands: one that ends is found in one step, where a `Subscription` looks for it among
 * all it holds. `heard` is told what each of them emits; an end it is told of once that one is let go of, and counted no more.
 */
export function createUnderWay<T>(heard: Observer<T>): UnderWay<T> {
  const all = createRoster<One<T>>();
  return {
    get size() {
      return all.size;
    },
    begin: (source) => {
      // Known before it emits: what emits while it is subscribed to can be unsubscribed, too.
      const subscribe = (subscriber: Subscriber<T>): void => {
        one.subscription = subscriber;
        all.add(one);
        source.subscribe(subscriber);
      };
      const one = new One(all, heard);
      new Observable(subscribe).subscribe(one);
    },
    unsubscribe: () => {
      // A composite goes on where a teardown throws, and throws in the end.
      const composite = new Subscription();
      for (const one of all.all()) {
        all.remove(one);
        composite.add(one.subscription);
      }
      composite.unsubscribe();
    },
  };
}

/** A class, because three closures would be half a kilobyte for each that is under way. */
class One<T> implements Observer<T>, Listed<One<T>> {
  readonly #all: Roster<One<T>>;
  readonly #heard: Observer<T>;
  subscription: Subscription | undefined;
  before: One<T> | undefined;
  after: One<T> | undefined;

  constructor(all: Roster<One<T>>, heard: Observer<T>) {
    this.#all = all;
    this.#heard = heard;
  }

  next(value: T): void {
    this.#heard.next(value);
  }

  error(error: unknown): void {
    try {
      this.#letGo();
    } finally {
      this.#heard.error(error);
    }
  }

  complete(): void {
    try {
      this.#letGo();
    } finally {
      this.#heard.complete();
    }
  }

  #letGo(): void {
    this.#all.remove(this);
    this.subscription?.unsubscribe();
  }
}
