import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerOrder, ServerReading } from './startServer.js';
import { configure, serverState } from './serverState.js';
import { answerOfSns } from './sns.js';
import { answerOfSqs } from './sqs.js';

// A canned SNS and SQS in a process of its own, started by startServer.ts: neither its CPU nor its event loop is that of what
// is measured. It ends with whoever started it.

const state = serverState();
let origin = '';

const server = createServer((request, response) => {
  let body = '';
  state.open += 1;
  response.once('close', () => {
    state.open -= 1;
  });
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const { latencyMs } = state.settings;
    const reply = (): void => {
      // Whoever gave up does not get a message that nobody would delete.
      if (response.destroyed) return;
      const { text, isJson } = answerTo(request.headers, body);
      // All of it is ASCII.
      response.writeHead(text === '' ? 400 : 200, {
        'content-type': isJson ? 'application/x-amz-json-1.0' : 'text/xml',
        'content-length': text.length,
        'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
      });
      response.end(text, 'latin1');
    };
    if (latencyMs === 0) reply();
    else setTimeout(reply, latencyMs);
  });
});

interface Answer {
  /** Empty where the operation is not known. */
  readonly text: string;
  readonly isJson: boolean;
}

function answerTo(headers: IncomingHttpHeaders, body: string): Answer {
  const target = headers['x-amz-target'];
  const isJson = typeof target === 'string';
  const operation = isJson ? target.slice(target.indexOf('.') + 1) : actionOf(body);
  const { calls } = state.counts;
  calls[operation] = (calls[operation] ?? 0) + 1;
  const text = isJson ? answerOfSqs(state, operation, body, origin) : answerOfSns(state, operation, body);
  if (text === undefined) state.counts.unknown += 1;
  return { text: text ?? '', isJson };
}

function actionOf(body: string): string {
  return /(?:^|&)Action=([^&]*)/.exec(body)?.[1] ?? '';
}

function read(): ServerReading {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, atMs: performance.now(), counts: state.counts, open: state.open };
}

process.on('message', (order: ServerOrder) => {
  if (order.kind === 'configure') configure(state, order.settings);
  process.send?.(read());
});
process.on('disconnect', () => process.exit());

// Sockets wait while the other cases have their turn.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  // It listens at a port, not at a path.
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${String(port)}`;
  process.send?.(origin);
});
