import { asyncScheduler, merge, Observable, Subject, type Subscription, timer } from 'rxjs';
import { MAX_RECEIVE_MESSAGES } from '../client/limits.js';
import { type Backoff, exponentialBackoff } from '../operators/backoff.js';
import type { Credits } from './credits.js';

/** How long a credit or two may wait for company while others are held. */
const SLIVER_LINGER_MS = 50;

/** An empty answer sooner than this did not wait as a long poll does; without a pause it would be a busy loop. */
const HASTY_MS = 500;

/**
 * Beyond so many polls a full answer adds one more. A burst that ten polls can take in would else leave more of them waiting when it
 * is over, to be given messages that nobody takes in when they are aborted.
 */
const SOON_POLLS = 10;

/** Decides when to poll, and for how many messages. */
export interface PollGate {
  /** One number for each poll to make: the messages it may ask for. Their credits are taken. */
  readonly permits$: Observable<number>;
  /** A poll brought messages, or none, `elapsedMs` after it was sent. */
  received(permit: number, count: number, elapsedMs: number): void;
  /** A poll failed; no poll starts for the returned number of milliseconds. */
  failed(permit: number, backoff: Backoff): { readonly consecutiveFailures: number; readonly retryInMs: number };
  /** A poll was given up. */
  aborted(permit: number): void;
}

export interface PollGateOptions {
  readonly credits: Credits;
  readonly maxPolls: number;
  /** False while no poll may start although credits are free. */
  readonly isOpen: () => boolean;
  /** Emits when `isOpen` may have changed. */
  readonly opened$: Observable<unknown>;
}

/**
 * While nothing arrives there is one poll. An answer that is full doubles the polls up to ten, and adds one from there; one half
 * full adds one, an empty one goes back to one. Each poll takes the credits of what it asks for beforehand.
 *
 * ```text
 * polls    1 ── full ──▶ 2 ── full ──▶ 4 ── empty ──▶ 1
 * ```
 */
export function createPollGate({ credits, maxPolls, isOpen, opened$ }: PollGateOptions): PollGate {
  const sliver = Math.min(MAX_RECEIVE_MESSAGES, Math.ceil(credits.max / 10));
  const idleBackoff = exponentialBackoff({ initialMs: 100, maxMs: 1_000, jitter: 'none' });
  const permits = new Subject<number>();
  let running = 0;
  let target = 1;
  let failures = 0;
  let empties = 0;
  let closed = false;
  let looking = false;
  let lookAgain = false;
  let lingered = false;
  let pausedUntil = 0;
  let isFailurePause = false;
  let pause: Subscription | undefined;
  let linger: Subscription | undefined;

  /** Messages the next poll may ask for; 0 for no poll now. */
  const nextPermit = (): number => {
    if (closed || pause !== undefined || running >= target || !isOpen()) return 0;
    const free = credits.free();
    if (free <= 0) return 0;
    if (free < sliver && free < credits.max && !lingered) {
      linger ??= timer(SLIVER_LINGER_MS).subscribe(() => {
        linger = undefined;
        lingered = true;
        look();
      });
      return 0;
    }
    lingered = false;
    linger?.unsubscribe();
    linger = undefined;
    return Math.min(free, MAX_RECEIVE_MESSAGES);
  };

  /** Starts what polls may start. What a poll sets off at once looks again here, not by recursion. */
  const look = (): void => {
    lookAgain = true;
    if (looking) return;
    looking = true;
    while (lookAgain) {
      lookAgain = false;
      for (let permit = nextPermit(); permit > 0; permit = nextPermit()) {
        running += 1;
        credits.take(permit);
        permits.next(permit);
      }
    }
    looking = false;
  };

  const pauseFor = (ms: number, isFailure: boolean): void => {
    if (closed) return;
    pause?.unsubscribe();
    isFailurePause = isFailure;
    pause = timer(ms).subscribe(() => {
      pause = undefined;
      look();
    });
  };

  const end = (unused: number): void => {
    running -= 1;
    credits.giveBack(unused);
    look();
  };

  return {
    // Not a plain Subject: the first look waits for the subscriber, and no timer outlives it.
    permits$: new Observable((subscriber) => {
      const subscription = permits.subscribe(subscriber);
      subscription.add(merge(credits.returned$, opened$).subscribe(look));
      subscription.add(() => {
        closed = true;
        pause?.unsubscribe();
        linger?.unsubscribe();
      });
      look();
      return subscription;
    }),
    received: (permit, count, elapsedMs) => {
      failures = 0;
      empties = count === 0 ? empties + 1 : 0;
      if (count === 0) target = 1;
      else if (count === permit) target = Math.min(maxPolls, Math.max(target + 1, Math.min(SOON_POLLS, target * 2)));
      else if (count * 2 >= permit) target = Math.min(maxPolls, target + 1);
      if (count === 0 && elapsedMs < HASTY_MS && pause === undefined) pauseFor(idleBackoff(empties), false);
      end(permit - count);
    },
    failed: (permit, backoff) => {
      target = 1;
      // Polls that were under way together fail together: one failure.
      if (pause === undefined || !isFailurePause) {
        failures += 1;
        const delayMs = backoff(failures);
        pausedUntil = asyncScheduler.now() + delayMs;
        pauseFor(delayMs, true);
      }
      end(permit);
      return { consecutiveFailures: Math.max(1, failures), retryInMs: pausedUntil - asyncScheduler.now() };
    },
    aborted: end,
  };
}
