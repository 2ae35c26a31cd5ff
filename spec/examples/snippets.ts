import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

/** The snippets of a page, each in a file of its own. */
export interface Snippets {
  /** Names by the snippets' first lines. */
  readonly names: readonly string[];
  pathOf(name: string): string;
  /** What a program needs to find the library. */
  readonly env: Readonly<Record<string, string>>;
  /** The compiler's errors; an empty text where there are none. */
  compile(): Promise<string>;
}

/** Writes the snippets of a page into a folder within the project, so that they find what is installed there. */
export async function writeSnippets(page: string, folderName: string): Promise<Snippets> {
  const folder = resolve('.build', folderName);
  const pathOf = (name: string): string => resolve(folder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const found = snippetsIn(await readFile(page, 'utf8'));
  await Promise.all([...found].map(([name, code]) => writeFile(pathOf(name), code)));
  const paths = {
    'rxjs-aws-messaging': [resolve('src/index.ts')],
    'rxjs-aws-messaging/testing': [resolve('src/testing/index.ts')],
  };
  const config = { extends: resolve('tsconfig.json'), compilerOptions: { paths }, include: [folder] };
  await writeFile(pathOf('tsconfig.json'), JSON.stringify(config));
  await writeFile(pathOf('package.json'), '{ "type": "module" }');
  return {
    names: [...found.keys()],
    pathOf,
    env: { TSX_TSCONFIG_PATH: pathOf('tsconfig.json') },
    compile: () =>
      promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder]).then(
        () => '',
        (error: unknown) => (error as { readonly stdout: string }).stdout,
      ),
  };
}

function snippetsIn(page: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, code = ''] of page.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const name = /^\/\/ ([\w.]+\.ts)\n/.exec(code)?.[1] ?? expect.fail(`a snippet without a name:\n${code}`);
    if (found.has(name)) expect.fail(`two snippets are named ${name}`);
    found.set(name, code);
  }
  return found;
}
