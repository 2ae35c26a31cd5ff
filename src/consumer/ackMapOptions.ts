import { ConfigurationError } from '../errors.js';

/** Milliseconds after which a timer of Node's fires at the latest; a longer one fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** @throws ConfigurationError that lists every option out of its range. */
export function checkAckMapOptions(concurrency: number, timeoutMs: number): void {
  const faults = [];
  if (!(concurrency === Infinity || (Number.isInteger(concurrency) && concurrency >= 1))) {
    faults.push({ path: 'concurrency', message: 'expected a whole number of at least 1, or Infinity' });
  }
  if (!(timeoutMs === Infinity || (timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS))) {
    const range = `expected a number of milliseconds above 0, up to ${String(LONGEST_TIMER_MS)}, or Infinity`;
    faults.push({ path: 'timeoutMs', message: range });
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
}
