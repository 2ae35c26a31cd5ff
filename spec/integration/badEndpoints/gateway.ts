import { once } from 'node:events';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** How a gateway deals with a request. */
export type Mood = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a loopback port that may stand between a client and AWS. */
export interface Gateway {
  readonly url: string;
  /** Deals with the requests from now on. */
  mood: Mood;
  /** How many requests came in. */
  readonly requests: number;
  /** Nothing listens any more, and every connection is cut. */
  goAway(): Promise<void>;
  /** Listens again where it did before. */
  comeBack(): Promise<void>;
  /** Resolves once no connection is open, whoever closed it. */
  disconnected(): Promise<void>;
}

export async function openGateway(mood: Mood): Promise<Gateway> {
  const sockets = new Set<Socket>();
  let requests = 0;
  // Whoever keeps a connection has to close it: it would hide a leak if the server did.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    requests += 1;
    gateway.mood(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number): Promise<number> => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    // A TCP server's address is an object, not the path of a pipe.
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const gateway: Gateway = {
    url: `http://127.0.0.1:${String(port)}`,
    mood,
    get requests() {
      return requests;
    },
    goAway: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
    comeBack: async () => {
      await listen(port);
    },
    disconnected: async () => {
      for (const socket of sockets) await once(socket, 'close');
    },
  };
  return gateway;
}

/** Hands each request on, and an abort too. */
export const forwardTo =
  (url: string): Mood =>
  (request, response) => {
    const onward = askAgain(url, request, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    response.once('close', () => onward.destroy());
  };

/** Hands each request on, and half of each answer back. */
export const truncate =
  (url: string): Mood =>
  (request, response) => {
    askAgain(url, request, (answer) => {
      void text(answer).then((body) => {
        response.writeHead(answer.statusCode ?? 0, { ...answer.headers, 'content-length': Buffer.byteLength(body) });
        response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
      });
    });
  };

function askAgain(url: string, request: IncomingMessage, onAnswer: (answer: IncomingMessage) => void) {
  const { method = '', headers } = request;
  const onward = ask(url, { method, headers, agent: false }, onAnswer);
  // Who asked has gone, and does not want an answer any more.
  onward.on('error', () => undefined);
  return request.pipe(onward);
}

/** A page for people, as a captive portal or a load balancer without a service gives it. */
export const showPage =
  (status: number): Mood =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Please log in.</p></body></html>');
  };

export const hang: Mood = (request) => void request.resume();

export const reset: Mood = ({ socket }) => void socket.resetAndDestroy();

export const hangUp: Mood = ({ socket }) => void socket.end();

export const speakAnotherProtocol: Mood = ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n');
