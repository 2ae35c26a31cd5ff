import {
  concat,
  defer,
  finalize,
  type Observable,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
} from 'rxjs';
import type { Message } from '../message/message.js';
import { ack, retryAfter, type Settlement } from '../message/settlement.js';
import { type FailurePolicy, settlementFor } from './failurePolicy.js';
import { checkAckMapOptions } from './ackMapOptions.js';
import { createConfirmations } from './confirmations.js';
import { type Delivered, ORIGIN } from './deliver.js';
import type { HandlerContext } from './handlerContext.js';
import { inLanes } from './lanes.js';
import { workOn } from './workOn.js';

/** Options of {@link ackMap}. */
export interface AckMapOptions<A> {
  /**
   * Messages handled at once; the others wait, their leases renewed. FIFO groups count as one each.
   *
   * @defaultValue Infinity: `maxInFlight` of `fromTopic` is the bound
   */
  readonly concurrency?: number;
  /**
   * Milliseconds a handler may take before it is cancelled and has failed.
   *
   * @defaultValue none
   */
  readonly timeoutMs?: number;
  /**
   * Decides what becomes of a message whose handler failed.
   *
   * @defaultValue `reject` for an error that says `retryable: false`, else `retryAfter` with exponential backoff and full
   * jitter on the receive count: up to 1 s after the first time, 2 s after the second, up to 15 min
   */
  readonly onError?: FailurePolicy<A>;
}

/**
 * `mergeMap` that settles: a message is acknowledged when the work on it completes, never before.
 *
 * ```text
 * source                 -m--------------
 * ackMap(() => --x--|)   ---x--|
 * settled                ------ack
 * ```
 *
 * Where the work errors, or takes longer than `timeoutMs`, `onError` decides. Where the lease is lost the work is
 * cancelled and nothing is settled. The output carries the work's values; it never errors because a handler did, and
 * completes once everything is settled. On a FIFO queue the messages of a group are handled one after another; after a
 * failure those held of that group are released unhandled.
 *
 * @param project - the work: any ObservableInput, such as a promise or an Observable. A throw is a failure. A promise hears
 * by the `signal` it is given that it was cancelled.
 * @throws ConfigurationError at once, when an option is out of its range or the work is no function.
 */
export function ackMap<A, O extends ObservableInput<unknown>>(
  project: (value: A, message: Message<A>, context: HandlerContext) => O,
  options: AckMapOptions<A> = {},
): OperatorFunction<Message<A>, ObservedValueOf<O>> {
  const { concurrency = Infinity, timeoutMs = Infinity, onError } = options;
  checkAckMapOptions(project, concurrency, timeoutMs);
  return (source) =>
    defer(() => {
      const confirmations = createConfirmations();
      /** Settles at once; the output waits for the confirmation, the slot does not. */
      const settle = (message: Message<A>, settlement: Settlement): void => {
        confirmations.await(message.settle(settlement));
      };
      const handle = (message: Message<A>, failed: () => void): Observable<ObservedValueOf<O>> =>
        workOn(message, {
          project,
          timeoutMs,
          onCompleted: () => {
            settle(message, ack);
            if (!isAcknowledged(message)) failed();
          },
          onFailed: (error) => {
            settle(message, settlementFor(error, message, onError));
            failed();
          },
          onLost: failed,
        });
      const release = (message: Message<A>): void => {
        settle(message, retryAfter(0));
      };
      return concat(source.pipe(inLanes(handle, release, concurrency)), confirmations.all$).pipe(
        finalize(confirmations.unsubscribe),
      );
    });
}

/** A handler may have said something else itself, which then wins. */
function isAcknowledged(message: Message<unknown>): boolean {
  const said = (message as Delivered<unknown>)[ORIGIN]?.lease.settlement;
  return said === undefined || said === 'ack';
}
