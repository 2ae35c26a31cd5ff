import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again, until it is so. */
export async function untilTrue(isSo: () => boolean | Promise<boolean>, everyMs = 5): Promise<void> {
  do await sleep(everyMs);
  while (!(await isSo()));
}
