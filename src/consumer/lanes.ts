import { defer, EMPTY, filter, map, type Observable, of, type OperatorFunction, repeat } from 'rxjs';
import type { Message } from '../message/message.js';
import { mergeMany } from '../operators/mergeMany.js';
import { createTurns } from '../operators/turns.js';
import { type Delivered, ORIGIN } from './deliver.js';

/** Works on a message; calls `failed` before it completes when the message was not acknowledged. Never errors. */
export type Handle<A, R> = (message: Message<A>, failed: () => void) => Observable<R>;

/**
 * Handles messages in parallel, up to `concurrency` at once; those of one FIFO group one after another, in order. Once one
 * of a group fails, what came with it of that group is given to `release` unhandled, whether it is here already or still
 * on its way. A group of a standard queue is a fair-queue tenant and makes no lane: only FIFO queues number their messages.
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

      /** Work that ends at once begins the next after it has returned, not within. */
      const inTurn = createTurns();

      /** The work a message starts; none when it joins a lane that is under way, or when its group has failed. */
      const enter = (message: Message<A>): Observable<R> | undefined => {
        const { groupId, sequenceNumber } = message;
        if (groupId === undefined || sequenceNumber === undefined) return inTurn(handle(message, () => undefined));
        if (failedGroupsOf(message)?.has(groupId) === true) {
          release(message);
          return undefined;
        }
        const key = laneOf(message, groupId);
        const lane = lanes.get(key);
        if (lane !== undefined) {
          lane.push(message);
          return undefined;
        }
        const waiting: Message<A>[] = [];
        lanes.set(key, waiting);
        return oneByOne(message, waiting, groupId, () => lanes.delete(key));
      };

      const oneByOne = (first: Message<A>, waiting: Message<A>[], group: string, leave: () => void): Observable<R> => {
        let next = first;
        const releaseRest = (): void => {
          failedGroupsOf(next)?.add(group);
          for (const message of waiting.splice(0)) {
            // It may have come with another receive, of which more is on its way.
            failedGroupsOf(message)?.add(group);
            release(message);
          }
        };
        return inTurn(defer(() => handle(next, releaseRest))).pipe(
          repeat({
            delay: () => {
              const following = waiting.shift();
              if (following !== undefined) {
                next = following;
                return inTurn(of(following));
              }
              // Before the lane completes: what that sets off may bring the group's next message.
              leave();
              return EMPTY;
            },
          }),
        );
      };

      return source.pipe(
        // Every message enters its lane at once, so that those behind a busy slot can be released with the rest.
        map(enter),
        filter((work$) => work$ !== undefined),
        mergeMany(concurrency),
      );
    });
}

/** Streams of several queues may be merged before `ackMap`: a group is one within its queue. */
const laneOf = (message: Message<unknown>, groupId: string): string =>
  `${(message as Delivered<unknown>)[ORIGIN]?.context.queueUrl ?? message.topic} ${groupId}`;

const failedGroupsOf = (message: Message<unknown>): Set<string> | undefined =>
  (message as Delivered<unknown>)[ORIGIN]?.failedGroups;
