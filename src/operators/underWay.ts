import { Observable, type Observer, type Subscriber, Subscription } from 'rxjs';

/** Observables under way side by side, of which any may be the next to end. */
export interface UnderWay<T> {
  readonly size: number;
  /** Subscribes to one more. */
  begin(source$: Observable<T>): void;
  /** Unsubscribes all of them, in the order in which they began. */
  unsubscribe(): void;
}

/**
 * Subscriptions of which there may be thousands: one that ends is found in one step, where a `Subscription` looks for it among
 * all it holds. `heard` is told what each of them emits; an end it is told of once that one is let go of, and counted no more.
 */
export function createUnderWay<T>(heard: Observer<T>): UnderWay<T> {
  const all = new Set<Subscription>();
  return {
    get size() {
      return all.size;
    },
    begin: (source$) => {
      const one = new One(all, heard);
      // Known before it emits: what emits while it is subscribed to can be unsubscribed, too.
      new Observable<T>((subscriber) => {
        one.begin(subscriber);
        source$.subscribe(subscriber);
      }).subscribe(one);
    },
    unsubscribe: () => {
      // A composite goes on where a teardown throws, and throws in the end.
      const composite = new Subscription();
      for (const subscription of all) composite.add(subscription);
      all.clear();
      composite.unsubscribe();
    },
  };
}

/** A class, because three closures would be half a kilobyte for each that is under way. */
class One<T> implements Observer<T> {
  readonly #all: Set<Subscription>;
  readonly #heard: Observer<T>;
  #subscriber: Subscriber<T> | undefined;

  constructor(all: Set<Subscription>, heard: Observer<T>) {
    this.#all = all;
    this.#heard = heard;
  }

  begin(subscriber: Subscriber<T>): void {
    this.#subscriber = subscriber;
    this.#all.add(subscriber);
  }

  next(value: T): void {
    this.#heard.next(value);
  }

  error(error: unknown): void {
    this.#letGo();
    this.#heard.error(error);
  }

  complete(): void {
    try {
      this.#letGo();
    } finally {
      this.#heard.complete();
    }
  }

  #letGo(): void {
    const subscriber = this.#subscriber as Subscriber<T>;
    this.#all.delete(subscriber);
    subscriber.unsubscribe();
  }
}
