import { Observable } from 'rxjs';

/** Gives an Observable its turn: see {@link createTurns}. */
export type InTurn = <T>(work$: Observable<T>) => Observable<T>;

/**
 * What is given a turn is subscribed to at once, or, when that happens within the turn of another, after it. What each turn
 * sets off thus runs beside the others, not within them, deeper and deeper. Unlike `queueScheduler` it is nobody else's, so that
 * nobody's error takes another's turn away.
 *
 * ```text
 * first   (1|)
 * within     (2|)
 * ```
 */
export function createTurns(): InTurn {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  return (work$) =>
    // Composed of `mergeMap` it would be ten times as much to hold for each that is under way.
    new Observable((subscriber) => {
      waiting.push(() => {
        if (!subscriber.closed) work$.subscribe(subscriber);
      });
      if (isTaken) return;
      isTaken = true;
      for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) turn();
      isTaken = false;
    });
}
