import type { Load } from './serve.js';

/** So many loops side by side, each of which does a step after the other until it is stopped. */
export function loops(count: number, step: () => Promise<void>): Load {
  let isStopped = true;
  let running: Promise<unknown> = Promise.resolve();
  const loop = async (): Promise<void> => {
    while (!isStopped) await step();
  };
  return {
    start: () => {
      isStopped = false;
      running = Promise.all(Array.from({ length: count }, loop));
    },
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}
