import { expect } from 'chai';
import * as t from 'io-ts';
import { type Observable, of, throwError } from 'rxjs';
import type { PortSettings } from '../../src/client/client.js';
import { ConfigurationError, SubscriptionNotFoundError } from '../../src/errors.js';
import { fifoTopic, topic } from '../../src/topic.js';
import {
  deadLetterQueueUrl,
  queueUrl,
  rememberQueueUrl,
  rememberTopicArn,
  topicArn,
} from '../../src/topology/resolve.js';
import { awsError, queueArnOf, queueUrlOf, topicArnOf } from '../helpers/fakeAccount.js';
import { type FakeClient, fakeClient } from '../helpers/fakeClient.js';
import { at, marbles } from '../helpers/marbles.js';

const users = topic('users', t.string);
const orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });
const QUEUE = 'dev-users-billing-queue';
const QUEUE_URL = queueUrlOf(QUEUE);
const throttled = awsError('GetQueueUrl', 'Throttling', true);
const missing = awsError('GetQueueUrl', 'QueueDoesNotExist');

/** What a source gives before subscribe returns. */
function valueNow<T>(source: Observable<T>): T | undefined {
  let value: T | undefined;
  source.subscribe((next) => {
    value = next;
  });
  return value;
}

function errorNow(source: Observable<unknown>): unknown {
  let error: unknown;
  source.subscribe({
    error: (thrown: unknown) => {
      error = thrown;
    },
  });
  return error;
}

const made = ({ requests }: FakeClient): readonly string[] => requests.map(({ call }) => call);

describe('topicArn', () => {
  const arnWith = (settings: Partial<PortSettings>, subject = users): string | undefined =>
    valueNow(topicArn(fakeClient({}, settings).client.port, subject));

  it('is built from accountId and region, at once and without a call', () => {
    expect(arnWith({})).to.equal('arn:aws:sns:eu-west-1:123456789012:dev-users');
    expect(arnWith({}, orders)).to.equal('arn:aws:sns:eu-west-1:123456789012:dev-orders.fifo');
    expect(arnWith({ region: 'cn-north-1' })).to.equal('arn:aws-cn:sns:cn-north-1:123456789012:dev-users');
    expect(arnWith({ region: 'us-gov-west-1' })).to.equal('arn:aws-us-gov:sns:us-gov-west-1:123456789012:dev-users');
  });

  it('is what topicMap says, to the letter, or built around the name it says', () => {
    const arn = 'arn:aws-iso:sns:us-iso-east-1:999999999999:users';
    expect(arnWith({ topicMap: { users: arn } })).to.equal(arn);
    expect(arnWith({ topicMap: { users: arn }, accountId: undefined })).to.equal(arn);
    expect(arnWith({ topicMap: { users: 'legacy' } })).to.equal(topicArnOf('legacy'));
  });

  it('is what provision found on this client', () => {
    const { port } = fakeClient({}, { accountId: undefined }).client;
    rememberTopicArn(port, users, 'arn:aws:sns:eu-west-1:000000000000:dev-users');
    expect(valueNow(topicArn(port, users))).to.equal('arn:aws:sns:eu-west-1:000000000000:dev-users');
    expect(errorNow(topicArn(port, orders))).to.be.instanceOf(ConfigurationError);
    expect(errorNow(topicArn(fakeClient({}, { accountId: undefined }).client.port, users))).to.be.instanceOf(
      ConfigurationError,
    );
  });

  it('is rather what provision found than what is built', () => {
    const { port } = fakeClient({}).client;
    rememberTopicArn(port, users, 'arn:aws:sns:eu-west-1:000000000000:dev-users');
    expect(valueNow(topicArn(port, users))).to.equal('arn:aws:sns:eu-west-1:000000000000:dev-users');
  });

  it('can not be found: names the three things to give, and makes no call', () => {
    const fake = fakeClient({}, { accountId: undefined, topicMap: { users: 'legacy' } });
    expect(errorNow(topicArn(fake.client.port, users)))
      .to.be.instanceOf(ConfigurationError)
      .with.property(
        'message',
        'ARN of topic users: give `accountId`, or its ARN in `topicMap`, or run `provision` on this client first',
      );
    expect(fake.requests).to.deep.equal([]);
  });

  it('of an impossible name is an error of the stream', () => {
    expect(errorNow(topicArn(fakeClient({}, { environment: '' }).client.port, { ...users, name: ' ' })))
      .to.be.instanceOf(ConfigurationError)
      .with.property('topic', ' ');
  });
});

