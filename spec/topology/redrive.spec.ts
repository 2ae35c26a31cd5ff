import { expect } from 'chai';
import * as t from 'io-ts';
import { asyncScheduler, EMPTY, map, type Observable, of, throwError, timer } from 'rxjs';
import type { AwsCalls, BatchResponse, Call, SendEntry } from '../../src/client/client.js';
import { AWSConnectionError, ConfigurationError, SubscriptionNotFoundError } from '../../src/errors.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { fifoTopic, topic } from '../../src/topic.js';
import { redrive, type RedriveProgress } from '../../src/topology/redrive.js';
import { awsError, queueArnOf, queueUrlOf } from '../helpers/fakeAccount.js';
import { type FakeClient, fakeClient } from '../helpers/fakeClient.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';
import { raw } from '../helpers/raw.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const users = topic('users', t.string);
const orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });
const QUEUE_URL = queueUrlOf('dev-users-billing-queue');
const DLQ = 'dev-users-billing-queue-dlq';
const DLQ_URL = queueUrlOf(DLQ);

/** A dead-letter queue and its queue; every call takes 1 ms, an empty poll its wait. */
interface Letters {
  readonly calls: Partial<AwsCalls>;
  /** In the dead-letter queue; a received one is hidden for its visibility timeout. */
  readonly dead: { readonly message: RawMessage; visibleAt: number }[];
  /** Sent to the queue, in order. */
  readonly sent: SendEntry[];
}

/** Answers that fail, by message id: an entry of a send, an entry of a deletion. */
interface Faults {
  readonly send?: readonly string[];
  readonly delete?: readonly string[];
}

function letters(messages: readonly RawMessage[], faults: Faults = {}): Letters {
  const dead = messages.map((message) => ({ message, visibleAt: 0 }));
  const sent: SendEntry[] = [];
  const answer = <E extends { readonly id: string }>(
    entries: readonly E[],
    isFine: (entry: E) => boolean,
  ): Observable<BatchResponse> =>
    timer(1).pipe(
      map(() => ({
        successful: entries.filter(isFine).map(({ id }) => ({ id })),
        failed: entries
          .filter((entry) => !isFine(entry))
          .map(({ id }) => ({ id, code: 'InternalError', senderFault: false })),
      })),
    );
  return {
    dead,
    sent,
    calls: {
      getQueueUrl: ({ queueName }) => of(queueUrlOf(queueName)),
      getQueueAttributes: () =>
        of({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArnOf(DLQ), maxReceiveCount: 5 }) }),
      receive: ({ maxMessages, waitTimeSeconds, visibilityTimeoutSeconds }) => {
        const visible = dead.filter(({ visibleAt }) => visibleAt <= asyncScheduler.now()).slice(0, maxMessages);
        for (const letter of visible) letter.visibleAt = asyncScheduler.now() + visibilityTimeoutSeconds * 1_000;
        return timer(visible.length === 0 ? waitTimeSeconds * 1_000 : 1).pipe(
          map(() => visible.map(({ message }) => message)),
        );
      },
      sendBatch: ({ entries }) => {
        const isFine = ({ body }: SendEntry): boolean => !(faults.send ?? []).includes(body);
        sent.push(...entries.filter(isFine));
        return answer(entries, isFine);
      },
      deleteBatch: ({ entries }) => {
        const isFine = ({ receiptHandle }: { readonly receiptHandle: string }): boolean =>
          !(faults.delete ?? []).includes(receiptHandle);
        for (const entry of entries.filter(isFine)) {
          const index = dead.findIndex(({ message }) => message.receiptHandle === entry.receiptHandle);
          dead.splice(index, 1);
        }
        return answer(entries, isFine);
      },
    },
  };
}

/** A dead letter whose body is its id. */
const letter = (id: string, more: Partial<RawMessage> = {}): RawMessage =>
  raw(id, { body: id, sentTimestamp: 0, ...more });
const several = (count: number): readonly RawMessage[] =>
  Array.from({ length: count }, (_, index) => letter(`m${String(index)}`));
