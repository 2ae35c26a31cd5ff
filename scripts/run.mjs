// Runs a command and keeps its output, so that a check can stay quiet while all is well.
import { spawnSync } from 'node:child_process';

/** The trimmed stdout of a command; throws with its whole output if it fails. */
export function run(command, args, { cwd, env } = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  if (status === 0) return stdout.trim();
  throw new Error(`${command} ${args.join(' ')}: exit ${status ?? signal}\n${stdout}${stderr}`);
}

/** npm, run by the npm that runs this script where there is one: Windows has no `npm` to spawn without a shell. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? run(process.execPath, [cli, ...args], options) : run('npm', args, options);
}
