import { fork } from 'node:child_process';
import type { Share } from '../report/results.js';
import { benchFile, QUIET } from './forkBench.js';
import type { Reading } from './gauge.js';
import type { Settings, WindowOrder, WorkerNews, WorkerOrder } from './serve.js';

/** Where a worker is: its path from bench/, without an ending. */
export interface WorkerPlan {
  readonly file: string;
  readonly settings?: Settings;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
}

/** What a window came to. */
export interface Told {
  readonly reading: Reading;
  readonly shares?: readonly Share[];
}

export interface Worker {
  /** One window. @param on - called at its begin and its end; the worker goes on until the latter has resolved. */
  run(order: WindowOrder, on: { readonly opened: () => void; readonly closed: () => Promise<void> }): Promise<Told>;
  end(): void;
}

/** Starts the process of a case: it has loaded what it needs, and does nothing yet. */
export async function startWorker(plan: WorkerPlan, endpoint: string): Promise<Worker> {
  const child = fork(benchFile(plan.file), [endpoint, JSON.stringify(plan.settings ?? {})], {
    execArgv: [...(plan.execArgv ?? [])],
    env: QUIET,
  });
  let isWanted = true;
  child.once('exit', (code) => {
    if (isWanted) throw new Error(`${plan.file} ended with ${String(code)}`);
  });
  /** Hands each piece of news to whoever asked for it. */
  let hear: (news: WorkerNews) => void = () => undefined;
  child.on('message', (news: WorkerNews) => hear(news));

  const tell = (order: WorkerOrder): void => {
    child.send(order);
  };

  await new Promise<void>((resolve) => {
    hear = ({ kind }) => {
      if (kind === 'ready') resolve();
    };
  });
  return {
    run: (order, on) =>
      new Promise((resolve) => {
        let told: Told | undefined;
        hear = (news) => {
          if (news.kind === 'opened') on.opened();
          if (news.kind === 'closed') {
            told = news;
            void on.closed().then(() => tell({ kind: 'stop' }));
          }
          if (news.kind === 'stopped' && told !== undefined) resolve(told);
        };
        tell({ kind: 'begin', ...order });
      }),
    end: () => {
      isWanted = false;
      child.disconnect();
    },
  };
}