const bodies = ({ sent }: Letters): readonly string[] => sent.map(({ body }) => body);
const leftIn = ({ dead }: Letters): readonly string[] => dead.map(({ message }) => message.messageId);
const made = ({ requests }: FakeClient): readonly string[] => requests.map(({ call }) => call);

/** One batch takes 3 ms: receive, send, delete; the end takes two empty polls of 1 s. */
function expectProgress(
  { expectObservable, flush }: Marbles,
  progress: Observable<RedriveProgress>,
  diagram: string,
  values: Record<string, RedriveProgress> = {},
  error?: unknown,
): void {
  expectObservable(progress).toBe(diagram, values, error);
  flush();
}

describe('redrive', () => {
  it('moves every dead letter back, and completes when the dead-letter queue stays empty', () => {
    marbles((helpers) => {
      const queues = letters(several(23));
      const fake = fakeClient(queues.calls);
      expectProgress(helpers, redrive(fake.client, users), '---a--b--c 1999ms |', {
        a: { moved: 10, failed: 0 },
        b: { moved: 20, failed: 0 },
        c: { moved: 23, failed: 0 },
      });
      expect(bodies(queues)).to.deep.equal(several(23).map(({ messageId }) => messageId));
      expect(leftIn(queues)).to.deep.equal([]);
      expect(fake.requests.find(({ call }) => call === 'receive')?.request).to.deep.equal({
        queueUrl: DLQ_URL,
        maxMessages: 10,
        waitTimeSeconds: 1,
        visibilityTimeoutSeconds: 120,
      });
      expect(fake.requests.find(({ call }) => call === 'sendBatch')?.request).to.have.property('queueUrl', QUEUE_URL);
      expect(fake.requests.find(({ call }) => call === 'deleteBatch')?.request).to.have.property('queueUrl', DLQ_URL);
    });
  });

  it('is cold', () => {
    const fake = fakeClient({});
    void redrive(fake.client, users);
    expect(fake.requests).to.deep.equal([]);
  });

  it('of an empty dead-letter queue says that nothing was moved', () => {
    marbles((helpers) => {
      const queues = letters([]);
      expectProgress(helpers, redrive(fakeClient(queues.calls).client, users), '2s (a|)', {
        a: { moved: 0, failed: 0 },
      });
    });
  });

  it('moves no more than the limit, in whole messages', () => {
    marbles((helpers) => {
      const queues = letters(several(15));
      const fake = fakeClient(queues.calls);
      expectProgress(helpers, redrive(fake.client, users, { limit: 12.9 }), '---a--(b|)', {
        a: { moved: 10, failed: 0 },
        b: { moved: 12, failed: 0 },
      });
      expect(leftIn(queues)).to.deep.equal(['m12', 'm13', 'm14']);
      const asked = fake.requests.filter(({ call }) => call === 'receive').map(({ request }) => request);
      expect(asked.map((request) => (request as { maxMessages: number }).maxMessages)).to.deep.equal([10, 2]);
    });
  });

  it('deletes only what SQS confirmed to have taken; the rest stays', () => {
    marbles((helpers) => {
      const queues = letters(several(3), { send: ['m1'] });
      expectProgress(helpers, redrive(fakeClient(queues.calls).client, users), '---a 1999ms |', {
        a: { moved: 2, failed: 1 },
      });
      expect(bodies(queues)).to.deep.equal(['m0', 'm2']);
      expect(leftIn(queues)).to.deep.equal(['m1']);
    });
  });

  it('counts as failed what could not be deleted', () => {
    marbles((helpers) => {
      const queues = letters(several(2), { delete: ['handle-m0'] });
      expectProgress(helpers, redrive(fakeClient(queues.calls).client, users), '---a 1999ms |', {
        a: { moved: 1, failed: 1 },
      });
      expect(leftIn(queues)).to.deep.equal(['m0']);
    });
  });

  it('deletes nothing where nothing could be sent', () => {
    marbles((helpers) => {
      const queues = letters(several(1), { send: ['m0'] });
      const fake = fakeClient(queues.calls);
      expectProgress(helpers, redrive(fake.client, users), '--a 1999ms |', { a: { moved: 0, failed: 1 } });
      expect(made(fake)).not.to.include('deleteBatch');
    });
  });

  it('loses nothing wherever it is stopped', () => {
    for (const stopAfterMs of [0, 1, 2, 3, 4, 5, 6, 7]) {
      marbles(({ expectObservable, flush }) => {
        const queues = letters(several(20));
        const unsub = `${String(stopAfterMs)}ms !`;
        expectObservable(redrive(fakeClient(queues.calls).client, users), unsub);
        flush();
        expect(new Set([...bodies(queues), ...leftIn(queues)]).size, unsub).to.equal(20);
      });
    }
  });

  it('stops on unsubscribe, the poll under way with it', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const receive = cold<never>('-------');
      const unsub = '          --!';
      const subs = '           ^-!';
      const fake = fakeClient({ ...letters([]).calls, receive: () => receive });
      expectObservable(redrive(fake.client, users), unsub).toBe('-');
      expectSubscriptions(receive.subscriptions).toBe(subs);
    });
  });

  it('leaves what came after it began, so that what fails again does not go round and round', () => {
    marbles((helpers) => {
      const queues = letters([
        letter('old', { sentTimestamp: 5 }),
        letter('new', { sentTimestamp: 6 }),
        letter('untold'),
      ]);
      const untold = queues.dead[2];
      if (untold !== undefined) queues.dead[2] = { ...untold, message: raw('untold', { body: 'untold' }) };
      helpers.expectObservable(redrive(fakeClient(queues.calls).client, users), '5ms ^').toBe('5ms ---a 1999ms |', {
        a: { moved: 2, failed: 0 },
      });
      helpers.flush();
      expect(leftIn(queues)).to.deep.equal(['new']);
    });
  });

  it('gives up after two polls that bring only what came after it began', () => {
    marbles((helpers) => {
      const later = Array.from({ length: 30 }, (_, index) => letter(String(index), { sentTimestamp: 1 }));
      const queues = letters(later);
      const fake = fakeClient(queues.calls);
      expectProgress(helpers, redrive(fake.client, users), '--(a|)', { a: { moved: 0, failed: 0 } });
      expect(made(fake).filter((call) => call === 'receive')).to.have.length(2);
      expect(leftIn(queues)).to.have.length(30);
    });
  });

  it('of a FIFO queue keeps the order of each group, with an id that stays', () => {
    marbles((helpers) => {
      const group = (id: string): RawMessage => letter(id, { groupId: id.charAt(0), deduplicationId: 'first' });
      const queues = letters(['a1', 'b1', 'a2', 'a3', 'b2'].map(group));
      expectProgress(helpers, redrive(fakeClient(queues.calls).client, orders), '5ms a 1999ms |', {
        a: { moved: 5, failed: 0 },
      });
      expect(queues.sent.map(({ body, groupId, deduplicationId }) => [body, groupId, deduplicationId])).to.deep.equal([
        ['a1', 'a', 'a1'],
        ['b1', 'b', 'b1'],
        ['a2', 'a', 'a2'],
        ['a3', 'a', 'a3'],
        ['b2', 'b', 'b2'],
      ]);
    });
  });

  it('of a FIFO group sends nothing any more once one of it failed', () => {
    marbles((helpers) => {
      const group = (id: string): RawMessage => letter(id, { groupId: id.charAt(0) });
      const queues = letters(['a1', 'b1', 'a2', 'b2', 'a3'].map(group), { send: ['a1'] });
      const fake = fakeClient(queues.calls);
      expectProgress(helpers, redrive(fake.client, orders), '4ms a 1999ms |', { a: { moved: 2, failed: 3 } });
      expect(made(fake).filter((call) => call === 'sendBatch')).to.have.length(2);
      expect(bodies(queues)).to.deep.equal(['b1', 'b2']);
      expect(leftIn(queues)).to.deep.equal(['a1', 'a2', 'a3']);
    });
  });

  it('of a standard queue sends the rest of a tenant though one of it failed', () => {
    marbles((helpers) => {
      const tenant = (id: string): RawMessage => letter(id, { groupId: 'tenant' });
      const big = { body: 'x'.repeat(700_000) };
      const queues = letters([{ ...tenant('a'), ...big }, tenant('b'), { ...tenant('c'), ...big }], { send: ['b'] });
      expectProgress(helpers, redrive(fakeClient(queues.calls).client, users), '4ms a 1999ms |', {
        a: { moved: 2, failed: 1 },
      });
      expect(leftIn(queues)).to.deep.equal(['b']);
    });
  });

  it('retries calls that fail in passing', () => {
    marbles((helpers) => {
      const throttled = awsError('call', 'Throttling', true);
      const queues = letters(several(1));
      const { receive, sendBatch, deleteBatch } = queues.calls;
      const failed = new Set<string>();
      const flaky = <Q, R>(name: string, call: Call<Q, R> | undefined): Call<Q, R> => {
        return (request) => {
          if (failed.has(name)) return call?.(request) ?? EMPTY;
          failed.add(name);
          return throwError(() => throttled);
        };
      };
      const { client } = fakeClient({
        ...queues.calls,
        receive: flaky('receive', receive),
        sendBatch: flaky('sendBatch', sendBatch),
        deleteBatch: flaky('deleteBatch', deleteBatch),
      });
      // Half of 100 ms for each.
      expectProgress(helpers, redrive(client, users), '153ms a 1999ms |', { a: { moved: 1, failed: 0 } });
    });
  });

  it('errors where AWS refuses, with nothing deleted', () => {
    const denied = awsError('SendMessageBatch', 'AccessDenied');
    for (const call of ['receive', 'sendBatch', 'getQueueUrl', 'getQueueAttributes'] as const) {
      marbles((helpers) => {
        const queues = letters(several(1));
        const { client } = fakeClient({ ...queues.calls, [call]: () => throwError(() => denied) });
        expectProgress(helpers, redrive(client, users), call === 'sendBatch' ? '-#' : '#', {}, denied);
        expect(leftIn(queues)).to.deep.equal(['m0']);
      });
    }
  });

  it('errors without a dead-letter queue, and names the queue', () => {
    const errors: unknown[] = [];
    const { client } = fakeClient({ ...letters([]).calls, getQueueAttributes: () => of({}) });
    redrive(client, users).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors[0])
      .to.be.instanceOf(SubscriptionNotFoundError)
      .with.property('message', 'the queue has no dead-letter queue: no redrive policy names one');
    expect(errors[0]).to.deep.include({ topic: 'users', queue: QUEUE_URL });
  });

  it('ends by an error after the batch under way when the client closes, and close() waits for that', () => {
    marbles((helpers) => {
      const queues = letters(several(20));
      const { client } = fakeClient(queues.calls);
      at(helpers, 1, () => void client.close());
      const closed = new AWSConnectionError({
        operation: 'ReceiveMessage',
        code: 'ClientClosed',
        retryable: false,
        detail: 'close() was called on this client',
      });
      expectProgress(helpers, redrive(client, users), '---(a#)', { a: { moved: 10, failed: 0 } }, closed);
      expect(leftIn(queues)).to.have.length(10);
    });
  });

  it('lets go of the client in the end', () => {
    marbles(({ flush }) => {
      const { client } = fakeClient(letters([]).calls);
      redrive(client, users).subscribe();
      flush();
      let closed = false;
      client.port.closed$.subscribe(() => (closed = true));
      void client.close();
      expect(closed).to.equal(true);
    });
  });

  it('names the option that is out of its range, at once', () => {
    for (const limit of [0, -1, NaN]) {
      expect(faultsThrownBy(() => redrive(fakeClient({}).client, users, { limit }))).to.deep.equal([
        'limit: expected a number of at least 1',
      ]);
    }
    expect(() => redrive(fakeClient({}).client, users, { limit: 0 })).to.throw(ConfigurationError);
  });
});
