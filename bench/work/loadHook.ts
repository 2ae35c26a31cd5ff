import type { LoadHook } from 'node:module';
import type { MessagePort } from 'node:worker_threads';

// A hook of Node's loader that tells what is loaded.

let port: MessagePort | undefined;

export function initialize(given: MessagePort): void {
  port = given;
}

export const load: LoadHook = (url, context, nextLoad) => {
  port?.postMessage(url);
  return nextLoad(url, context);
};
