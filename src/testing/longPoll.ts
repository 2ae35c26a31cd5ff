import { asyncScheduler, defer, EMPTY, merge, type Observable, of, repeat, take, timer } from 'rxjs';
import type { RawMessage } from '../message/rawMessage.js';
import type { BrokerQueue } from './brokerQueue.js';

/**
 * Looks into the queue until it finds something or the wait is over: at once, whenever a message comes in or is given back,
 * and when one becomes visible by time.
 *
 * ```text
 * stirred$   ----x------x--
 * attempt    a---a------a      finds nothing, nothing, two messages
 * result     -----------(r|)
 * ```
 */
export function longPoll(
  queue: BrokerQueue,
  waitTimeSeconds: number,
  attempt: () => readonly RawMessage[],
): Observable<readonly RawMessage[]> {
  return defer(() => {
    const endsAt = asyncScheduler.now() + waitTimeSeconds * 1_000;
    const look$ = defer(() => {
      const received = attempt();
      return received.length > 0 || asyncScheduler.now() >= endsAt ? of(received) : EMPTY;
    });
    const untilNext = (): number => Math.min(endsAt, queue.nextVisibleAt()) - asyncScheduler.now();
    return look$.pipe(repeat({ delay: () => merge(queue.stirred$, timer(untilNext())).pipe(take(1)) }), take(1));
  });
}
