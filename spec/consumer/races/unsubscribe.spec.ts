import { expect } from 'chai';
import { mergeMap, NEVER, type Observable } from 'rxjs';
import { ack, fromTopic, reject, retryAfter, type Settlement } from '../../../src/index.js';
import { messagingTest, type TestBroker } from '../../../src/testing/index.js';
import { inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

/** Settles `a` at once, and nothing else; its confirmation is nobody's business. */
const settlingA = (client: TestBroker, settlement: Settlement): Observable<never> =>
  fromTopic(client, Letters).pipe(
    mergeMap((message) => {
      if (message.value === 'a') void message.settle(settlement);
      return NEVER;
    }),
  );

describe('an unsubscribe while a settlement is under way', () => {
  it('lets the delete go on, and releases what nobody settled', () => {
    messagingTest(({ broker, publish, expectObservable, expectRetried, expectSettled, flush }) => {
      broker.latency({ delete: 40 });
      const client = { ...broker, ...watchCalls(broker) };
      publish(Letters, '                                (ab)     ');
      expectObservable(settlingA(client, ack), '        ^ 29ms ! ').toBe('');
      expectObservable(client.deletes$).toBe('             20ms d   ', { d: 1 });
      expectRetried(Letters).toBe('                     30ms b   ');
      expectSettled(Letters).toBe('                     60ms a   ');
      flush();
      expect(broker.messages(Letters).map(({ body, state }) => [body, state])).to.deep.equal([['"b"', 'visible']]);
    }, inOrder);
  });

  it('tries a delete again that fails after it', () => {
    messagingTest(({ broker, publish, expectObservable, expectSettled, flush }) => {
      broker.latency({ delete: 40 });
      broker.fail('delete', { entries: { 0: 'InternalError' } });
      broker.fail('delete', { error: 'ServiceUnavailable' });
      const client = { ...broker, ...watchCalls(broker) };
      publish(Letters, '                                (ab)             ');
      expectObservable(settlingA(client, ack), '        ^ 29ms !         ').toBe('');
      // The whole call is what fails first; half of 100 ms later, and half of 200 ms later.
      expectObservable(client.deletes$).toBe('             20ms d 89ms d 139ms d', { d: 1 });
      expectSettled(Letters).toBe('                     290ms a');
      flush();
      expect(broker.messages(Letters).map(({ body }) => body)).to.deep.equal(['"b"']);
    }, inOrder);
  });

  it('does not undo a retry by its own release', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectRetried }) => {
      broker.latency({ changeVisibility: 40 });
      const client = { ...broker, ...watchCalls(broker) };
      const other = broker.connect();
      publish(Letters, '                                              (ab)        ');
      expectObservable(settlingA(client, retryAfter(9_000)), '        ^ 29ms !    ').toBe('');
      expectObservable(client.visibilities$).toBe('                   20ms r 9ms v', { r: '9', v: '0' });
      expectRetried(Letters).toBe('                                   60ms a 9ms b');
      expectObservable(fromTopic(other, Letters).pipe(mergeMap(() => NEVER)), '35ms ^').toBe('');
      expectReceived(Letters, other).toBe('                            50ms b 8989ms a');
    }, inOrder);
  });

  it('lets a copy get to the dead-letter queue, its lease held, and the delete follow', () => {
    messagingTest(({ broker, publish, expectObservable, expectDeadLettered, flush }) => {
      broker.latency({ send: 20_000 });
      const client = { ...broker, ...watchCalls(broker) };
      const rejected$ = settlingA(client, reject(new Error('no')));
      publish(Letters, '                     a');
      expectObservable(rejected$, '          ^ 29ms !').toBe('');
      // Copied at SQS after 10 s, confirmed after 20 s, renewed in between; then the delete lingers for 20 ms.
      expectDeadLettered(Letters).toBe('     10s a');
      expectObservable(client.visibilities$).toBe('15s r', { r: '30' });
      expectObservable(client.deletes$).toBe('  20020ms d', { d: 1 });
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
    });
  });
});
