import { expect } from 'chai';
import * as t from 'io-ts';
import { concat, delay, forkJoin, of, throwError, timer } from 'rxjs';
import type { Attributes, AwsCalls, Call, PortSettings } from '../../src/client/client.js';
import { AWSConnectionError, ConfigurationError, type MessagingError } from '../../src/errors.js';
import { fifoTopic, type Topic, topic } from '../../src/topic.js';
import { provision, type ProvisionOptions, type Topology } from '../../src/topology/provision.js';
import { deadLetterQueueUrl, queueUrl, topicArn } from '../../src/topology/resolve.js';
import {
  ACCOUNT,
  awsError,
  type FakeAccount,
  fakeAccount,
  queueArnOf,
  queueUrlOf,
  topicArnOf,
} from '../helpers/fakeAccount.js';
import { type FakeClient, fakeClient } from '../helpers/fakeClient.js';
import { marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const users = topic('users', t.string);
const groupId = (id: string): string => id;
const orders = fifoTopic('orders', t.string, { groupId, deduplicationId: groupId });
const hashed = fifoTopic('orders', t.string, { groupId, contentBasedDeduplication: true });

const QUEUE = 'dev-users-billing-queue';
const WRITES = ['createTopic', 'createQueue', 'setQueueAttributes', 'setSubscriptionAttribute'];

/** An account, and what is provisioned in it, each time by a client of its own. */
function provisioner(account: FakeAccount = fakeAccount()) {
  const run = (
    subject: Topic<string>,
    options?: ProvisionOptions,
    settings: Partial<PortSettings> = {},
    calls: Partial<AwsCalls> = {},
  ) => {
    const fake = fakeClient({ ...account.calls, ...calls }, settings);
    const outcome: { topology?: Topology; error?: unknown; completed?: true } = {};
    provision(fake.client, subject, options).subscribe({
      next: (topology) => (outcome.topology = topology),
      error: (error: unknown) => (outcome.error = error),
      complete: () => (outcome.completed = true),
    });
    return { ...outcome, fake };
  };
  return { account, run };
}

const made = ({ requests }: FakeClient): readonly string[] => requests.map(({ call }) => call);
const written = (fake: FakeClient): readonly unknown[] => fake.requests.filter(({ call }) => WRITES.includes(call));
const policyOf = (attributes: Attributes | undefined): unknown => JSON.parse(attributes?.Policy ?? '{}');

describe('provision', () => {
  it('is cold', () => {
    const fake = fakeClient(fakeAccount().calls);
    void provision(fake.client, users);
    expect(fake.requests).to.deep.equal([]);
  });

  it('makes topic, dead-letter queue, queue, policy and subscription, and says where they are', () => {
    const { account, run } = provisioner();
    const { topology, completed } = run(users);
    expect(completed).to.equal(true);
    expect(topology).to.deep.equal({
      topicArn: topicArnOf('dev-users'),
      queueUrl: queueUrlOf(QUEUE),
      queueArn: queueArnOf(QUEUE),
      deadLetterQueueUrl: queueUrlOf(`${QUEUE}-dlq`),
      deadLetterQueueArn: queueArnOf(`${QUEUE}-dlq`),
      subscriptionArn: `${topicArnOf('dev-users')}:${QUEUE}`,
    });
    expect([...account.topics]).to.deep.equal([[topicArnOf('dev-users'), {}]]);
    expect(account.queues.get(queueUrlOf(`${QUEUE}-dlq`))).to.deep.equal({
      QueueArn: queueArnOf(`${QUEUE}-dlq`),
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '1209600',
      SqsManagedSseEnabled: 'true',
    });
    const { Policy, ...queue } = account.queues.get(queueUrlOf(QUEUE)) ?? {};
    expect(queue).to.deep.equal({
      QueueArn: queueArnOf(QUEUE),
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '345600',
      SqsManagedSseEnabled: 'true',
      RedrivePolicy: `{"deadLetterTargetArn":"${queueArnOf(`${QUEUE}-dlq`)}","maxReceiveCount":5}`,
    });
    expect(Policy).to.contain('"ArnEquals":{"aws:SourceArn":["arn:aws:sns:eu-west-1:123456789012:dev-users"]}');
    expect([...account.subscriptions.values()]).to.deep.equal([{ RawMessageDelivery: 'true' }]);
  });

  it('writes nothing the second time, and says the same', () => {
    for (const subject of [users, orders, hashed]) {
      const { run } = provisioner();
      const options = { filterPolicy: { type: ['created'] } };
      const first = run(subject, options);
      const second = run(subject, options);
      expect(second.topology).to.deep.equal(first.topology);
      expect(written(second.fake).slice(1)).to.deep.equal([]);
      // CreateTopic of a topic that is there only gives its ARN.
      expect(made(second.fake)).to.deep.equal([
        'createTopic',
        'getQueueUrl',
        'getQueueAttributes',
        'getQueueUrl',
        'getQueueAttributes',
        // The policy as it is now: another topic may share the queue.
        'getQueueAttributes',
        'subscribe',
        'getSubscriptionAttributes',
      ]);
    }
  });

  it('sets the options', () => {
    const { account, run } = provisioner();
    run(users, {
      maxReceiveCount: 1_000,
      visibilityTimeoutSeconds: 0,
      rawDelivery: false,
      filterPolicy: { type: ['a', { prefix: 'b' }] },
    });
    expect(account.queues.get(queueUrlOf(QUEUE))).to.deep.include({
      VisibilityTimeout: '0',
      RedrivePolicy: `{"deadLetterTargetArn":"${queueArnOf(`${QUEUE}-dlq`)}","maxReceiveCount":1000}`,
    });
    expect([...account.subscriptions.values()]).to.deep.equal([
      {
        RawMessageDelivery: 'false',
        FilterPolicyScope: 'MessageAttributes',
        FilterPolicy: '{"type":["a",{"prefix":"b"}]}',
      },
    ]);
  });

  it('sets what differs of what is there, and only that', () => {
    const { account, run } = provisioner();
    run(users);
    const { fake, topology } = run(users, { maxReceiveCount: 7, rawDelivery: false });
    const RedrivePolicy = `{"deadLetterTargetArn":"${queueArnOf(`${QUEUE}-dlq`)}","maxReceiveCount":7}`;
    expect(written(fake).slice(1)).to.deep.equal([
      { call: 'setQueueAttributes', request: { queueUrl: queueUrlOf(QUEUE), attributes: { RedrivePolicy } } },
      {
        call: 'setSubscriptionAttribute',
        request: { subscriptionArn: topology?.subscriptionArn, name: 'RawMessageDelivery', value: 'false' },
      },
    ]);
    expect([...account.subscriptions.values()]).to.deep.equal([{ RawMessageDelivery: 'false' }]);
  });

  it('knows a redrive policy and a filter in whatever form AWS gives them back', () => {
    const { account, run } = provisioner();
    const options = { filterPolicy: { a: [1], b: ['x'] } };
    run(users, options);
    const url = queueUrlOf(QUEUE);
    const RedrivePolicy = `{ "maxReceiveCount": "5", "deadLetterTargetArn": "${queueArnOf(`${QUEUE}-dlq`)}" }`;
    account.queues.set(url, { ...account.queues.get(url), RedrivePolicy });
    const [subscription = ''] = account.subscriptions.keys();
    const FilterPolicy = '{ "b": ["x"], "a": [1] }';
    account.subscriptions.set(subscription, { RawMessageDelivery: 'true', FilterPolicy });
    expect(written(run(users, options).fake).slice(1)).to.deep.equal([]);
  });

  it('adds a filter to a subscription that is there', () => {
    const { account, run } = provisioner();
    run(users);
    run(users, { filterPolicy: { type: ['a'] } });
    expect([...account.subscriptions.values()]).to.deep.equal([
      { RawMessageDelivery: 'true', FilterPolicy: '{"type":["a"]}' },
    ]);
  });

  it('sets a filter on attributes where one on bodies was', () => {
    const { account, run } = provisioner();
    run(users, { filterPolicy: { type: ['a'] } });
    for (const [arn, attributes] of account.subscriptions) {
      account.subscriptions.set(arn, { ...attributes, FilterPolicyScope: 'MessageBody' });
    }
    run(users, { filterPolicy: { type: ['a'] } });
    expect([...account.subscriptions.values()].map(({ FilterPolicyScope }) => FilterPolicyScope)).to.deep.equal([
      'MessageAttributes',
    ]);
  });

  it('leaves a filter that is there where none is given', () => {
    const { account, run } = provisioner();
    run(users, { filterPolicy: { type: ['a'] } });
    expect(written(run(users).fake).slice(1)).to.deep.equal([]);
    expect([...account.subscriptions.values()][0]).to.deep.include({ FilterPolicy: '{"type":["a"]}' });
  });

  it('keeps the statements of others in the policy (JustSaying, MassTransit)', () => {
    const { account, run } = provisioner();
    const theirs = {
      Sid: 'Theirs',
      Effect: 'Allow',
      Principal: '*',
      Action: 'sqs:SendMessage',
      Resource: queueArnOf(QUEUE),
    };
    const Policy = JSON.stringify({ Version: '2008-10-17', Id: 'Theirs', Statement: [theirs] });
    account.queues.set(queueUrlOf(QUEUE), { QueueArn: queueArnOf(QUEUE), Policy });
    run(users);
    expect(policyOf(account.queues.get(queueUrlOf(QUEUE)))).to.have.property('Id', 'Theirs');
    expect(policyOf(account.queues.get(queueUrlOf(QUEUE))))
      .to.have.property('Statement')
      .with.length(3)
      .and.deep.include(theirs);
  });

  it('refuses to overwrite a policy it can not read, before it subscribes', () => {
    const { account, run } = provisioner();
    account.queues.set(queueUrlOf(QUEUE), { QueueArn: queueArnOf(QUEUE), Policy: 'not JSON' });
    const { error, fake } = run(users);
    expect(error).to.be.instanceOf(ConfigurationError);
    expect(made(fake)).not.to.include('subscribe');
  });

  it('leaves a queue with a KMS key its key', () => {
    const { account, run } = provisioner();
    const key = { QueueArn: queueArnOf(QUEUE), SqsManagedSseEnabled: 'false', KmsMasterKeyId: 'alias/ours' };
    account.queues.set(queueUrlOf(QUEUE), key);
    run(users);
    expect(account.queues.get(queueUrlOf(QUEUE))).to.deep.include(key);
  });

  it('encrypts a queue that is not', () => {
    const { account, run } = provisioner();
    const plain = { QueueArn: queueArnOf(QUEUE), SqsManagedSseEnabled: 'false', KmsMasterKeyId: '' };
    account.queues.set(queueUrlOf(QUEUE), plain);
    run(users);
    expect(account.queues.get(queueUrlOf(QUEUE))).to.deep.include({ SqsManagedSseEnabled: 'true' });
  });

  it('does not set what the service does not tell of, as an emulator does', () => {
    const { account, run } = provisioner();
    account.queues.set(queueUrlOf(`${QUEUE}-dlq`), { QueueArn: queueArnOf(`${QUEUE}-dlq`) });
    run(users);
    expect(account.queues.get(queueUrlOf(`${QUEUE}-dlq`))).to.deep.equal({ QueueArn: queueArnOf(`${QUEUE}-dlq`) });
  });

  it('fails clearly where even the ARN of a queue is not told', () => {
    const { account, run } = provisioner();
    account.queues.set(queueUrlOf(`${QUEUE}-dlq`), {});
    const { error } = run(users);
    expect(error).to.be.instanceOf(AWSConnectionError).with.property('code', 'BadResponse');
  });

  it('makes a FIFO topic FIFO queues with high throughput, that deduplicate as the topic does', () => {
    for (const [subject, byContent] of [
      [orders, 'false'],
      [hashed, 'true'],
    ] as const) {
      const { account, run } = provisioner();
      const { topology } = run(subject);
      expect(topology?.queueUrl).to.equal(queueUrlOf('dev-orders-billing-queue.fifo'));
      expect(topology?.deadLetterQueueUrl).to.equal(queueUrlOf('dev-orders-billing-queue-dlq.fifo'));
      const contentBased = byContent === 'true' ? { ContentBasedDeduplication: 'true' } : {};
      expect([...account.topics.values()]).to.deep.equal([{ FifoTopic: 'true', ...contentBased }]);
      for (const queue of account.queues.values()) {
        expect(queue).to.deep.include({
          FifoQueue: 'true',
          ContentBasedDeduplication: byContent,
          DeduplicationScope: 'messageGroup',
          FifoThroughputLimit: 'perMessageGroupId',
        });
      }
    }
  });

  it('takes a FIFO topic that deduplicates by content for one with ids, and not the other way round', () => {
    const { run } = provisioner();
    run(hashed);
    expect(run(orders).completed).to.equal(true);
    const { error } = (() => {
      const other = provisioner();
      other.account.topics.set(topicArnOf('dev-orders.fifo'), {
        FifoTopic: 'true',
        ContentBasedDeduplication: 'false',
      });
      return other.run(hashed);
    })();
    expect(error)
      .to.be.instanceOf(ConfigurationError)
      .with.property(
        'message',
        'topic dev-orders.fifo: is there without content-based deduplication; switch that on, or give the topic a `deduplicationId`',
      );
  });

  it('says so when SNS refuses the topic', () => {
    const { error } = provisioner().run(
      users,
      {},
      {},
      {
        createTopic: () => throwError(() => awsError('CreateTopic', 'InvalidParameter')),
      },
    );
    expect(error).to.have.property(
      'message',
      'topic dev-users: SNS refuses to make it, or it is there with other attributes',
    );
  });

  it('takes a topic by ARN, and a queue by ARN or URL, as they are found', () => {
    const { account, run } = provisioner();
    const topicMap = { users: 'arn:aws:sns:eu-west-1:999999999999:theirs' };
    for (const place of [queueArnOf('legacy'), queueUrlOf('legacy')]) {
      account.queues.set(queueUrlOf('legacy'), { QueueArn: queueArnOf('legacy') });
      const { fake, topology } = run(users, {}, { topicMap, queueMap: { users: place } });
      expect(topology).to.deep.include({ topicArn: topicMap.users, queueUrl: queueUrlOf('legacy') });
      expect(made(fake)).not.to.include('createTopic');
      const looks = made(fake).filter((call) => call === 'getQueueUrl');
      expect(looks).to.have.length(place.startsWith('https:') ? 1 : 2);
      expect([...account.queues.keys()]).to.have.members([queueUrlOf('legacy'), queueUrlOf('legacy-dlq')]);
    }
    account.queues.delete(queueUrlOf('legacy'));
    expect(run(users, {}, { queueMap: { users: queueArnOf('legacy') } }).error).to.have.property(
      'code',
      'QueueDoesNotExist',
    );
  });

  it('asks for a queue by ARN in the account that owns it', () => {
    const { run } = provisioner();
    const { fake } = run(users, {}, { queueMap: { users: 'arn:aws:sqs:eu-west-1:999999999999:theirs' } });
    const asked = fake.requests.filter(({ call }) => call === 'getQueueUrl').map(({ request }) => request);
    expect(asked).to.deep.equal([
      { queueName: 'theirs-dlq', accountId: undefined },
      { queueName: 'theirs', accountId: '999999999999' },
    ]);
  });

  it('lets two services fan out from one topic', () => {
    const { account, run } = provisioner();
    run(users);
    run(users, {}, { service: 'mail' });
    expect(account.topics.size).to.equal(1);
    expect(account.queues.size).to.equal(4);
    expect([...account.subscriptions.keys()]).to.deep.equal([
      `${topicArnOf('dev-users')}:dev-users-billing-queue`,
      `${topicArnOf('dev-users')}:dev-users-mail-queue`,
    ]);
  });

  it('lets two topics share a queue', () => {
    const { account, run } = provisioner();
    const queueMap = { users: 'shared', groups: 'shared' };
    run(users, {}, { queueMap });
    run(topic('groups', t.string), {}, { queueMap });
    expect(account.queues.get(queueUrlOf('shared'))?.Policy).to.contain(
      `{"aws:SourceArn":["${topicArnOf('dev-groups')}","${topicArnOf('dev-users')}"]}`,
    );
  });

  it('takes no permission away when two topics share a queue and come at once', () => {
    marbles(({ flush }) => {
      const { calls, queues } = fakeAccount();
      const slow = Object.fromEntries(
        Object.entries(calls).map(([name, call]) => [
          name,
          // Each keeps its own request and response: the wrapper hands both through.
          (request: unknown) => (call as Call<unknown, unknown>)(request).pipe(delay(2)),
        ]),
      ) as Partial<AwsCalls>;
      const { client } = fakeClient(slow, { queueMap: { a: 'shared', b: 'shared', c: 'shared' } });
      const left = provision(client, topic('a', t.string)).subscribe();
      forkJoin(['b', 'c'].map((name) => provision(client, topic(name, t.string)))).subscribe();
      // It leaves while its policy is written, and those behind it go on.
      timer(19).subscribe(() => {
        left.unsubscribe();
      });
      flush();
      expect(queues.get(queueUrlOf('shared'))?.Policy)
        .to.include(topicArnOf('dev-b'))
        .and.include(topicArnOf('dev-c'));
    });
  });

  it('makes no subscription that lets everything through when the filter is refused', () => {
    const { account, run } = provisioner();
    const { calls } = account;
    const isBad = ({ FilterPolicy = '' }: Attributes): boolean => FilterPolicy.includes('prefx');
    const refused = throwError(() => awsError('Subscribe', 'InvalidParameterException'));
    const strict: Partial<AwsCalls> = {
      subscribe: (request) => (isBad(request.attributes) ? refused : (calls.subscribe?.(request) ?? refused)),
      setSubscriptionAttribute: (request) =>
        isBad({ [request.name]: request.value }) ? refused : (calls.setSubscriptionAttribute?.(request) ?? refused),
    };
    const { error } = run(users, { filterPolicy: { type: [{ prefx: 'user.' }] } }, {}, strict);
    expect(error).to.be.instanceOf(AWSConnectionError);
    expect([...account.subscriptions.values()].map(({ FilterPolicy }) => FilterPolicy)).to.deep.equal([
      '{"rxjs-aws-messaging":["nothing"]}',
    ]);
    // Mended, it gets its filter.
    expect(run(users, { filterPolicy: { type: [{ prefix: 'user.' }] } }).completed).to.equal(true);
    expect([...account.subscriptions.values()].map(({ FilterPolicy }) => FilterPolicy)).to.deep.equal([
      '{"type":[{"prefix":"user."}]}',
    ]);
  });

  it('is known to producers and consumers of the same client, who then make no call', () => {
    const { fake } = provisioner().run(users, {}, { accountId: undefined });
    const before = fake.requests.length;
    const found: unknown[] = [];
    concat(topicArn(fake.client.port, users), queueUrl(fake.client.port, users)).subscribe((value) =>
      found.push(value),
    );
    expect(found).to.deep.equal([topicArnOf('dev-users'), queueUrlOf(QUEUE)]);
    expect(fake.requests).to.have.length(before);
    deadLetterQueueUrl(fake.client.port, queueUrlOf(QUEUE)).subscribe((value) => found.push(value));
    expect(found[2]).to.equal(queueUrlOf(`${QUEUE}-dlq`));
  });

  it('checks every name before the first call', () => {
    const { error, fake } = provisioner().run({ ...users, name: 'x'.repeat(60) });
    const queue = `dev-${'x'.repeat(60)}-billing-queue`;
    expect((error as MessagingError).message).to.equal(
      `dead-letter queue of ${queue}: ${queue}-dlq: expected at most 80 characters, it has 82`,
    );
    expect(fake.requests).to.deep.equal([]);
  });

  it('says which queue was deleted a moment ago, and how long to wait', () => {
    const { error } = provisioner().run(
      users,
      {},
      {},
      {
        createQueue: () => throwError(() => awsError('CreateQueue', 'QueueDeletedRecently')),
      },
    );
    expect(error).to.be.instanceOf(AWSConnectionError);
    expect((error as MessagingError).message).to.equal(
      `CreateQueue failed: QueueDeletedRecently (the queue ${QUEUE}-dlq was deleted a moment ago; ` +
        'wait 60 seconds before making it again)',
    );
    expect(error).to.have.property('queue', `${QUEUE}-dlq`);
  });

  it('takes the queue that somebody else made at the same time', () => {
    const { account, run } = provisioner();
    let looks = 0;
    const { completed } = run(
      users,
      {},
      {},
      {
        getQueueUrl: ({ queueName }) => {
          looks += 1;
          return looks === 1
            ? throwError(() => awsError('GetQueueUrl', 'QueueDoesNotExist'))
            : of(queueUrlOf(queueName));
        },
        createQueue: ({ queueName }) => {
          account.queues.set(queueUrlOf(queueName), { QueueArn: queueArnOf(queueName) });
          account.queues.set(queueUrlOf(QUEUE), { QueueArn: queueArnOf(QUEUE) });
          return throwError(() => awsError('CreateQueue', 'QueueNameExists'));
        },
      },
    );
    expect(completed).to.equal(true);
  });

  it('passes on what AWS refuses', () => {
    for (const call of ['createTopic', 'getQueueUrl', 'createQueue', 'getQueueAttributes', 'subscribe'] as const) {
      const denied = awsError(call, 'AccessDenied');
      const { error } = provisioner().run(users, {}, {}, { [call]: () => throwError(() => denied) });
      expect(error, call).to.equal(denied);
      const foreign = new Error('not of AWS');
      expect(provisioner().run(users, {}, {}, { [call]: () => throwError(() => foreign) }).error, call).to.equal(
        foreign,
      );
    }
  });

  it('retries what passes, with backoff', () => {
    marbles(({ cold, expectObservable }) => {
      const { calls } = fakeAccount();
      const throttled = awsError('CreateTopic', 'Throttling', true);
      const answers = [cold<never>('#', undefined, throttled), cold<never>('#', undefined, throttled)];
      const createTopic: AwsCalls['createTopic'] = () => answers.shift() ?? of(topicArnOf('dev-users'));
      const { client } = fakeClient({ ...calls, createTopic });
      // Half of 100 ms, then half of 200 ms.
      expectObservable(provision(client, users)).toBe('150ms (t|)', { t: topologyOf() });
    });
  });

  it('gives a queue that was just made its first second', () => {
    marbles(({ cold, expectObservable }) => {
      const { calls } = fakeAccount();
      const missing = awsError('GetQueueAttributes', 'QueueDoesNotExist');
      const answers = [cold<never>('#', undefined, missing), cold<never>('#', undefined, missing)];
      const getQueueAttributes: AwsCalls['getQueueAttributes'] = (request) =>
        answers.shift() ?? calls.getQueueAttributes?.(request) ?? of({});
      const { client } = fakeClient({ ...calls, getQueueAttributes });
      expectObservable(provision(client, users)).toBe('1500ms (t|)', { t: topologyOf() });
    });
  });

  it('stops on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const createTopic = cold('---(a|)', { a: topicArnOf('dev-users') });
      const unsub = '           --!';
      const fake = fakeClient({ createTopic: () => createTopic });
      expectObservable(provision(fake.client, users), unsub).toBe('-');
      expectSubscriptions(createTopic.subscriptions).toBe('^-!');
      flush();
      expect(made(fake)).to.deep.equal(['createTopic']);
    });
  });

  it('lists every option out of its range, at once', () => {
    const { client } = fakeClient({});
    const faults = (options: ProvisionOptions): readonly string[] =>
      faultsThrownBy(() => provision(client, users, options));
    expect(faults({ maxReceiveCount: 0, visibilityTimeoutSeconds: 43_201, filterPolicy: {} })).to.deep.equal([
      'maxReceiveCount: expected a whole number from 1 to 1000',
      'visibilityTimeoutSeconds: expected a whole number from 0 to 43200',
      'filterPolicy: expected 1 to 5 attribute names, each with a list of at least one condition',
    ]);
    const filters = [{ type: [] }, { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, { type: 'a' as never }];
    expect(filters.map((filterPolicy) => faults({ filterPolicy }).length)).to.deep.equal([1, 1, 1]);
    expect(faults({ maxReceiveCount: 1.5 })).to.have.length(1);
  });
});

function topologyOf(): Topology {
  return {
    topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:dev-users`,
    queueUrl: queueUrlOf(QUEUE),
    queueArn: queueArnOf(QUEUE),
    deadLetterQueueUrl: queueUrlOf(`${QUEUE}-dlq`),
    deadLetterQueueArn: queueArnOf(`${QUEUE}-dlq`),
    subscriptionArn: `${topicArnOf('dev-users')}:${QUEUE}`,
  };
}
