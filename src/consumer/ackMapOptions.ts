import { ConfigurationError } from '../errors.js';

/** @throws ConfigurationError that lists every option out of its range. */
export function checkAckMapOptions(concurrency: number, timeoutMs: number): void {
  const faults = [];
  if (!(concurrency === Infinity || (Number.isInteger(concurrency) && concurrency >= 1))) {
    faults.push({ path: 'concurrency', message: 'expected a whole number of at least 1, or Infinity' });
  }
  if (!(timeoutMs > 0)) faults.push({ path: 'timeoutMs', message: 'expected a number of milliseconds above 0' });
  if (faults.length > 0) throw new ConfigurationError(faults);
}
