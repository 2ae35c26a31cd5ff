import { reportUnhandled } from './reportUnhandled.js';

/** Runs somebody else's code; what it throws is reported as RxJS reports unhandled errors. */
export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    reportUnhandled(error);
  }
}
