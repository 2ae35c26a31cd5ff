import { defer, EMPTY, filter, map, mergeMap, type Observable, of, type OperatorFunction, repeat } from 'rxjs';
import type { Message } from '../message/message.js';

/** Works on a message; calls `failed` before it completes when the message was not acknowledged. Never errors. */
export type Handle<A, R> = (message: Message<A>, failed: () => void) => Observable<R>;

/**
 * Handles messages in parallel, up to `concurrency` at once; those of one FIFO group one after another, in order. Once one
 * of a group fails, what is held of that group is given to `release` unhandled. A group of a standard queue is a
 * fair-queue tenant and makes no lane: only FIFO queues number their messages.
 *
 * ```text
 * source   -a1-a2-b1----------
 * a          [-a1-][-a2-]
 * b               [-b1-]
 * ```
 */
export function inLanes<A, R>(
  handle: Handle<A, R>,
  release: (message: Message<A>) => void,
  concurrency: number,
): OperatorFunction<Message<A>, R> {
  return (source) =>
    defer(() => {
      const lanes = new Map<string, Message<A>[]>();

      /** The work a message starts; none when it joins a lane that is under way. */
      const enter = (message: Message<A>): Observable<R> | undefined => {
        const { groupId, sequenceNumber } = message;
        if (groupId === undefined || sequenceNumber === undefined) return handle(message, () => undefined);
        const lane = lanes.get(groupId);
        if (lane !== undefined) {
          lane.push(message);
          return undefined;
        }
        const waiting: Message<A>[] = [];
        lanes.set(groupId, waiting);
        return oneByOne(groupId, message, waiting);
      };

      const oneByOne = (group: string, first: Message<A>, waiting: Message<A>[]): Observable<R> => {
        let next = first;
        const releaseRest = (): void => {
          for (const message of waiting.splice(0)) release(message);
        };
        return defer(() => handle(next, releaseRest)).pipe(
          repeat({
            delay: () => {
              const following = waiting.shift();
              if (following !== undefined) {
                next = following;
                return of(undefined);
              }
              // Before the lane completes: what that sets off may bring the group's next message.
              lanes.delete(group);
              return EMPTY;
            },
          }),
        );
      };

      return source.pipe(
        // Every message enters its lane at once, so that those behind a busy slot can be released with the rest.
        map(enter),
        filter((work$) => work$ !== undefined),
        mergeMap((work$) => work$, concurrency),
      );
    });
}
