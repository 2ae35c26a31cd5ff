import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Without what the SDK has to say of old Nodes. */
export const QUIET = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Where a module of the benchmarks is, compiled. @param file - its path from bench/, without an ending. */
export const benchFile = (file: string): string => fileURLToPath(new URL(`../${file}.js`, import.meta.url));

/** Runs a process that tells one thing, and ends by itself. */
export async function forkBench<T>(
  file: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = [],
): Promise<T> {
  const child = fork(benchFile(file), [...args], { execArgv: [...execArgv], env: QUIET });
  let told: T | undefined;
  child.once('message', (message: T) => {
    told = message;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || told === undefined) throw new Error(`${file} ended with ${String(code)}`);
  return told;
}
