import { Observable } from 'rxjs';

/**
 * Emits once and completes when it is the subscriber's turn: at once, or, for those who subscribe while another has its
 * turn, after that. What each turn sets off thus runs beside the others, not within them, deeper and deeper. Unlike
 * `queueScheduler` it is nobody else's, so that nobody's error takes another's turn away.
 *
 * ```text
 * first   (1|)
 * within     (2|)
 * ```
 */
export function createTurns(): Observable<void> {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  return new Observable((subscriber) => {
    waiting.push(() => {
      subscriber.next();
      subscriber.complete();
    });
    if (isTaken) return;
    isTaken = true;
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) turn();
    isTaken = false;
  });
}
