import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server on a loopback port that keeps what it is asked. */
export interface Recorder {
  readonly port: number;
  readonly url: string;
  /** The requests since the last time, in order. */
  taken(): readonly string[];
  stop(): Promise<void>;
}

/** What a recorder answers to a request's body, and to the operation its header names. */
export type Answer = (body: string, target: string) => { readonly status: number; readonly body: string };

export async function record(answer: Answer, headers: Readonly<Record<string, string>> = {}): Promise<Recorder> {
  let requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      requests.push(written(request, body));
      const answered = answer(body, String(request.headers['x-amz-target'] ?? ''));
      response.writeHead(answered.status, headers).end(answered.body);
    });
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object, not the path of a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    taken: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A request as it came in, header by header, but for what no two requests have in common. */
function written({ method = '', url = '', rawHeaders }: IncomingMessage, body: string): string {
  const lines = [`${method} ${url}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    lines.push(`${name}: ${(MASKS[name.toLowerCase()] ?? unmasked)(value)}`);
  }
  return [...lines, '', body].join('\n');
}

const unmasked = (value: string): string => value;
const MASKS: Readonly<Record<string, (value: string) => string>> = {
  'amz-sdk-invocation-id': () => '<id>',
  // To the hour: a clock corrected by what a server said of the time shows.
  'x-amz-date': (value) => `now + ${String(Math.round((dateOf(value) - Date.now()) / 3_600_000))} h`,
  authorization: (value) =>
    value
      .replace(/(Credential=[^/]*\/)\d{8}\//, '$1<day>/')
      .replace(/Signature=[0-9a-f]{64}$/, 'Signature=<signature>'),
};

/** Such as `20260131T120000Z`. */
const dateOf = (value: string): number =>
  Date.parse(value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
