import { expect } from 'chai';
import { concat, NEVER, type Observable, ReplaySubject, throwError } from 'rxjs';
import { type Batch, poll } from '../../src/consumer/poll.js';
import type { PollGate } from '../../src/consumer/pollGate.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { marbles } from '../helpers/marbles.js';
import { raw } from '../helpers/raw.js';

/** A gate with planned permits, that records what it is told. */
function gateOf(permits$: Observable<number>): PollGate & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    permits$,
    received: (permit, count, elapsedMs) => told.push(`received ${[permit, count, elapsedMs].join(' ')}`),
    failed: (permit) => {
      told.push(`failed ${String(permit)}`);
      return { consecutiveFailures: 3, retryInMs: 70 };
    },
    aborted: (permit) => told.push(`aborted ${String(permit)}`),
  };
}

/** Not paused, and nobody listens to answers. */
const quiet = { paused$: NEVER, onAnswer: () => undefined };

const a = [raw('a')];
const b = [raw('b')];
/** What comes of them, at a frame. */
const batch = (messages: readonly RawMessage[], receivedAt: number): Batch => ({ messages, receivedAt });
const throttled = new AWSConnectionError({ operation: 'ReceiveMessage', code: 'Throttling', retryable: true });
const denied = new AWSConnectionError({ operation: 'ReceiveMessage', code: 'AccessDenied', retryable: false });

describe('poll', () => {
  it('hands results out as they come in, never in order of request (Pekko)', () => {
    marbles(({ cold, hot, expectObservable, flush }) => {
      const gate = gateOf(hot('1-2------', { 1: 10, 2: 5 }));
      const first = cold('     -----(a|)', { a });
      const second = cold('      -(b|)  ', { b });
      const expected = '       ---b-a---';
      const receive = (permit: number): Observable<readonly RawMessage[]> => (permit === 10 ? first : second);
      const options = {
        gate,
        receive,
        waitTimeSeconds: 0,
        backoff: () => 1,
        stop$: NEVER,
        ...quiet,
        onFailure: () => undefined,
      };
      expectObservable(poll(options)).toBe(expected, { a: batch(a, 5), b: batch(b, 3) });
      flush();
      expect(gate.told).to.deep.equal(['received 5 1 1', 'received 10 1 5']);
    });
  });

  it('tells the gate of a transient failure and goes on; a fatal one is only reported', () => {
    marbles(({ cold, hot, expectObservable, flush }) => {
      const gate = gateOf(hot('1-2-', { 1: 10, 2: 5 }));
      const failures: unknown[] = [];
      expectObservable(
        poll({
          gate,
          receive: (permit) =>
            concat(
              cold<never>('-|'),
              throwError(() => (permit === 10 ? throttled : denied)),
            ),
          waitTimeSeconds: 0,
          backoff: () => 1,
          stop$: NEVER,
          ...quiet,
          onFailure: (...failure) => failures.push(failure),
        }),
      ).toBe('----');
      flush();
      expect(gate.told).to.deep.equal(['failed 10', 'aborted 5']);
      expect(failures).to.deep.equal([
        [throttled, 3, 70],
        [denied, 1],
      ]);
    });
  });

  it('after the stop waits for a young poll, and aborts one that has waited 500 ms', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions, flush }) => {
      const stop$ = new ReplaySubject<void>(1);
      const gate = gateOf(hot('1 699ms 2 199ms 3', { 1: 1, 2: 2, 3: 3 }));
      const receives = [cold<RawMessage[]>('-'), cold('300ms (a|)', { a }), cold<RawMessage[]>('-')];
      cold('900ms s').subscribe(() => {
        stop$.next();
      });
      const options = {
        gate,
        receive: (permit: number) => receives[permit - 1] ?? NEVER,
        waitTimeSeconds: 0,
        backoff: () => 1,
        stop$,
        ...quiet,
        onFailure: () => undefined,
      };
      // The first is 900 ms old at the stop, the second 200 ms; the third is never made.
      expectObservable(poll(options)).toBe('1s (a|)', { a: batch(a, 1_000) });
      expectSubscriptions(receives[0]?.subscriptions ?? []).toBe('^ 899ms !');
      expectSubscriptions(receives[2]?.subscriptions ?? []).toBe([]);
      flush();
      expect(gate.told).to.deep.equal(['aborted 1', 'received 2 1 300']);
    });
  });

  it('counts the leases of a late answer from the end of the wait on: then SQS had answered', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const gate = gateOf(hot('1-2', { 1: 1, 2: 2 }));
      const receive = (permit: number) => (permit === 1 ? cold('20900ms (a|)', { a }) : cold('35s (b|)', { b }));
      const options = {
        gate,
        receive,
        waitTimeSeconds: 20,
        backoff: () => 1,
        stop$: NEVER,
        ...quiet,
        onFailure: () => undefined,
      };
      expectObservable(poll(options)).toBe('20900ms a 14101ms b', { a: batch(a, 20_900), b: batch(b, 20_002) });
    });
  });

  it('aborts every poll at once on unsubscribe', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const gate = gateOf(hot('1--', { 1: 10 }));
      const receive = cold<RawMessage[]>('   ---');
      const subs = '           ^-!';
      const options = {
        gate,
        receive: () => receive,
        waitTimeSeconds: 0,
        backoff: () => 1,
        stop$: NEVER,
        ...quiet,
        onFailure: () => undefined,
      };
      expectObservable(poll(options), subs).toBe('-');
      expectSubscriptions(receive.subscriptions).toBe(subs);
    });
  });
});
