import { expect } from 'chai';
import { delay, map, timer } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Lanes, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

const values = { a: 'a1', b: 'a2', c: 'a3' };

describe('a delete that fails after the next message of its group was released (FIFO)', () => {
  it('for good: it is deleted when it comes again, handled once, and the order is kept', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled, flush }) => {
      broker.fail('delete', { entries: { 0: 'ReceiptHandleIsInvalid' } });
      const client = watchCalls(broker);
      const values$ = fromTopic(client, Lanes).pipe(ackMap((value) => timer(4).pipe(map(() => value))));
      publish(Lanes, '                             (ab)---c                ', values);
      expectObservable(values$, '                    -----^                  ').toBe(
        '---------a---b 29995ms c',
        values,
      );
      // The first two share a call, of which the first entry fails. The group is locked until its visibility timeout ends.
      expectObservable(client.deletes$).toBe('       -------------x 29991ms y---y', { x: 2, y: 1 });
      expectReceived(Lanes).toBe('                 -----(ab) 29996ms c     ', values);
      expectSettled(Lanes).toBe('                  -------------b 29991ms a---c', values);
      flush();
      expect(broker.messages(Lanes)).to.deep.equal([]);
    }, inOrder);
  });

  it('for now: it is tried again, and nothing of the group comes before it is deleted', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectSettled, flush }) => {
      broker.fail('delete', { entries: { 0: 'InternalError' } });
      const client = watchCalls(broker);
      const values$ = fromTopic(client, Lanes).pipe(ackMap((value) => timer(4).pipe(map(() => value))));
      publish(Lanes, '                             (ab)---c            ', values);
      expectObservable(values$, '                    -----^              ').toBe('---------a---b 53ms c', values);
      expectObservable(client.deletes$).toBe('       -------------x 49ms y---y', { x: 2, y: 1 });
      expectReceived(Lanes).toBe('                 -----(ab) 54ms c    ', values);
      expectSettled(Lanes).toBe('                  -------------b 49ms a---c', values);
      flush();
      expect(broker.messages(Lanes)).to.deep.equal([]);
    }, inOrder);
  });
});

describe('a message that comes again while its delete', () => {
  it('lingers: it is deleted, not handed out', () => {
    messagingTest(
      ({ broker, publish, expectObservable, expectReceived, expectSettled, flush }) => {
        const client = watchCalls(broker);
        // SQS has each message twice. While the first one is held there is room for one more: the twin of the second is
        // received when that is acknowledged, while its delete waits for others to share the call.
        const letters$ = fromTopic(client, Letters, { maxInFlight: 2 }).pipe(
          ackMap((letter) => timer(letter === 'a' ? 5 : 5_000).pipe(map(() => letter))),
        );
        publish(Letters, '                             b--a       ');
        expectObservable(letters$, '                    ^ 99ms !   ').toBe('--------a');
        expectReceived(Letters).toBe('                 b--a       ');
        expectObservable(client.deletes$).toBe('       --------d  ', { d: 2 });
        expectSettled(Letters).toBe('                  --------(aa)');
        flush();
        expect(broker.messages(Letters).map(({ body }) => body)).to.deep.equal(['"b"', '"b"']);
      },
      { ...inOrder, duplicates: 1 },
    );
  });

  it('is on its way: it is deleted, by its newer receipt, not handed out', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, flush }) => {
      // No answer for longer than the message is invisible.
      const client = watchCalls(broker, {
        deleteBatch: (answer$, nth) => (nth === 0 ? answer$.pipe(delay(5_000)) : answer$),
      });
      const letters$ = fromTopic(client, Letters, { visibilityTimeoutSeconds: 2 }).pipe(
        ackMap((letter) => timer(1).pipe(map(() => letter))),
      );
      publish(Letters, '               a');
      expectObservable(letters$).toBe('-a');
      expectReceived(Letters).toBe('   a');
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
    });
  });
});
