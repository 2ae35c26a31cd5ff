import { Observable } from 'rxjs';

/** Emits and completes in the next turn of the event loop, as an answer from a socket would. */
export function nextTurn(): Observable<void> {
  // `asapScheduler` runs before the loop turns.
  return new Observable((subscriber) => {
    const immediate = setImmediate(() => {
      subscriber.next();
      subscriber.complete();
    });
    return () => {
      clearImmediate(immediate);
    };
  });
}
