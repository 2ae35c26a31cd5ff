import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a program ended, and all it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An example under way, in a process of its own, started as a user would start it. */
export interface Program {
  /** Resolves when stdout and stderr together match; rejects when the program ends before, as it has to in half a minute. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  readonly ended: Promise<Ended>;
}

const PATIENCE_MS = 30_000;

/** Nothing of the surroundings but what a program needs to be found; also no coverage of the sources that tsx compiles. */
const SURROUNDINGS = {
  PATH: process.env.PATH,
  NO_COLOR: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

const running = new Set<ChildProcess>();

/** Starts `examples/<file>`. */
export const start = (file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program =>
  startFile(`examples/${file}`, env, args);

/** Starts a program in TypeScript. */
export function startFile(file: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    env: { ...SURROUNDINGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const heard = new EventTarget();
  const hear = (): boolean => heard.dispatchEvent(new Event('heard'));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    hear();
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]): Ended => {
    running.delete(child);
    return { code: code ?? null, stdout, stderr };
  });
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let isOver = false; ;) {
      const match = pattern.exec(stdout + stderr);
      if (match !== null) return match;
      if (isOver) throw new Error(`${file} ended without saying ${String(pattern)}:\n${stdout}\n${stderr}`);
      isOver = await Promise.race([ended.then(() => true), once(heard, 'heard').then(() => false)]);
    }
  };
  return { says, ended, kill: (signal) => child.kill(signal) };
}

/** Runs `examples/<file>` to its end. */
export const run = (file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(file, args, env).ended;

/** Ends what a failed spec has left behind. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
