import { expect } from 'chai';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OPERATIONS } from '../../src/client/operations.js';
import { type Answer, record, type Recorder } from './hermetic/recorder.js';
import { sdkVariables, WRONG_REGION, wrongSurroundings } from './hermetic/surroundings.js';

/** The program beside this file, compiled or not as this is. */
const PROGRAM = new URL(`./hermetic/program${extname(import.meta.url)}`, import.meta.url);

/** SNS and SQS, with one message. */
const answerAsAws: Answer = (body, target) => {
  const json = (answer: object): ReturnType<Answer> => ({ status: 200, body: JSON.stringify(answer) });
  switch (target) {
    case 'AmazonSQS.GetQueueUrl':
      return json({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dev-users-queue' });
    case 'AmazonSQS.ReceiveMessage':
      return json({ Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: '{"name":"Ada"}' }] });
    case 'AmazonSQS.DeleteMessageBatch': {
      const { Entries } = JSON.parse(body) as { readonly Entries: readonly { readonly Id: string }[] };
      return json({ Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] });
    }
    default: {
      const id = new URLSearchParams(body).get('PublishBatchRequestEntries.member.1.Id') ?? '';
      const entry = `<member><Id>${id}</Id><MessageId>m</MessageId></member>`;
      const result = `<PublishBatchResult><Successful>${entry}</Successful><Failed/></PublishBatchResult>`;
      return { status: 200, body: `<PublishBatchResponse>${result}</PublishBatchResponse>` };
    }
  }
};

/** A server whose clock is two hours ahead, too. */
const fail: Answer = () => ({ status: 500, body: '' });
const AHEAD = { date: new Date(Date.now() + 7_200_000).toUTCString() };

describe('nothing is read from the surroundings', function () {
  this.timeout(40_000);
  let directory = '';
  let answering: Recorder;
  let failing: Recorder;
  let trap: Recorder;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hermetic-'));
    answering = await record(answerAsAws);
    failing = await record(fail, AHEAD);
    trap = await record(fail);
  });
  beforeEach(() => {
    for (const server of [answering, failing, trap]) server.taken();
  });
  after(async () => {
    for (const server of [answering, failing, trap]) await server.stop();
    await rm(directory, { recursive: true });
  });

  /** Runs the program with these variables and no others; gives all requests it made. */
  async function requestsOf(role: 'library' | 'sdk', variables: Readonly<Record<string, string>>) {
    const ports = { answering: answering.port, failing: failing.port };
    const child = fork(PROGRAM, [role, JSON.stringify(ports)], {
      env: { PATH: process.env.PATH, HOME: join(directory, 'nobody'), ...variables },
      silent: true,
      timeout: 30_000,
    });
    const said = child.stderr === null ? '' : text(child.stderr);
    // A child that was killed has no code.
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code, await said).to.equal(0);
    return { answered: answering.taken(), failed: failing.taken(), trapped: trap.taken() };
  }

  it('finds the variables of the SDK in its code', () => {
    expect(sdkVariables()).to.include.members([
      'AWS_ACCESS_KEY_ID',
      'AWS_BEARER_TOKEN_SQS',
      'AWS_CONFIG_FILE',
      'AWS_DEFAULTS_MODE',
      'AWS_ENDPOINT_URL',
      'AWS_ENDPOINT_URL_SNS',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_MAX_ATTEMPTS',
      'AWS_PROFILE',
      'AWS_REGION',
      'AWS_SDK_UA_APP_ID',
      'AWS_USE_FIPS_ENDPOINT',
      '_X_AMZN_TRACE_ID',
    ]);
  });

  it('each call is one request, by the configuration alone', async () => {
    const { answered, failed, trapped } = await requestsOf('library', {});
    const local = answering.url.slice('http://'.length);
    const hosts = answered.map((request) => /^host: (.*)$/im.exec(request)?.[1]);
    expect(hosts).to.deep.equal([
      ...[local, local, local, local],
      'sns.eu-west-1.amazonaws.com',
      ...Array.from({ length: 3 }, () => 'sqs.eu-west-1.amazonaws.com'),
    ]);
    expect(failed).to.have.lengthOf(Object.keys(OPERATIONS).length);
    for (const request of [...answered, ...failed]) {
      expect(request).to.match(/^user-agent: rxjs-aws-messaging\/0\b/im);
      expect(request).to.include(' Credential=AKIARIGHT/<day>/eu-west-1/');
      expect(request).to.match(/^amz-sdk-request: attempt=1; max=1$/im);
    }
    expect(trapped).to.deep.equal([]);
  });

  for (const surroundings of [
    'every variable',
    'the shared files of a profile',
    'the shared files in the home directory',
  ]) {
    it(`${surroundings} set to something else: the requests are the same`, async () => {
      const variables = (await wrongSurroundings(directory, trap.url))[surroundings] ?? {};
      expect(await requestsOf('library', variables)).to.deep.equal(await requestsOf('library', {}));
    });

    it(`${surroundings} set to something else: the SDK alone would follow`, async () => {
      const variables = (await wrongSurroundings(directory, trap.url))[surroundings] ?? {};
      const { trapped } = await requestsOf('sdk', variables);
      expect(trapped).to.have.lengthOf(2);
      for (const request of trapped) expect(request).to.include(`/${WRONG_REGION}/sqs/`);
    });
  }
});
