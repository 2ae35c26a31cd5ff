import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether a module is the program that was started, and not one that something else imports. */
export function isMain(moduleUrl: string): boolean {
  const [, started = ''] = process.argv;
  // `tsx examples/publish` is enough for tsx; and a checkout may be reached by a symbolic link.
  const path = [started, `${started}.ts`].find(existsSync);
  return path !== undefined && realpathSync(path) === fileURLToPath(moduleUrl);
}
