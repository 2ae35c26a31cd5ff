/**
 * Makes the calls of which the hermetic spec compares the requests, in a process of its own: the SDK reads some variables as it
 * is loaded.
 */
import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
import * as t from 'io-ts';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { type AWSMessagingConfig, createClient, publishEvent, runConsumer, topic } from '../../../src/index.js';
import type { Call } from '../../../src/index.js';

/** Where the program finds its servers: one that answers as AWS does, and one that fails. */
export interface Ports {
  readonly answering: number;
  readonly failing: number;
}

const CONFIG: AWSMessagingConfig = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIARIGHT', secretAccessKey: 'right', sessionToken: 'right-token' },
  environment: 'dev',
  accountId: '123456789012',
  retryAttempts: 0,
};
const Users = topic('users', t.type({ name: t.string }));
const urlOf = (port: number): string => `http://127.0.0.1:${String(port)}`;

/** One message there and back. */
async function publishAndConsume(config: AWSMessagingConfig): Promise<void> {
  const client = createClient(config);
  await publishEvent(client, Users, { name: 'Ada' });
  const stop = new AbortController();
  await runConsumer(
    client,
    Users,
    () => {
      stop.abort();
    },
    { signal: stop.signal, maxInFlight: 1 },
  );
  await client.close();
}

/** Every call of the port once, to a server on which each fails. */
async function failEachCall(config: AWSMessagingConfig): Promise<void> {
  const client = createClient(config);
  const request = {
    ...{ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q', queueName: 'q', entries: [], names: [] },
    ...{ topicArn: 'arn:aws:sns:eu-west-1:123456789012:t', queueArn: 'arn:aws:sqs:eu-west-1:123456789012:q' },
    ...{ subscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:t:s', attributes: {}, name: 'n', value: 'v' },
    ...{ maxMessages: 1, waitTimeSeconds: 0, visibilityTimeoutSeconds: 30 },
  };
  // The request has what each of them takes.
  for (const call of Object.values(client.port.calls) as Call<unknown, unknown>[]) {
    const failed = await lastValueFrom(call(request)).catch(() => 'failed');
    if (failed !== 'failed') throw new Error('a call did not fail');
  }
  await client.close();
}

/** The same without an endpoint: TLS is left out, and every host is the one answering server. */
async function publishAndConsumeAtAws(port: number): Promise<void> {
  Object.assign(Agent.prototype, { createConnection: () => connect(port, '127.0.0.1') });
  await publishAndConsume(CONFIG);
}

/** What the SDK does when it is left to itself, to see that the surroundings would have an effect. */
async function callBySdkAlone(): Promise<void> {
  const { credentials } = CONFIG;
  const client = new SQSClient({ credentials, useFipsEndpoint: false, useDualstackEndpoint: false });
  await client.send(new ListQueuesCommand({})).catch(() => undefined);
}

// The spec's own words.
const [, , role, ports = '{}'] = process.argv;
const { answering, failing } = JSON.parse(ports) as Ports;
if (role === 'sdk') {
  await callBySdkAlone();
} else {
  await publishAndConsume({ ...CONFIG, endpoint: urlOf(answering) });
  await failEachCall({ ...CONFIG, endpoint: urlOf(failing) });
  await publishAndConsumeAtAws(answering);
}
