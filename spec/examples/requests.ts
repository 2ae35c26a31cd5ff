import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';

/** A request of which the first part is sent, and is known to have arrived once a later request is answered. */
export async function begin(url: string, body: string): Promise<ClientRequest> {
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const late = request(url, { method: 'POST', headers });
  late.write(body);
  const [socket] = (await once(late, 'socket')) as [NodeJS.EventEmitter];
  await once(socket, 'connect');
  return late;
}

/** Asks, each time as soon as it was answered, until no connection is taken any more. */
export async function statusesUntilRefused(url: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response === undefined) return statuses;
    statuses.push(response.status);
  }
}
