import { type Observable, Subject } from 'rxjs';

/** How many more messages a consumer may hold. A message in flight has one credit; a poll takes its share beforehand. */
export interface Credits {
  readonly max: number;
  free(): number;
  take(count: number): void;
  giveBack(count: number): void;
  /** Emits after credits came back. */
  readonly returned$: Observable<void>;
}

export function createCredits(max: number): Credits {
  const returned = new Subject<void>();
  let taken = 0;
  return {
    max,
    free: () => max - taken,
    take: (count) => {
      taken += count;
    },
    giveBack: (count) => {
      taken -= count;
      if (count > 0) returned.next();
    },
    returned$: returned.asObservable(),
  };
}
