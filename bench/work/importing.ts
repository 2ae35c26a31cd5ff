import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ImportTook } from '../report/results.js';

// Imports what it is given, and tells how long that took; with `modules`, which files were loaded for it instead.

const [, , names = '', mode = ''] = process.argv;
const specifiers = JSON.parse(names) as readonly string[];

if (mode === 'modules') {
  const { port1, port2 } = new MessageChannel();
  const files = new Set<string>();
  port1.on('message', (url: string) => files.add(url));
  register(new URL('./loadHook.js', import.meta.url), { data: port2, transferList: [port2] });
  await importAll();
  await new Promise((resolve) => setTimeout(resolve, 200));
  port1.close();
  // What is CommonJS is required by what the hook has seen, and not seen itself.
  for (const path of Object.keys(createRequire(import.meta.url).cache)) files.add(pathToFileURL(path).href);
  tell([...files]);
} else {
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await importAll();
  const wallMs = performance.now() - begunAt;
  const { user, system } = process.cpuUsage(cpu);
  const took: ImportTook = { wallMs, cpuMs: (user + system) / 1_000 };
  tell(took);
}

async function importAll(): Promise<void> {
  for (const specifier of specifiers) await import(specifier);
}

function tell(what: unknown): void {
  process.send?.(what, () => process.exit());
}
