import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counts } from './counts.js';
import type { ServerSettings } from './serverState.js';

/** What the server is told; it answers each with a reading. */
export type ServerOrder = { readonly kind: 'read' } | { readonly kind: 'configure'; readonly settings: ServerSettings };

export interface ServerReading {
  /** CPU of the server's process so far. */
  readonly cpuUs: number;
  /** The server's clock. */
  readonly atMs: number;
  readonly counts: Counts;
  /** Requests without an answer. */
  readonly open: number;
}

export interface Server {
  readonly endpoint: string;
  read(): Promise<ServerReading>;
  /** Begins anew, with no counts. */
  configure(settings: ServerSettings): Promise<void>;
  end(): void;
}

/** Starts the canned SNS and SQS, as another process. */
export async function startServer(): Promise<Server> {
  const server = fork(fileURLToPath(new URL('./server.js', import.meta.url)));
  const [endpoint] = (await once(server, 'message')) as [string];
  let isWanted = true;
  server.once('exit', (code) => {
    if (isWanted) throw new Error(`the canned server ended with ${String(code)}`);
  });
  const tell = async (order: ServerOrder): Promise<ServerReading> => {
    const answer = once(server, 'message') as Promise<[ServerReading]>;
    server.send(order);
    return (await answer)[0];
  };
  return {
    endpoint,
    read: () => tell({ kind: 'read' }),
    configure: async (settings) => {
      await tell({ kind: 'configure', settings });
    },
    end: () => {
      isWanted = false;
      server.disconnect();
    },
  };
}
