// Loads every compiled source for the coverage report. Without it a file that holds only types counts as uncovered, since
// nothing imports it at run time; code that no spec reaches is still uncovered, loaded or not.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export async function mochaGlobalSetup() {
  const root = resolve('.build/src');
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.js'));
  await Promise.all(files.map((file) => import(pathToFileURL(join(root, file)).href)));
}
