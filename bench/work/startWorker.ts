import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reading } from './gauge.js';
import type { Settings, WindowOrder, WorkerNews } from './serve.js';

/** Where a worker is: its path from bench/, without an ending. */
export interface WorkerPlan {
  readonly file: string;
  readonly settings?: Settings;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
}

export interface Worker {
  /** One window. The callbacks are awaited by nobody: what they start has to be awaited by whoever gave them. */
  run(order: WindowOrder, on: { readonly opened: () => void; readonly closed: () => void }): Promise<Reading>;
  end(): void;
}

/** Starts the process of a case: it has loaded what it needs, and does nothing yet. */
export async function startWorker(plan: WorkerPlan, endpoint: string): Promise<Worker> {
  const file = fileURLToPath(new URL(`../${plan.file}.js`, import.meta.url));
  const child = fork(file, [endpoint, JSON.stringify(plan.settings ?? {})], {
    execArgv: ['--disable-warning=NodeVersionSupportWarning', ...(plan.execArgv ?? [])],
  });
  let isWanted = true;
  child.once('exit', (code) => {
    if (isWanted) throw new Error(`${plan.file} ended with ${String(code)}`);
  });
  /** Hands each piece of news to whoever asked for it. */
  let hear: (news: WorkerNews) => void = () => undefined;
  child.on('message', (news: WorkerNews) => hear(news));

  await new Promise<void>((resolve) => {
    hear = ({ kind }) => {
      if (kind === 'ready') resolve();
    };
  });
  return {
    run: (order, on) =>
      new Promise((resolve) => {
        let reading: Reading | undefined;
        hear = (news) => {
          if (news.kind === 'opened') on.opened();
          if (news.kind === 'closed') {
            reading = news.reading;
            on.closed();
          }
          if (news.kind === 'stopped' && reading !== undefined) resolve(reading);
        };
        child.send(order);
      }),
    end: () => {
      isWanted = false;
      child.disconnect();
    },
  };
}
