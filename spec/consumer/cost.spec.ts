import { expect } from 'chai';
import { ignoreElements, type Observable, repeat } from 'rxjs';
import { spy } from 'sinon';
import { costOf } from '../helpers/fullQueue.js';
import { fakeConsumer, type FakeConsumer } from '../helpers/fakeConsumer.js';
import { marbles } from '../helpers/marbles.js';

/** A receive and a deletion for ten messages are 0.2; the rest is for the beginning, when the polls become many. */
const MOST_CALLS = 0.22;

describe('cost', () => {
  for (const latencyMs of [5, 20]) {
    for (const workMs of [5, 20, 50, 100]) {
      it(`is two calls for ten messages, with handlers of ${workMs} ms and calls of ${latencyMs} ms`, () => {
        const { calls, callsPerMessage } = costOf({ messages: 3_000, workMs, latencyMs });
        expect(callsPerMessage, told(calls)).to.be.at.most(MOST_CALLS);
      });
    }
  }

  for (const maxInFlight of [95, 200, 1_000]) {
    it(`is two calls for ten messages, with ${maxInFlight} in flight`, () => {
      const { calls, callsPerMessage } = costOf({
        messages: 3_000,
        workMs: 50,
        latencyMs: 10,
        options: { maxInFlight },
      });
      expect(callsPerMessage, told(calls)).to.be.at.most(MOST_CALLS);
    });
  }

  it('keeps nothing waiting by default: 12,500 messages a second are received and settled where a call takes 20 ms', () => {
    const { messagesPerSecond } = costOf({ messages: 10_000, workMs: 0, latencyMs: 20 });
    expect(messagesPerSecond).to.be.at.least(12_500);
  });

  it('is one receive for each wait while the queue is empty, and no timer beside that of the receive itself', () => {
    const waits = 30;
    /** What is scheduled while something receives from an empty queue, and how many receives that is. */
    const observed = (begin: (consumer: FakeConsumer) => Observable<unknown>): readonly [number, number] => {
      let scheduled = 0;
      const consumer = fakeConsumer();
      marbles((m) => {
        const schedule = spy(m.scheduler, 'schedule');
        // The queue answers a millisecond after the call is made.
        const frames = waits * (20_000 + 1) - 1;
        // A timer that goes on for ever fails the spec, and does not hang it.
        m.scheduler.maxFrames = frames;
        m.expectObservable(begin(consumer), `^ ${frames}ms !`).toBe('');
        m.flush();
        scheduled = schedule.callCount;
      });
      return [consumer.count('receive'), scheduled];
    };
    const receives$ = ({ client: { port } }: FakeConsumer): Observable<unknown> =>
      port.calls
        .receive({ queueUrl: '', maxMessages: 10, waitTimeSeconds: 20, visibilityTimeoutSeconds: 30 })
        .pipe(repeat(), ignoreElements());
    const consumed = observed(({ messages$ }) => messages$());
    expect(consumed).to.deep.equal(observed(receives$));
    expect(consumed[0]).to.equal(waits);
  });
});

const told = (calls: ReadonlyMap<string, number>): string => JSON.stringify(Object.fromEntries(calls));
