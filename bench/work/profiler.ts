import { type Profiler, Session } from 'node:inspector';
import type { Share } from '../report/results.js';
import { sharesOf } from '../report/profileShares.js';

/** Watches where this process spends its time, from now on. */
export function startProfiler(): () => Promise<readonly Share[]> {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  return () =>
    new Promise((resolve, reject) => {
      session.post('Profiler.stop', (error: Error | null, { profile }: Profiler.StopReturnType) => {
        session.disconnect();
        if (error === null) resolve(sharesOf(profile));
        else reject(error);
      });
    });
}
