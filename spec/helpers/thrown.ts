import { ConfigurationError } from '../../src/errors.js';

/** `path: message` of each fault of the ConfigurationError that `action` throws; nothing when it throws none. */
export function faultsThrownBy(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}
