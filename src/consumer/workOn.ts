import {
  asyncScheduler,
  defer,
  from,
  Observable,
  type ObservableInput,
  type ObservedValueOf,
  type Subscription,
  takeWhile,
  timer,
} from 'rxjs';
import { MessageProcessingError } from '../errors.js';
import type { Message } from '../message/message.js';
import { guarded } from '../operators/guarded.js';
import { Cancellation, type HandlerContext } from './handlerContext.js';
import { tellHandled } from './tellHandled.js';

/** What to work on a message with, and who hears how that ended. */
export interface WorkOptions<A, O extends ObservableInput<unknown>> {
  readonly project: (value: A, message: Message<A>, context: HandlerContext) => O;
  readonly timeoutMs: number;
  /** It completed; told before anybody else hears of it. */
  readonly onCompleted: () => void;
  /** It failed, or took too long. */
  readonly onFailed: (error: unknown) => void;
  /** The lease is lost, and the work was cancelled. */
  readonly onLost: () => void;
}

/**
 * The work on one message: its values; it completes however that ends. It is cancelled when the lease is lost, when it takes too
 * long, and on unsubscribe: an Observable is unsubscribed, a promise hears it by the signal. What its teardown throws is
 * reported as RxJS reports unhandled errors: else whoever unsubscribes would get it, and `mergeMap` keep the slot for ever.
 *
 * ```text
 * project   --a--b--|          --a--#      --a------
 * lost$     ---------          ------      -----l
 * workOn    --a--b--|          --a--|      --a--|
 * hears             completed       failed      lost
 * ```
 */
export function workOn<A, O extends ObservableInput<unknown>>(
  message: Message<A>,
  { project, timeoutMs, onCompleted, onFailed, onLost }: WorkOptions<A, O>,
): Observable<ObservedValueOf<O>> {
  // One subscriber where operators would be eight: there is one for each message in flight, of which there may be thousands.
  return new Observable((subscriber) => {
    const startedAt = asyncScheduler.now();
    const cancellation = new Cancellation();
    let work: Subscription | undefined;
    let isWorking = false;

    const hasLeft = (): boolean => subscriber.closed;

    const unsubscribe = (): void => {
      guarded(() => work?.unsubscribe());
    };
    const cancel = (reason?: Error): void => {
      cancellation.cancel(reason);
      unsubscribe();
    };
    /** Whether it was under way until now. */
    const isOverNow = (): boolean => {
      const wasWorking = isWorking;
      isWorking = false;
      return wasWorking;
    };
    const cancelAndTell = (): void => {
      if (!isOverNow()) return;
      cancel();
      tellHandled(message, startedAt, 'cancelled');
    };
    const fail = (outcome: 'failed' | 'timedOut', error: unknown): void => {
      tellHandled(message, startedAt, outcome, error);
      // Whoever heard of it may have ended the consumer.
      if (hasLeft()) return;
      guarded(() => {
        onFailed(error);
      });
    };

    subscriber.add(() => {
      cancelAndTell();
      unsubscribe();
    });
    subscriber.add(
      message.lost$.subscribe(() => {
        cancelAndTell();
        guarded(onLost);
        subscriber.complete();
      }),
    );
    if (hasLeft()) return;
    if (timeoutMs < Infinity) {
      subscriber.add(
        timer(timeoutMs).subscribe(() => {
          if (!isOverNow()) return;
          const error = tookTooLong(timeoutMs, message);
          // First what becomes of the message: a handler that settles it as it is cancelled comes too late.
          fail('timedOut', error);
          cancel(error);
          subscriber.complete();
        }),
      );
    }
    isWorking = true;
    guarded(() => {
      work = defer(() => from(project(message.value, message, cancellation)))
        // While it emits in `subscribe` there is nothing to unsubscribe yet: whoever has left is asked of, not the value.
        // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value
        .pipe(takeWhile(() => !hasLeft()))
        .subscribe({
          next: (value) => {
            // While it is told that it took too long it may go on.
            if (isWorking) subscriber.next(value);
          },
          error: (error: unknown) => {
            if (!isOverNow()) return;
            fail('failed', error);
            subscriber.complete();
          },
          complete: () => {
            if (!isOverNow()) return;
            // Whoever hears of it may end the consumer: what was done is acknowledged by then.
            guarded(onCompleted);
            tellHandled(message, startedAt, 'completed');
            subscriber.complete();
          },
        });
    });
    if (hasLeft()) unsubscribe();
  });
}

const tookTooLong = (timeoutMs: number, { id: messageId, topic }: Message<unknown>): MessageProcessingError =>
  new MessageProcessingError(`the handler took longer than ${String(timeoutMs)} ms`, { messageId, topic });
