import { once } from 'node:events';
import { constants } from 'node:os';

/** Why a run ends before its end: a signal of the operating system, nothing gets done any more, or it can't go on. */
export type HaltReason = 'SIGINT' | 'SIGTERM' | 'stalled' | 'failed';

export interface Halt {
  readonly signal: AbortSignal;
  /** Resolves when it has come to that. */
  readonly happened: Promise<unknown>;
  readonly reason: HaltReason | undefined;
  because(reason: HaltReason): void;
}

/** Listens for Ctrl-C and the like once: a second one ends the process at once, as it would without us. */
export function listenForHalt(): Halt {
  const controller = new AbortController();
  const { signal } = controller;
  let reason: HaltReason | undefined;
  const because = (why: HaltReason): void => {
    reason ??= why;
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, because);
  return {
    signal,
    happened: once(signal, 'abort'),
    get reason() {
      return reason;
    },
    because,
  };
}

type Signal = Extract<HaltReason, `SIG${string}`>;

export const isSignal = (reason: HaltReason | undefined): reason is Signal =>
  reason === 'SIGINT' || reason === 'SIGTERM';

/** The exit code of a program that a signal stopped, as shells count. */
export const exitCodeOf = (signal: Signal): number => 128 + constants.signals[signal];
