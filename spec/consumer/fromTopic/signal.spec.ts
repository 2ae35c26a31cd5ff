import { expect } from 'chai';
import { map, of, timer } from 'rxjs';
import { ackMap } from '../../../src/consumer/ackMap.js';
import type { HandlerContext } from '../../../src/consumer/handlerContext.js';
import type { MessagingEvent } from '../../../src/events.js';
import { fakeConsumer, type FakeConsumer, fill } from '../../helpers/fakeConsumer.js';
import { at, marbles, type Marbles } from '../../helpers/marbles.js';
import { allFailed } from '../../helpers/raw.js';

interface Cancelled {
  /** When the signal of each handler aborted, and the reason's name. */
  readonly aborts: readonly string[];
  readonly events: readonly MessagingEvent[];
  readonly left: readonly string[];
}

/** Two messages, whose handlers are promises that never end by themselves, in a consumer that something happens to. */
function cancelled(
  happen: (m: Marbles, consumer: FakeConsumer, unsubscribe: () => void) => void,
  {
    timeoutMs = Infinity,
    ...calls
  }: { timeoutMs?: number } & ReturnType<NonNullable<Parameters<typeof fakeConsumer>[0]>> = {},
): Cancelled {
  const aborts: string[] = [];
  let left: readonly string[] = [];
  const consumer = fakeConsumer(() => calls);
  marbles((m) => {
    const handler = (value: string, _message: unknown, { signal }: HandlerContext): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          const reason = signal.reason as Error;
          aborts.push(`${value} ${String(m.scheduler.now())} ${reason.name}`);
          reject(reason);
        });
      });
    at(m, 0, () => {
      fill(consumer.queue, 2);
      const consuming = consumer
        .messages$({ visibilityTimeoutSeconds: 10, maxInFlight: 2 })
        .pipe(ackMap(handler, { timeoutMs, onError: () => ({ _tag: 'ignore' }) }))
        .subscribe();
      happen(m, consumer, () => {
        consuming.unsubscribe();
      });
      at(m, 70_000, () => {
        consuming.unsubscribe();
        left = consumer.queue.ids();
      });
    });
    m.flush();
  });
  return { aborts, events: consumer.events, left };
}

const nothing = (): void => undefined;

describe('the signal of a handler that is a promise', () => {
  it('aborts on its timeout, with that error for a reason: it does not run on unheard (sqs-consumer)', () => {
    const { aborts, left } = cancelled(nothing, { timeoutMs: 100 });
    expect(aborts.slice(0, 2)).to.deep.equal(['v0 101 MessageProcessingError', 'v1 101 MessageProcessingError']);
    expect(left).to.deep.equal(['m0', 'm1']);
  });

  it('aborts when the lease is lost', () => {
    const { aborts, left } = cancelled(nothing, {
      changeVisibilityBatch: (request) => timer(1).pipe(map(() => allFailed(request, 'ReceiptHandleIsInvalid', true))),
    });
    expect(aborts.slice(0, 2)).to.deep.equal(['v0 5002 AbortError', 'v1 5002 AbortError']);
    expect(left).to.deep.equal(['m0', 'm1']);
  });

  it('aborts on unsubscribe', () => {
    const { aborts, left } = cancelled((m, _consumer, unsubscribe) => {
      at(m, 500, unsubscribe);
    });
    expect(aborts).to.deep.equal(['v0 500 AbortError', 'v1 500 AbortError']);
    expect(left).to.deep.equal(['m0', 'm1']);
  });

  it('aborts when close() has no time left, and not while it has', () => {
    const { aborts, left } = cancelled((m, { client }) => {
      at(m, 500, () => {
        // It says what was not confirmed, if anything; here all is released.
        void client.close();
      });
    });
    expect(aborts).to.deep.equal(['v0 27500 AbortError', 'v1 27500 AbortError']);
    expect(left).to.deep.equal(['m0', 'm1']);
  });

  it('does not abort what completes', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      const signals: AbortSignal[] = [];
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$()
          .pipe(
            ackMap((value, _message, { signal }) => {
              signals.push(signal);
              return of(value);
            }),
          )
          .subscribe();
        at(m, 100, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false]);
    });
  });
});
