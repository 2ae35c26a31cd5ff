import { expect } from 'chai';
import { EmptyError, firstValueFrom, type Observable } from 'rxjs';
import { abortableCall } from '../../src/client/abortableCall.js';
import { signalOf } from '../../src/client/handOver.js';
import { AWSConnectionError } from '../../src/errors.js';

interface Command {
  readonly input: { readonly name: string };
}
const command = ({ queueName }: { readonly queueName: string }): Command => ({ input: { name: queueName } });

/** What a call comes to: its values, and how it ended. */
async function outcome<T>(call$: Observable<T>): Promise<T | AWSConnectionError> {
  try {
    return await firstValueFrom(call$);
  } catch (error) {
    if (error instanceof EmptyError || !(error instanceof AWSConnectionError)) throw error;
    return error;
  }
}

describe('abortableCall', () => {
  it('sends nothing before it is subscribed, and once for each subscription', async () => {
    const sent: string[] = [];
    const call = abortableCall(
      'getQueueUrl',
      command,
      ({ input }) => Promise.resolve(sent.push(input.name)),
      (count) => `url ${String(count)}`,
    );
    const call$ = call({ queueName: 'q' });
    expect(sent).to.deep.equal([]);
    expect(await outcome(call$)).to.equal('url 1');
    expect(await outcome(call$)).to.equal('url 2');
    expect(sent).to.deep.equal(['q', 'q']);
  });

  it('completes after its one value', async () => {
    const seen: unknown[] = [];
    const call = abortableCall(
      'getQueueUrl',
      command,
      () => Promise.resolve('url'),
      (url) => url,
    );
    await new Promise<void>((resolve) => {
      call({ queueName: 'q' }).subscribe({
        next: (value) => seen.push(value),
        complete: () => {
          seen.push('complete');
          resolve();
        },
      });
    });
    expect(seen).to.deep.equal(['url', 'complete']);
  });

  it('aborts by unsubscribe, and says nothing after it', async () => {
    let signal: AbortSignal | undefined;
    let answer: (url: string) => void = () => undefined;
    const answer$ = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const call = abortableCall(
      'getQueueUrl',
      command,
      ({ input }) => {
        signal = signalOf(input);
        return answer$;
      },
      (url) => url,
    );
    const seen: unknown[] = [];
    const subscription = call({ queueName: 'q' }).subscribe({
      next: (value) => seen.push(value),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    });
    expect(signal?.aborted).to.equal(false);
    subscription.unsubscribe();
    expect(signal?.aborted).to.equal(true);
    answer('too late');
    await answer$;
    expect(seen).to.deep.equal([]);
  });

  it('swallows what an aborted call ends with', async () => {
    const call = abortableCall(
      'getQueueUrl',
      command,
      ({ input }) =>
        new Promise<string>((_resolve, reject) => {
          signalOf(input)?.addEventListener('abort', () => {
            reject(new Error('Request aborted'));
          });
        }),
      (url) => url,
    );
    const errors: unknown[] = [];
    const unhandled = (error: unknown): void => {
      errors.push(error);
    };
    process.on('unhandledRejection', unhandled);
    try {
      call({ queueName: 'q' })
        .subscribe({ error: (error: unknown) => errors.push(error) })
        .unsubscribe();
      // Node reports a rejection nobody handled once the microtasks are done.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', unhandled);
    }
    expect(errors).to.deep.equal([]);
  });

  it('fails with a typed error of the operation', async () => {
    const call = abortableCall(
      'getQueueUrl',
      command,
      () => Promise.reject(Object.assign(new Error('secret'), { name: 'QueueDoesNotExist' })),
      () => 'url',
    );
    expect(await outcome(call({ queueName: 'q' })))
      .to.be.instanceOf(AWSConnectionError)
      .and.include({ code: 'QueueDoesNotExist', operation: 'GetQueueUrl', retryable: false });
  });

  it('fails alike when the command can not be made, or is thrown out', async () => {
    const refusing = abortableCall(
      'getQueueUrl',
      (): Command => {
        throw new TypeError('secret');
      },
      () => Promise.resolve('url'),
      (url) => url,
    );
    const throwing = abortableCall(
      'getQueueUrl',
      command,
      () => {
        throw new TypeError('secret');
      },
      () => 'url',
    );
    for (const call of [refusing, throwing]) {
      expect(await outcome(call({ queueName: 'q' })))
        .to.be.instanceOf(AWSConnectionError)
        .and.include({ code: 'Unknown', operation: 'GetQueueUrl', retryable: false });
    }
  });

  it('takes an answer that can not be read for a bad one', async () => {
    const call = abortableCall(
      'receive',
      () => ({ input: {} }),
      () => Promise.resolve<readonly unknown[]>([null]),
      () => {
        throw new TypeError('secret');
      },
    );
    const request = { queueUrl: 'q', maxMessages: 1, waitTimeSeconds: 0, visibilityTimeoutSeconds: 1 };
    expect(await outcome(call(request)))
      .to.be.instanceOf(AWSConnectionError)
      .and.include({ code: 'BadResponse', operation: 'ReceiveMessage', retryable: true });
  });

  it('names, in its error, the topic or queue it was about', async () => {
    const textOf = async (answer: Promise<string>, queueName: string): Promise<string> => {
      const call = abortableCall(
        'getQueueUrl',
        command,
        () => answer,
        (url) => (url === 'bad' ? expect.fail() : url),
      );
      const error = await outcome(call({ queueName }));
      return error instanceof AWSConnectionError ? error.message : error;
    };
    const missing = Object.assign(new Error('no'), { name: 'QueueDoesNotExist' });
    const text = 'failed: QueueDoesNotExist (the queue does not exist)';
    expect(await textOf(Promise.reject(missing), 'dev-users.fifo')).to.equal(`GetQueueUrl of dev-users.fifo ${text}`);
    expect(await textOf(Promise.reject(missing), 'https://sqs/1/dev-users')).to.equal(
      `GetQueueUrl of dev-users ${text}`,
    );
    expect(await textOf(Promise.reject(missing), 'arn:aws:sns:x:1:dev-users')).to.equal(
      `GetQueueUrl of dev-users ${text}`,
    );
    expect(await textOf(Promise.reject(missing), 'dev users ?')).to.equal(`GetQueueUrl ${text}`);
    expect(await textOf(Promise.resolve('bad'), 'dev-users')).to.match(/^GetQueueUrl of dev-users failed: BadResponse/);
  });
});
