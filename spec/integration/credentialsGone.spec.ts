import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { createClient } from '../../src/index.js';
import type { AWSConnectionError } from '../../src/errors.js';
import { rejectionOf } from '../helpers/thrown.js';

const MIXED = `<PublishBatchResponse><PublishBatchResult>
  <Failed><member><Id>1</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed>
  <Successful><member><MessageId>m</MessageId><Id>0</Id></member></Successful>
</PublishBatchResult></PublishBatchResponse>`;
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
const DELETE = { queueUrl: QUEUE, entries: [{ id: '0', receiptHandle: 'r' }] };

/** A server whose answers come when the credentials provider has begun to fail, as one does that can't be reached for a while. */
async function outage(statusCode: number, answer: string) {
  let isDown = false;
  const server = createServer((request, response) => {
    isDown = true;
    request.resume();
    response.writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createClient({
    region: 'eu-west-1',
    environment: 'dev',
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    timeoutMs: 2_000,
    maxSockets: 1,
    // Soon over, so that the SDK asks for new ones with every signature.
    credentials: () =>
      isDown
        ? Promise.reject(new Error('down'))
        : Promise.resolve({ accessKeyId: 'a', secretAccessKey: 's', expiration: new Date(Date.now() + 60_000) }),
  });
  const recover = (): void => {
    isDown = false;
  };
  const close = async (): Promise<void> => {
    await client.close();
    server.closeAllConnections();
    server.close();
  };
  return { calls: client.port.calls, recover, close };
}

describe('an answer that comes while the credentials provider fails', () => {
  it('is believed in what it says of each entry', async () => {
    const { calls, close } = await outage(200, MIXED);
    const entries = ['0', '1'].map((id) => ({ id, body: 'b', attributes: {} }));
    const answer = await firstValueFrom(
      calls.publishBatch({ topicArn: 'arn:aws:sns:eu-west-1:123456789012:t', entries }),
    );
    expect(answer.successful.map(({ id }) => id)).to.deep.equal(['0']);
    expect(answer.failed.map(({ id }) => id)).to.deep.equal(['1']);
    await close();
  });

  it('is believed in a failure of its own, which leaves the outcome open, and keeps no socket', async () => {
    const { calls, recover, close } = await outage(500, '{"__type":"InternalFailure"}' + ' '.repeat(3_000_000));
    for (const attempt of [1, 2]) {
      const error = (await rejectionOf(firstValueFrom(calls.deleteBatch(DELETE)))) as AWSConnectionError;
      expect(error, String(attempt)).to.include({ code: 'InternalFailure', retryable: true, outcomeUnknown: true });
      recover();
    }
    await close();
  });
});
