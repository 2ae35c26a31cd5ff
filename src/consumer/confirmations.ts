import { defer, EMPTY, from, noop, type Observable, Subject } from 'rxjs';
import { createUnderWay } from '../operators/underWay.js';

/** Settlements that were said, each until SQS has confirmed it or it has failed. */
export interface Confirmations {
  await(confirmed$: Observable<void>): void;
  /** Completes when none is awaited. */
  readonly all$: Observable<never>;
  /** Awaits them no more. */
  unsubscribe(): void;
}

export function createConfirmations(): Confirmations {
  let all: Subject<never> | undefined;
  const completeWhenDone = (): void => {
    if (awaited.size === 0) all?.complete();
  };
  const awaited = createUnderWay<unknown>({
    next: noop,
    // It has been told as a `settleFailed` event; the next messages go on.
    error: completeWhenDone,
    complete: completeWhenDone,
  });
  return {
    await: (confirmed$) => {
      // Throws here, where that is reported, for what is none: a message may have been given a `settle` of the user's own.
      awaited.begin(from(confirmed$));
    },
    all$: defer(() => (awaited.size === 0 ? EMPTY : (all = new Subject<never>()))),
    unsubscribe: awaited.unsubscribe,
  };
}
