import { expect } from 'chai';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as t from 'io-ts';
import { createClient, publishEvent, runConsumer, topic } from '../../src/index.js';

const Users = topic('users', t.type({ name: t.string }));
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TOKEN = 'session+token/with=characters';

const sha256 = (what: string): string => createHash('sha256').update(what).digest('hex');
const hmac = (key: string | Buffer, what: string): Buffer => createHmac('sha256', key).update(what).digest();

/** The signature AWS would work out: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function authorizationOf({ method = '', url = '', headers }: IncomingMessage, body: string, service: string): string {
  const [, signed = ''] = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '') ?? [];
  const time = String(headers['x-amz-date']);
  const day = time.slice(0, 8);
  const scope = `${day}/eu-west-1/${service}/aws4_request`;
  const canonical = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = [method, url, '', canonical.join(''), signed, sha256(body)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), 'eu-west-1'), service), 'aws4_request');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=key/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

const EXPIRED = 'Signature expired: 20260102T030405Z is now earlier than 20260102T050405Z';

/** As SNS and SQS say that a clock is off. */
const refusalOf = (operation: string): string =>
  operation === 'PublishBatch'
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${EXPIRED}</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: 'com.amazon.coral.service#InvalidSignatureException', message: EXPIRED });

/** SNS and SQS with one message, which believe nobody, and nobody's clock but theirs. */
async function suspicious(aheadMs = 0) {
  const seen: {
    readonly operation: string;
    readonly isRight: boolean;
    readonly signed: string;
    readonly skewMs: number;
  }[] = [];
  const answerTo = (operation: string, body: string): string => {
    if (operation === 'ReceiveMessage')
      return '{"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"{\\"name\\":\\"Ada €\\"}"}]}';
    if (operation === 'GetQueueUrl')
      return '{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/dev-users-queue"}';
    if (operation !== 'PublishBatch') {
      const { Entries } = JSON.parse(body) as { readonly Entries: readonly { readonly Id: string }[] };
      return JSON.stringify({ Successful: Entries.map(({ Id }) => ({ Id })) });
    }
    const id = new URLSearchParams(body).get('PublishBatchRequestEntries.member.1.Id') ?? '';
    const entry = `<member><Id>${id}</Id><MessageId>m</MessageId></member>`;
    return `<PublishBatchResponse><PublishBatchResult><Successful>${entry}</Successful></PublishBatchResult></PublishBatchResponse>`;
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const target = request.headers['x-amz-target'];
      const operation = typeof target === 'string' ? (target.split('.')[1] ?? '') : 'PublishBatch';
      const { authorization = '', 'x-amz-date': time } = request.headers;
      const [, signed = ''] = /SignedHeaders=([^,]*)/.exec(authorization) ?? [];
      response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
      const at = String(time).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const skewMs = Math.abs(Date.parse(at) - Date.now() - aheadMs);
      seen.push({
        operation,
        isRight: authorization === authorizationOf(request, body, operation === 'PublishBatch' ? 'sns' : 'sqs'),
        signed,
        skewMs,
      });
      if (skewMs > 900_000) response.statusCode = 403;
      response.end(skewMs > 900_000 ? refusalOf(operation) : answerTo(operation, body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // It listens at a port, not at a path.
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    endpoint: `http://127.0.0.1:${String(port)}`,
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Publishes and consumes one message. */
async function roundTrip(endpoint: string): Promise<void> {
  const client = createClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key', secretAccessKey: SECRET, sessionToken: TOKEN },
    environment: 'dev',
    accountId: '123456789012',
  });
  await publishEvent(client, Users, { name: 'Ada €' });
  const stop = new AbortController();
  const stopAtFirst = (): void => {
    stop.abort();
  };
  await runConsumer(client, Users, stopAtFirst, { signal: stop.signal, maxInFlight: 1 });
  await client.close();
}

describe('a signature', () => {
  it('is the one AWS works out, of calls in the short way and by the client of the SDK', async () => {
    const { seen, endpoint, stop } = await suspicious();
    await roundTrip(endpoint);
    await stop();
    const operations = new Set(seen.map(({ operation }) => operation));
    expect([...operations]).to.have.members(['PublishBatch', 'GetQueueUrl', 'ReceiveMessage', 'DeleteMessageBatch']);
    for (const { operation, isRight, signed, skewMs } of seen) {
      expect(isRight, operation).to.equal(true);
      expect(signed.split(';'), operation).to.include.members(['host', 'x-amz-date', 'x-amz-security-token']);
      expect(skewMs, operation).to.be.below(60_000);
    }
  });

  it('is made anew, by the clock of AWS, where that is two hours ahead', async () => {
    const { seen, endpoint, stop } = await suspicious(7_200_000);
    await roundTrip(endpoint);
    await stop();
    const late = seen.filter(({ skewMs }) => skewMs > 60_000).map(({ operation }) => operation);
    // Once a pool: publishing, polling, and all other calls to SQS, of which the first is for the URL of the queue.
    expect(late).to.have.members(['PublishBatch', 'GetQueueUrl', 'ReceiveMessage']);
    expect(seen.filter(({ isRight }) => !isRight)).to.deep.equal([]);
    expect(seen.at(-1)).to.deep.include({ operation: 'DeleteMessageBatch' });
  });
});