describe('queueUrl', () => {
  it('is what queueMap says, where that is a URL, without a call', () => {
    const fake = fakeClient({}, { queueMap: { users: 'http://localhost:9324/queue/users' } });
    expect(valueNow(queueUrl(fake.client.port, users))).to.equal('http://localhost:9324/queue/users');
    expect(fake.requests).to.deep.equal([]);
  });

  it('is looked up by derived name, by name, and by ARN in the account that owns it', () => {
    const calls = { getQueueUrl: () => of(QUEUE_URL) };
    const asked = (queueMap: Record<string, string>): unknown => {
      const fake = fakeClient(calls, { queueMap });
      expect(valueNow(queueUrl(fake.client.port, users))).to.equal(QUEUE_URL);
      return fake.requests.map(({ request }) => request);
    };
    expect(asked({})).to.deep.equal([{ queueName: QUEUE, accountId: undefined }]);
    expect(asked({ users: 'legacy' })).to.deep.equal([{ queueName: 'legacy', accountId: undefined }]);
    expect(asked({ users: 'arn:aws:sqs:eu-west-1:999999999999:theirs' })).to.deep.equal([
      { queueName: 'theirs', accountId: '999999999999' },
    ]);
  });

  it('is cold, and remembered once found', () => {
    const fake = fakeClient({ getQueueUrl: () => of(QUEUE_URL) });
    const url$ = queueUrl(fake.client.port, users);
    expect(made(fake)).to.deep.equal([]);
    expect([valueNow(url$), valueNow(url$), valueNow(queueUrl(fake.client.port, users))]).to.deep.equal([
      QUEUE_URL,
      QUEUE_URL,
      QUEUE_URL,
    ]);
    expect(made(fake)).to.deep.equal(['getQueueUrl']);
  });

  it('is remembered by queue and by client', () => {
    const first = fakeClient({ getQueueUrl: ({ queueName }) => of(queueUrlOf(queueName)) });
    const second = fakeClient({ getQueueUrl: () => of('second') });
    expect(valueNow(queueUrl(first.client.port, users))).to.equal(QUEUE_URL);
    expect(valueNow(queueUrl(first.client.port, orders))).to.equal(queueUrlOf('dev-orders-billing-queue.fifo'));
    expect(valueNow(queueUrl(second.client.port, users))).to.equal('second');
  });

  it('is what provision made', () => {
    const fake = fakeClient({});
    rememberQueueUrl(fake.client.port, users, QUEUE_URL);
    expect(valueNow(queueUrl(fake.client.port, users))).to.equal(QUEUE_URL);
  });

  it('of no queue: says which, and who makes it, and looks again the next time', () => {
    const answers: Observable<string>[] = [throwError(() => missing)];
    const { port } = fakeClient({ getQueueUrl: () => answers.shift() ?? of(QUEUE_URL) }).client;
    const error = errorNow(queueUrl(port, users));
    expect(error)
      .to.be.instanceOf(SubscriptionNotFoundError)
      .with.property('message', `there is no queue ${QUEUE}; provision() makes it`);
    expect(error).to.deep.include({ topic: 'users', queue: QUEUE, cause: missing });
    expect(valueNow(queueUrl(port, users))).to.equal(QUEUE_URL);
  });

  it('passes other errors on as they are', () => {
    const denied = awsError('GetQueueUrl', 'AccessDenied');
    const { port } = fakeClient({ getQueueUrl: () => throwError(() => denied) }).client;
    expect(errorNow(queueUrl(port, users))).to.equal(denied);
  });

  it('is asked for again, with backoff, while AWS can not be reached', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const answers = [cold('1ms #', undefined, throttled), cold('1ms #', undefined, throttled)];
      const fake = fakeClient({ getQueueUrl: () => answers.shift() ?? cold('1ms (u|)', { u: QUEUE_URL }) });
      // Half of 100 ms, then half of 200 ms.
      expectObservable(queueUrl(fake.client.port, users)).toBe('153ms (u|)', { u: QUEUE_URL });
      flush();
      expect(made(fake)).to.have.length(3);
    });
  });

  it('errors with the last error once the retries are used up', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const fake = fakeClient({ getQueueUrl: () => cold('#', undefined, throttled) }, { retryAttempts: 1 });
      expectObservable(queueUrl(fake.client.port, users)).toBe('50ms #', undefined, throttled);
      flush();
      expect(made(fake)).to.have.length(2);
    });
  });

  it('is asked for once by those who ask at the same time', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('  ----(u|)  ', { u: QUEUE_URL });
      const subs = '         ^---!     ';
      const { port } = fakeClient({ getQueueUrl: () => answer }).client;
      expectObservable(queueUrl(port, users)).toBe('           ----(u|)', { u: QUEUE_URL });
      expectObservable(queueUrl(port, users), '  --^------').toBe('----(u|)', { u: QUEUE_URL });
      expectObservable(queueUrl(port, users), '  ------^--').toBe('------(u|)', { u: QUEUE_URL });
      expectSubscriptions(answer.subscriptions).toBe(subs);
    });
  });
});

