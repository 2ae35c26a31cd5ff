import { ConfigurationError, type ConfigurationFault } from '../errors.js';
import { LONGEST_MS } from '../operators/backoff.js';

/** @throws ConfigurationError that lists every option out of its range. */
export function checkAckMapOptions(project: unknown, concurrency: number, timeoutMs: number): void {
  const faults = functionFaults('project', project);
  if (!(concurrency === Infinity || (Number.isInteger(concurrency) && concurrency >= 1))) {
    faults.push({ path: 'concurrency', message: 'expected a whole number of at least 1, or Infinity' });
  }
  if (!(timeoutMs === Infinity || (timeoutMs > 0 && timeoutMs <= LONGEST_MS))) {
    const range = `expected a number of milliseconds above 0, up to ${String(LONGEST_MS)}, or Infinity`;
    faults.push({ path: 'timeoutMs', message: range });
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** What is wrong with what should be a function of value and message. */
export const functionFaults = (path: string, value: unknown): ConfigurationFault[] =>
  typeof value === 'function' ? [] : [{ path, message: 'expected a function of value and message' }];
