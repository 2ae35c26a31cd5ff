import { createGauge, type Gauge, type Reading } from './gauge.js';

/** What a worker does again and again. */
export interface Load {
  /** Begins; it goes on until it is stopped. */
  start(): void;
  /** Takes in nothing more, and resolves when what was taken in is done. */
  stop(): Promise<void>;
}

/** What the suite orders: one window. */
export interface WindowOrder {
  readonly rampMs: number;
  readonly windowMs: number;
}

/** What a worker tells, in this order for each window. */
export type WorkerNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'closed'; readonly reading: Reading }
  | { readonly kind: 'stopped' };

/** What a case gives its worker, beside where the server is. */
export type Settings = Readonly<Record<string, number | string | boolean>>;

/** The whole of a worker: makes the load once, then runs a window for each order. It ends with whoever started it. */
export function serve<S extends Settings>(
  open: (endpoint: string, settings: S, gauge: Gauge) => Load | Promise<Load>,
): void {
  const [, , endpoint = '', settings = '{}'] = process.argv;
  const gauge = createGauge();
  process.on('disconnect', () => process.exit());
  // The suite gives each worker the settings that it has in its own file.
  void Promise.resolve(open(endpoint, JSON.parse(settings) as S, gauge)).then((load) => {
    process.on('message', (order: WindowOrder) => void runWindow(load, gauge, order));
    tell({ kind: 'ready' });
  });
}

async function runWindow(load: Load, gauge: Gauge, { rampMs, windowMs }: WindowOrder): Promise<void> {
  load.start();
  const reading = await gauge.measure(rampMs, windowMs, () => tell({ kind: 'opened' }));
  tell({ kind: 'closed', reading });
  await load.stop();
  tell({ kind: 'stopped' });
}

function tell(news: WorkerNews): void {
  process.send?.(news);
}
