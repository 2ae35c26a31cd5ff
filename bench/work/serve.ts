import type { Share } from '../report/results.js';
import { createGauge, type Gauge, type Reading } from './gauge.js';
import { startProfiler } from './profiler.js';

/** What a worker does again and again. */
export interface Load {
  /** Begins; it goes on until it is stopped. */
  start(): void;
  /** Takes in nothing more, and resolves when what was taken in is done. */
  stop(): Promise<void>;
}

/** What the suite orders: one window, and the stop after it. */
export interface WindowOrder {
  readonly rampMs: number;
  readonly windowMs: number;
  /** Whether to look where the time goes; it takes some itself. */
  readonly profile?: boolean;
}
export type WorkerOrder = ({ readonly kind: 'begin' } & WindowOrder) | { readonly kind: 'stop' };

/** What a worker tells, in this order for each window. */
export type WorkerNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'closed'; readonly reading: Reading; readonly shares?: readonly Share[] }
  | { readonly kind: 'stopped' };

/** What a case gives its worker, beside where the server is. */
export type Settings = Readonly<Record<string, number | string | boolean>>;

/** The whole of a worker: makes the load once, then runs a window for each order. It ends with whoever started it. */
// A worker says what its settings are; what comes from outside can't.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function serve<S extends Settings>(
  open: (endpoint: string, settings: S, gauge: Gauge) => Load | Promise<Load>,
): void {
  const [, , endpoint = '', settings = '{}'] = process.argv;
  const gauge = createGauge();
  process.on('disconnect', () => process.exit());
  // The suite gives each worker the settings that it has in its own file.
  void Promise.resolve(open(endpoint, JSON.parse(settings) as S, gauge)).then((load) => {
    process.on('message', (order: WorkerOrder) => {
      if (order.kind === 'begin') void runWindow(load, gauge, order);
      else void load.stop().then(() => tell({ kind: 'stopped' }));
    });
    tell({ kind: 'ready' });
  });
}

async function runWindow(load: Load, gauge: Gauge, { rampMs, windowMs, profile }: WindowOrder): Promise<void> {
  let stopProfiler: ReturnType<typeof startProfiler> | undefined;
  load.start();
  const reading = await gauge.measure(rampMs, windowMs, () => {
    if (profile === true) stopProfiler = startProfiler();
    tell({ kind: 'opened' });
  });
  const shares = await stopProfiler?.();
  // It goes on until it is told to stop: whoever ordered the window has still to ask the server.
  tell({ kind: 'closed', reading, ...(shares && { shares }) });
}

function tell(news: WorkerNews): void {
  process.send?.(news);
}
