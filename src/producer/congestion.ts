import { asyncScheduler } from 'rxjs';
import { createFifoQueue } from './fifoQueue.js';

/** How often requests may begin, by what SNS says of them. */
export interface Congestion {
  /** Requests a second that may begin now; Infinity as long as nothing was throttled. */
  perSecond(): number;
  /** A request begins. What is returned is to be called when its answer says that it was throttled. */
  begin(): () => void;
}

/** Share of the rate that is left after a throttle. [RFC 9438, CUBIC: beta] */
const BETA = 0.7;

/** How steeply the rate grows. [RFC 9438, CUBIC: C] */
const STEEPNESS = 0.4;

/** However much is throttled, so many requests a second try. */
const LEAST_PER_SECOND = 1;

/** A rate that no producer reaches: from there on nothing waits. */
const UNLIMITED_PER_SECOND = 10_000;

/**
 * Congestion control as TCP has it, by CUBIC: a throttle takes the rate down by 30 %, from what was really sent in the last
 * second. It comes back to the old rate in seconds, is careful around it, and then looks for more, faster and faster. Half
 * a minute after the last throttle there is no limit any more. Of requests under way together only the first to be throttled
 * counts: they all went by the same rate.
 *
 * ```text
 * rate        ------\        __--'
 *                    \   _.-'          old rate: plateau, then more
 *                     '-'
 * throttled         x
 * ```
 *
 * @param slowed - told of each step down, with the new rate.
 */
export function createCongestion(slowed: (perSecond: number) => void): Congestion {
  /** When the requests of the last second began. */
  const recent = createFifoQueue<number>();
  let step: Step | undefined;

  const forget = (now: number): void => {
    // One that lies ahead is of a clock that was set back since.
    const isPast = (at: number): boolean => at <= now - 1_000 || at > now;
    for (let first = recent.peek(); first !== undefined && isPast(first); first = recent.peek()) recent.shift();
  };

  const perSecond = (): number => {
    if (step === undefined) return Infinity;
    const now = asyncScheduler.now();
    // A clock that was set back is no time passed; from there it counts.
    if (now < step.at) step.at = now;
    const rate = rateAfter(step, now);
    if (rate < UNLIMITED_PER_SECOND) return rate;
    step = undefined;
    return Infinity;
  };

  const stepDown = (): void => {
    const now = asyncScheduler.now();
    forget(now);
    const peak = Math.max(Math.min(perSecond(), recent.size), LEAST_PER_SECOND);
    step = { at: now, peak };
    slowed(rateAfter(step, now));
  };

  return {
    perSecond,
    begin: () => {
      const now = asyncScheduler.now();
      forget(now);
      recent.push(now);
      const by = step;
      return () => {
        if (step === by) stepDown();
      };
    },
  };
}

/** When the rate was taken down, and from where. */
interface Step {
  at: number;
  readonly peak: number;
}

function rateAfter({ at, peak }: Step, now: number): number {
  const seconds = (now - at) / 1_000;
  const plateauAfter = Math.cbrt((peak * (1 - BETA)) / STEEPNESS);
  return Math.max(LEAST_PER_SECOND, peak + STEEPNESS * (seconds - plateauAfter) ** 3);
}
