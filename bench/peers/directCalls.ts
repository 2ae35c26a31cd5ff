import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { SQSClient } from '@aws-sdk/client-sqs';
import { HttpRequest } from '@smithy/core/protocols';
import { Pool } from 'undici';
import { clientOptions, queueUrlAt } from '../work/place.js';
import type { Calls, Received } from './calls.js';

/** What brings a signed request to the server; all write and read the JSON here, in one pass. */
export type Carrier = 'requestHandler' | 'nodeHttp' | 'undici';

/** The calls without the SDK's commands: its signer, and one of the carriers. */
export async function directCalls(endpoint: string, carrier: Carrier): Promise<Calls> {
  const { hostname, port, host } = new URL(endpoint);
  const { config } = new SQSClient(clientOptions(endpoint));
  const signer = await config.signer({
    name: 'sigv4',
    signingName: 'sqs',
    signingRegion: clientOptions(endpoint).region,
    properties: {},
  });
  const carry = carriers(endpoint, (signed) => config.requestHandler.handle(signed))[carrier]();

  const call = async (operation: string, input: object): Promise<unknown> => {
    const body = JSON.stringify(input);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-length': String(Buffer.byteLength(body)),
    };
    const unsigned = new HttpRequest({
      protocol: 'http:',
      hostname,
      port: Number(port),
      method: 'POST',
      path: '/',
      headers,
      body,
    });
    return JSON.parse(await carry(HttpRequest.clone(await signer.sign(unsigned)))) as unknown;
  };
  const QueueUrl = queueUrlAt(endpoint);
  return {
    receive: async () => {
      const answer = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
      return (answer as { readonly Messages?: readonly Received[] }).Messages ?? [];
    },
    remove: (Entries) => call('DeleteMessageBatch', { QueueUrl, Entries }),
  };
}

type Carry = (signed: HttpRequest) => Promise<string>;

function carriers(
  endpoint: string,
  handle: (signed: HttpRequest) => Promise<{ readonly response: { readonly body?: unknown } }>,
): Record<Carrier, () => Carry> {
  return {
    requestHandler: () => async (signed) => {
      const { response } = await handle(signed);
      // In Node the handler gives the stream of the answer.
      return text(response.body as Readable);
    },
    nodeHttp: () => {
      const agent = new Agent({ keepAlive: true });
      return ({ hostname, port, method, path, headers, body }) =>
        new Promise((resolve, reject) => {
          const outgoing = request({ hostname, port, method, path, headers, agent }, (answer) => {
            text(answer).then(resolve, reject);
          });
          outgoing.on('error', reject);
          outgoing.end(body);
        });
    },
    undici: () => {
      const pool = new Pool(endpoint, { connections: 20 });
      return async ({ headers: { host: _host, ...headers }, body }) => {
        const answer = await pool.request({ method: 'POST', path: '/', headers, body: String(body) });
        return answer.body.text();
      };
    },
  };
}

function text(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = '';
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      read += part;
    });
    stream.on('end', () => resolve(read));
    stream.on('error', reject);
  });
}
