import { expect } from 'chai';
import { EmptyError, firstValueFrom, type Observable } from 'rxjs';
import { abortableCall } from '../../src/client/abortableCall.js';
import { AWSConnectionError } from '../../src/errors.js';

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
    const call = abortableCall('getQueueUrl', ({ queueName }) =>
      Promise.resolve(`url ${String(sent.push(queueName))}`),
    );
    const call$ = call({ queueName: 'q' });
    expect(sent).to.deep.equal([]);
    expect(await outcome(call$)).to.equal('url 1');
    expect(await outcome(call$)).to.equal('url 2');
    expect(sent).to.deep.equal(['q', 'q']);
  });

  it('completes after its one value, and aborts nothing then', async () => {
    const seen: unknown[] = [];
    let given: AbortSignal | undefined;
    const call = abortableCall('getQueueUrl', (_, signal) => {
      given = signal;
      return Promise.resolve('url');
    });
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
    expect(given?.aborted).to.equal(false);
  });

  it('aborts by unsubscribe, and says nothing after it', async () => {
    let signal: AbortSignal | undefined;
    let answer: (url: string) => void = () => undefined;
    const answer$ = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const call = abortableCall('getQueueUrl', (_, given) => {
      signal = given;
      return answer$;
    });
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
      (_, signal) =>
        new Promise<string>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('Request aborted'));
          });
        }),
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
    const call = abortableCall('getQueueUrl', () =>
      Promise.reject(Object.assign(new Error('secret'), { name: 'QueueDoesNotExist' })),
    );
    expect(await outcome(call({ queueName: 'q' })))
      .to.be.instanceOf(AWSConnectionError)
      .and.include({ code: 'QueueDoesNotExist', operation: 'GetQueueUrl', retryable: false });
  });

  it('names, in its error, the topic or queue it was about', async () => {
    const missing = Object.assign(new Error('no'), { name: 'QueueDoesNotExist' });
    const textOf = async (queueName: string): Promise<string> => {
      const error = await outcome(abortableCall('getQueueUrl', () => Promise.reject(missing))({ queueName }));
      return error instanceof AWSConnectionError ? error.message : error;
    };
    const text = 'failed: QueueDoesNotExist (the queue does not exist)';
    expect(await textOf('dev-users.fifo')).to.equal(`GetQueueUrl of dev-users.fifo ${text}`);
    expect(await textOf('https://sqs/1/dev-users')).to.equal(`GetQueueUrl of dev-users ${text}`);
    expect(await textOf('arn:aws:sns:x:1:dev-users')).to.equal(`GetQueueUrl of dev-users ${text}`);
    expect(await textOf('dev users ?')).to.equal(`GetQueueUrl ${text}`);
  });
});
