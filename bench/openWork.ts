import { Observable, type Subscriber } from 'rxjs';

/** Handlers that go on until they are told to end: so every slot stays taken. */
export interface OpenWork {
  /** The work on one message. */
  readonly begin: () => Observable<never>;
  /** Pieces of work under way. */
  size(): number;
  /** Ends some, any of them: what came first need not be done first. */
  end(count: number): void;
  /** Pieces that were cancelled: their leases were lost. */
  cancelled(): number;
}

export function openWork(): OpenWork {
  const underWay: Subscriber<never>[] = [];
  let begun = 0;
  let ended = 0;
  let torn = 0;
  return {
    // Each has to be kept, and found in one step.
    begin: () =>
      new Observable((subscriber) => {
        begun += 1;
        underWay.push(subscriber);
        return () => {
          torn += 1;
        };
      }),
    size: () => begun - torn,
    end: (count) => {
      for (let left = Math.min(count, underWay.length); left > 0; left -= 1) {
        const index = Math.floor(Math.random() * underWay.length);
        const subscriber = underWay[index];
        const last = underWay.pop();
        // The last takes the place of the one that ends.
        if (last !== undefined && index < underWay.length) underWay[index] = last;
        ended += 1;
        subscriber?.complete();
      }
    },
    cancelled: () => torn - ended,
  };
}
