import { from, isObservable, type Observable, type ObservableInput } from 'rxjs';
import { MAX_LEASE_SECONDS, MAX_WAIT_TIME_SECONDS } from '../client/limits.js';
import { ConfigurationError, type ConfigurationFault, type MessagingError } from '../errors.js';
import type { Settlement } from '../message/settlement.js';

/** Options of `fromTopic`. */
export interface ConsumerOptions {
  /**
   * Most messages received and not yet settled. Each poll takes its share first, so this is never exceeded. What is settled
   * counts no more, though SQS may have to confirm it yet; where it is slow to, polling waits at three times as many and ten.
   * By default as many as one process can work off in the 20 ms that a call may take.
   *
   * @defaultValue 300
   */
  readonly maxInFlight?: number;
  /**
   * Most long polls at once. While nothing arrives there is one.
   *
   * @defaultValue 30
   */
  readonly maxPolls?: number;
  /**
   * Seconds a poll waits for a message, 0 to 20. Shorter ones cost more calls while idle.
   *
   * @defaultValue 20
   */
  readonly waitTimeSeconds?: number;
  /**
   * Seconds a received message stays invisible to others, 1 to 43,200; renewed at half of it until the message is settled.
   * What a crashed process held comes back after it.
   *
   * @defaultValue 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * Seconds after which a message is no longer renewed, counted from receipt, at most 43,200: a bound on dead handlers.
   *
   * @defaultValue 43200 (12 hours, the limit of SQS)
   */
  readonly maxLeaseSeconds?: number;
  /**
   * Decides what becomes of a message that can't be decoded. It never reaches the subscriber and never stops the stream.
   *
   * @defaultValue reject: to the dead-letter queue, with the reason
   */
  readonly onInvalid?: (error: MessagingError, message: InvalidMessage) => Settlement;
  /**
   * Polls no more while this says true, and goes on when it says false: for maintenance, or while what the handlers need is away.
   * What is in flight goes on, messages that wait for a handler too, its leases renewed. A poll that was sent within the half
   * second before is waited for, and what it brings is handed out; older ones are aborted. As it begins: not paused. Where it
   * completes, it stays as it is; where it errors, the stream ends in order and errors.
   */
  readonly pause$?: Observable<boolean>;
  /**
   * Ends the stream in order: an AbortSignal that aborts, or anything that emits. Polling ends, what is in flight finishes
   * and is settled, then the stream completes.
   */
  readonly stop?: ObservableInput<unknown> | AbortSignal;
}

/** A message that could not be decoded, as it came in. */
export interface InvalidMessage {
  readonly id: string;
  readonly topic: string;
  readonly body: string;
  readonly receiveCount: number;
}

/** Options with their defaults. */
export interface ConsumerSettings {
  readonly maxInFlight: number;
  readonly maxPolls: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxLeaseSeconds: number;
  readonly onInvalid?: ConsumerOptions['onInvalid'];
  readonly pause$?: ConsumerOptions['pause$'];
  readonly stop?: ConsumerOptions['stop'];
}

/**
 * Fills in the defaults.
 *
 * @throws ConfigurationError that lists every option out of its range.
 */
export function consumerSettings(options: ConsumerOptions): ConsumerSettings {
  const settings = {
    maxInFlight: 300,
    maxPolls: 30,
    waitTimeSeconds: 20,
    visibilityTimeoutSeconds: 30,
    maxLeaseSeconds: MAX_LEASE_SECONDS,
    ...definedOf(options),
  };
  const faults = [
    ...wholeNumber(settings, 'maxInFlight', 1, 120_000),
    ...wholeNumber(settings, 'maxPolls', 1, 1_000),
    ...wholeNumber(settings, 'waitTimeSeconds', 0, MAX_WAIT_TIME_SECONDS),
    ...wholeNumber(settings, 'visibilityTimeoutSeconds', 1, MAX_LEASE_SECONDS),
    ...wholeNumber(settings, 'maxLeaseSeconds', 1, MAX_LEASE_SECONDS),
    ...(settings.stop === undefined || isInput(settings.stop)
      ? []
      : [{ path: 'stop', message: 'expected an AbortSignal, or something that emits: an Observable, a promise' }]),
    ...(settings.pause$ === undefined || isObservable(settings.pause$)
      ? []
      : [{ path: 'pause$', message: 'expected an Observable of true and false' }]),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
  // The first visibility timeout is a part of the lease.
  return {
    ...settings,
    visibilityTimeoutSeconds: Math.min(settings.visibilityTimeoutSeconds, settings.maxLeaseSeconds),
  };
}

/** From JavaScript it may be anything; what `from` can't read would fail later, and without a word on which option it was. */
function isInput(stop: unknown): boolean {
  if (stop instanceof AbortSignal) return true;
  if (typeof stop === 'string') return false;
  try {
    void from(stop as ObservableInput<unknown>);
    return true;
  } catch {
    return false;
  }
}

/** An option given as `undefined` is not given. */
function definedOf(options: ConsumerOptions): ConsumerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function wholeNumber(
  settings: ConsumerSettings,
  path: keyof ConsumerSettings,
  from: number,
  to: number,
): ConfigurationFault[] {
  const value = settings[path];
  const fits = Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
  return fits ? [] : [{ path, message: `expected a whole number from ${String(from)} to ${String(to)}` }];
}