describe('deadLetterQueueUrl', () => {
  const DLQ = `${QUEUE}-dlq`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArnOf(DLQ), maxReceiveCount: 5 });
  const DLQ_URL = queueUrlOf(DLQ);

  it('is where the redrive policy of the queue points, in the account it says, and remembered', () => {
    const fake = fakeClient({ getQueueAttributes: () => of({ RedrivePolicy }), getQueueUrl: () => of(DLQ_URL) });
    const url$ = deadLetterQueueUrl(fake.client.port, QUEUE_URL);
    expect(fake.requests).to.deep.equal([]);
    expect([valueNow(url$), valueNow(url$)]).to.deep.equal([DLQ_URL, DLQ_URL]);
    expect(fake.requests).to.deep.equal([
      { call: 'getQueueAttributes', request: { queueUrl: QUEUE_URL, names: ['RedrivePolicy'] } },
      { call: 'getQueueUrl', request: { queueName: DLQ, accountId: '123456789012' } },
    ]);
  });

  it('of a queue without a redrive policy is undefined, and read again after a minute', () => {
    marbles((helpers) => {
      const { expectObservable, flush } = helpers;
      const policies = [{}, { RedrivePolicy }];
      const fake = fakeClient({
        getQueueAttributes: () => of(policies.shift() ?? {}),
        getQueueUrl: () => of(DLQ_URL),
      });
      const url$ = deadLetterQueueUrl(fake.client.port, QUEUE_URL);
      const values = { n: undefined, u: DLQ_URL };
      expectObservable(url$).toBe('                      (n|)', values);
      expectObservable(url$, '59999ms ^').toBe('59999ms (n|)', values);
      let within: readonly string[] = [];
      at(helpers, 59_999, () => {
        within = made(fake);
      });
      expectObservable(url$, '60000ms ^').toBe('60000ms (u|)', values);
      expectObservable(url$, '60001ms ^').toBe('60001ms (u|)', values);
      flush();
      expect(within).to.deep.equal(['getQueueAttributes']);
      expect(made(fake)).to.deep.equal(['getQueueAttributes', 'getQueueAttributes', 'getQueueUrl']);
    });
  });

  it('is asked for once by those who ask at the same time; one who leaves takes it from nobody', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('   ------(a|)  ', { a: { RedrivePolicy } });
      const subs = '          ^-----!     ';
      const first = '         ^--!        ';
      const second = '        -^----------';
      const expected = '      ------(u|)  ';
      const fake = fakeClient({ getQueueAttributes: () => answer, getQueueUrl: () => of(DLQ_URL) });
      const url$ = deadLetterQueueUrl(fake.client.port, QUEUE_URL);
      expectObservable(url$, first).toBe('-');
      expectObservable(url$, second).toBe(expected, { u: DLQ_URL });
      expectSubscriptions(answer.subscriptions).toBe(subs);
    });
  });

  it('is no longer asked for when all have left, and anew by the next', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('   ------(a|)       ', { a: {} });
      const subs = ['         ^--!             ', '----^-----!     '];
      const { port } = fakeClient({ getQueueAttributes: () => answer }).client;
      expectObservable(deadLetterQueueUrl(port, QUEUE_URL), '^--!        ').toBe('-');
      expectObservable(deadLetterQueueUrl(port, QUEUE_URL), '----^-------').toBe('----------(n|)', { n: undefined });
      expectSubscriptions(answer.subscriptions).toBe(subs);
    });
  });

  it('is shared also where an absence has grown old', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('--(a|)', { a: {} });
      const { port } = fakeClient({ getQueueAttributes: () => answer }).client;
      const url$ = deadLetterQueueUrl(port, QUEUE_URL);
      expectObservable(url$).toBe('--(n|)', { n: undefined });
      expectObservable(url$, '70s ^').toBe('70s --(n|)', { n: undefined });
      expectObservable(url$, '70s -^').toBe('70s --(n|)', { n: undefined });
      expectSubscriptions(answer.subscriptions).toBe(['^-!', '70s ^-!']);
    });
  });

  it('passes errors on, and forgets them', () => {
    const denied = awsError('GetQueueAttributes', 'AccessDenied');
    marbles(({ cold, expectObservable }) => {
      const answers = [cold<object>('-#', undefined, denied), cold('-(a|)', { a: {} })];
      const { port } = fakeClient({
        getQueueAttributes: () => answers.shift() ?? of({}),
      }).client;
      expectObservable(deadLetterQueueUrl(port, QUEUE_URL)).toBe('-#', undefined, denied);
      expectObservable(deadLetterQueueUrl(port, QUEUE_URL), '----^').toBe('-----(n|)', { n: undefined });
    });
  });

  it('that does not exist, though the policy names it, is an error that names it', () => {
    marbles(({ cold, flush }) => {
      const { port } = fakeClient({
        getQueueAttributes: () => of({ RedrivePolicy }),
        getQueueUrl: () => cold('#', undefined, missing),
      }).client;
      const errors: unknown[] = [];
      deadLetterQueueUrl(port, QUEUE_URL).subscribe({ error: (error: unknown) => errors.push(error) });
      flush();
      expect(errors[0])
        .to.be.instanceOf(SubscriptionNotFoundError)
        .with.property(
          'message',
          `the dead-letter queue ${DLQ} does not exist, though the redrive policy of its queue names it`,
        );
      expect(errors[0]).to.have.property('queue', QUEUE_URL);
    });
  });
});
