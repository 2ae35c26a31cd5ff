import { expect } from 'chai';
import { map, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import type { BatchRequest, BatchResponse, DeleteEntry } from '../../src/client/client.js';
import { createSettlementBatcher, type SettlementBatcher } from '../../src/consumer/settlementBatcher.js';
import { AWSConnectionError } from '../../src/errors.js';
import { fakeClient, type FakeClient } from '../helpers/fakeClient.js';
import { at, marbles, type Marbles } from '../helpers/marbles.js';
import { allDone, allFailed, contextOf } from '../helpers/raw.js';

type Answer = (request: BatchRequest<DeleteEntry>) => Observable<BatchResponse>;

interface Fixture extends FakeClient {
  readonly batcher: SettlementBatcher;
  /** `time: handles` of every call. */
  readonly calls: string[];
  /** `time: handle`, and the code where it failed, of every entry's end. */
  readonly ends: string[];
  push(handle: string, expiresAt?: number): void;
}

function batcherOf({ scheduler }: Marbles, answer: Answer): Fixture {
  const calls: string[] = [];
  const ends: string[] = [];
  const fake = fakeClient({
    deleteBatch: (request) => {
      calls.push(`${String(scheduler.now())}: ${request.entries.map(({ receiptHandle }) => receiptHandle).join(' ')}`);
      return answer(request);
    },
  });
  const batcher = createSettlementBatcher(contextOf(fake), 'deleteBatch', 10);
  const end = (text: string): void => {
    ends.push(`${String(scheduler.now())}: ${text}`);
  };
  return {
    ...fake,
    batcher,
    calls,
    ends,
    push: (handle, expiresAt = 15_000) => {
      batcher.push({
        receiptHandle: handle,
        visibilityTimeoutSeconds: 0,
        expiresAt,
        onConfirmed: () => {
          end(handle);
        },
        onFailed: ({ code }) => {
          end(`${handle} ${code}`);
        },
      });
    },
  };
}

const done: Answer = (request) => timer(5).pipe(map(() => allDone(request)));
const fault = (code: string, retryable: boolean): AWSConnectionError =>
  new AWSConnectionError({ operation: 'DeleteMessageBatch', code, retryable });

describe('settlementBatcher', () => {
  it('sends ten at once, the rest after a short linger, and confirms each', () => {
    marbles((m) => {
      const { calls, ends, push } = batcherOf(m, done);
      at(m, 0, () => {
        for (const handle of 'abcdefghijkl') push(handle);
      });
      m.flush();
      expect(calls).to.deep.equal(['0: a b c d e f g h i j', '20: k l']);
      expect(ends).to.deep.equal([...Array.from('abcdefghij', (h) => `5: ${h}`), '25: k', '25: l']);
    });
  });

  it('never lingers past a lease', () => {
    marbles((m) => {
      const { calls, push } = batcherOf(m, done);
      at(m, 0, () => {
        push('a', 40);
      });
      m.flush();
      expect(calls).to.deep.equal(['0: a']);
    });
  });

  it('sends what lingers on flush', () => {
    marbles((m) => {
      const { batcher, calls, push } = batcherOf(m, done);
      at(m, 0, () => {
        push('a');
        batcher.flush();
      });
      m.flush();
      expect(calls).to.deep.equal(['0: a']);
    });
  });

  it('confirms the entries that succeeded, and tries each that failed again alone', () => {
    marbles((m) => {
      let call = 0;
      const answer: Answer = (request) => {
        call += 1;
        const [first, ...rest] = request.entries.map(({ id }) => ({ id }));
        if (call > 1 || first === undefined) return of(allDone(request));
        return of({
          successful: [first],
          failed: rest.map(({ id }) => ({ id, code: 'InternalError', senderFault: false })),
        });
      };
      const { calls, ends, push } = batcherOf(m, answer);
      at(m, 0, () => {
        for (const handle of 'abc') push(handle);
      });
      m.flush();
      expect(calls).to.deep.equal(['20: a b c', '70: b', '70: c']);
      expect(ends).to.deep.equal(['20: a', '70: b', '70: c']);
    });
  });

  it('fails an entry that SQS refuses at once', () => {
    marbles((m) => {
      const { calls, ends, push } = batcherOf(m, (request) => of(allFailed(request, 'ReceiptHandleIsInvalid', true)));
      at(m, 0, () => {
        push('a');
      });
      m.flush();
      expect(calls).to.have.length(1);
      expect(ends).to.deep.equal(['20: a ReceiptHandleIsInvalid']);
    });
  });

  it('tries a call that failed again as a whole: no settlement hangs when a batch call rejects (squiss-ts)', () => {
    marbles((m) => {
      let call = 0;
      const answer: Answer = (request) => {
        call += 1;
        return call === 1 ? throwError(() => fault('ECONNRESET', true)) : done(request);
      };
      const { calls, ends, push } = batcherOf(m, answer);
      at(m, 0, () => {
        for (const handle of 'ab') push(handle);
      });
      m.flush();
      expect(calls).to.deep.equal(['20: a b', '70: a b']);
      expect(ends).to.deep.equal(['75: a', '75: b']);
    });
  });

  it('gives up at once where AWS refuses the call for good', () => {
    marbles((m) => {
      const { ends, push } = batcherOf(m, () => throwError(() => fault('AccessDenied', false)));
      at(m, 0, () => {
        push('a');
      });
      m.flush();
      expect(ends).to.deep.equal(['20: a AccessDenied']);
    });
  });

  it('keeps trying until the lease ends, and retryAttempts times at least', () => {
    marbles((m) => {
      const { calls, ends, push } = batcherOf(m, () => throwError(() => fault('Throttling', true)));
      at(m, 0, () => {
        push('short', 0);
        push('long', 10_000);
      });
      m.flush();
      const tries = (handle: string): number => calls.filter((call) => call.includes(handle)).length;
      expect(tries('short')).to.equal(4);
      expect(ends[0]).to.equal('350: short Throttling');
      expect(tries('long')).to.be.greaterThan(6);
      expect(Number.parseInt(ends[1] ?? '', 10)).to.be.within(10_000, 13_000);
    });
  });

  it('does not let retries hold up other settlements', () => {
    marbles((m) => {
      const answer: Answer = (request) =>
        request.entries.some(({ receiptHandle }) => receiptHandle.startsWith('bad'))
          ? throwError(() => fault('Throttling', true))
          : done(request);
      const { ends, push, batcher } = batcherOf(m, answer);
      at(m, 0, () => {
        for (let index = 0; index < 100; index += 1) push(`bad${String(index)}`);
        batcher.flush();
      });
      at(m, 10, () => {
        push('good');
      });
      m.flush();
      expect(ends[0]).to.equal('35: good');
    });
  });

  it('ends once everything has its answer, and holds no timer after', () => {
    marbles((m) => {
      const { batcher, ends, push } = batcherOf(m, done);
      at(m, 0, () => {
        push('a');
        batcher.complete();
      });
      m.flush();
      expect(ends).to.deep.equal(['5: a']);
      expect(m.scheduler.now()).to.be.lessThan(31_000);
    });
  });

  it('tells what is left when the client closes for good, and what comes after', () => {
    marbles((m) => {
      const { client, ends, push } = batcherOf(m, () => NEVER);
      at(m, 0, () => {
        push('a');
        client.port.hold();
        void client.close().catch(() => undefined);
      });
      at(m, 30_001, () => {
        push('b');
      });
      m.flush();
      expect(ends).to.deep.equal(['30000: a CloseTimeout', '30001: b CloseTimeout']);
    });
  });
});
