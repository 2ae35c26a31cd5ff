import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An SNS that takes whatever is published, a given time after it has the request. */
export interface CannedSns {
  readonly endpoint: string;
  end(): void;
}

/** Starts one, as another process: neither its CPU nor its event loop is the library's. */
export async function cannedSns(latencyMs: number): Promise<CannedSns> {
  const server = fork(fileURLToPath(new URL('./cannedSnsServer.js', import.meta.url)), [String(latencyMs)]);
  const [port] = (await once(server, 'message')) as [number];
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    end: () => {
      server.disconnect();
    },
  };
}
