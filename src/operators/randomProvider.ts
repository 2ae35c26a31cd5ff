/**
 * Where chance comes from when no option says. A test on virtual time gives another source for as long as it runs, as
 * TestScheduler does with the clock of RxJS, so that a backoff is the same in every run.
 */
export const randomProvider: { delegate: (() => number) | undefined; readonly random: () => number } = {
  delegate: undefined,
  random: () => (randomProvider.delegate ?? Math.random)(),
};
