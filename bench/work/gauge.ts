/** What a process has done in a window, and what it took. */
export interface Reading {
  /** Messages handled or published. */
  readonly messages: number;
  readonly elapsedMs: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  /** Handlers under way, on an average over the window. */
  readonly meanBusy: number;
  /** Milliseconds of each single piece of work that was timed. */
  readonly tookMs: readonly number[];
}

/** Counts between two completions, some time apart: so that a few large batches are counted whole. */
export interface Gauge {
  /** So many messages are done. */
  done(count: number): void;
  /** A handler begins, and ends: only where how many are under way is to be known, for it asks the clock. */
  enter(): void;
  leave(): void;
  /** A piece of work took so long. */
  took(ms: number): void;
  /** From the first completion after the ramp to the first after the window. @param onOpened - called at the former. */
  measure(rampMs: number, windowMs: number, onOpened: () => void): Promise<Reading>;
}

/** A window that is so much longer than planned never ends: nothing is done any more. */
const STUCK_MS = 20_000;

export function createGauge(): Gauge {
  let phase: 'idle' | 'opening' | 'open' | 'closing' = 'idle';
  let messages = 0;
  let tookMs: number[] = [];
  let busy = 0;
  let busyMs = 0;
  let busySince = 0;
  let openedAt = 0;
  let cpu = process.cpuUsage();
  let opened: () => void = () => undefined;
  let closed: () => void = () => undefined;

  const countBusy = (): void => {
    const now = performance.now();
    busyMs += busy * (now - busySince);
    busySince = now;
  };
  const open = (): void => {
    countBusy();
    messages = 0;
    busyMs = 0;
    tookMs = [];
    phase = 'open';
    opened();
    openedAt = performance.now();
    cpu = process.cpuUsage();
  };
  const read = (): Reading => {
    const { user, system } = process.cpuUsage(cpu);
    const elapsedMs = performance.now() - openedAt;
    countBusy();
    return { messages, elapsedMs, cpuUserUs: user, cpuSystemUs: system, meanBusy: busyMs / elapsedMs, tookMs };
  };

  return {
    done: (count) => {
      messages += count;
      if (phase === 'opening') open();
      else if (phase === 'closing') closed();
    },
    enter: () => {
      countBusy();
      busy += 1;
    },
    leave: () => {
      countBusy();
      busy -= 1;
    },
    took: (ms) => {
      tookMs.push(ms);
    },
    measure: (rampMs, windowMs, onOpened) =>
      new Promise((resolve, reject) => {
        const stuck = setTimeout(
          () => {
            reject(new Error(`nothing was done for ${String(STUCK_MS)} ms`));
          },
          rampMs + windowMs + STUCK_MS,
        );
        opened = () => {
          onOpened();
          setTimeout(() => {
            phase = 'closing';
          }, windowMs);
        };
        closed = () => {
          const reading = read();
          phase = 'idle';
          clearTimeout(stuck);
          resolve(reading);
        };
        setTimeout(() => {
          phase = 'opening';
        }, rampMs);
      }),
  };
}
