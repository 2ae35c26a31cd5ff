import { asyncScheduler, defer, switchMap, timer } from 'rxjs';
import type { Call } from './client.js';

/**
 * At most so many calls a second begin, evenly spaced; the others wait their turn, in order. A turn that was given up is not
 * given to another.
 */
export function paced<Request, Response>(call: Call<Request, Response>, perSecond = Infinity): Call<Request, Response> {
  let nextTurn = -Infinity;
  return (request) =>
    defer(() => {
      const now = asyncScheduler.now();
      const turn = Math.max(now, nextTurn);
      nextTurn = turn + 1_000 / perSecond;
      return turn === now ? call(request) : timer(turn - now).pipe(switchMap(() => call(request)));
    });
}
