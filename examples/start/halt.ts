/** Why a run ends before its end: a signal of the operating system, nothing gets done any more, or it can't go on. */
export type HaltReason = Signal | 'stalled' | 'failed';

type Signal = 'SIGINT' | 'SIGTERM';

export interface Halt {
  /** Aborts when nothing more is to be sent. What was sent is still handled. */
  readonly sending: AbortSignal;
  /** Aborts when what was sent is not waited for any more either. */
  readonly waiting: AbortSignal;
  readonly reason: HaltReason | undefined;
  because(reason: HaltReason): void;
}

/** Listens for Ctrl-C and the like once: a second one ends the process at once, as it would without us. */
export function listenForHalt(): Halt {
  const sending = new AbortController();
  const waiting = new AbortController();
  let reason: HaltReason | undefined;
  const because = (why: HaltReason): void => {
    if (waiting.signal.aborted) return;
    reason = why;
    sending.abort();
    if (!isSignal(why)) waiting.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, because);
  return {
    sending: sending.signal,
    waiting: waiting.signal,
    get reason() {
      return reason;
    },
    because,
  };
}

export const isSignal = (reason: HaltReason | undefined): reason is Signal =>
  reason === 'SIGINT' || reason === 'SIGTERM';
