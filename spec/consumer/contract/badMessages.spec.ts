import { expect } from 'chai';
import { map, of } from 'rxjs';
import { ack, ackMap, fromTopic, type InvalidMessage, type MessagingError, retryAfter } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

/** What SNS wraps around a message, with a text in it that is no JSON. */
const envelope = JSON.stringify({
  Type: 'Notification',
  MessageId: '00000000-0000-4000-8000-000000000000',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:test-letters',
  Message: '{"half',
  Timestamp: '2026-11-25T12:00:00.000Z',
});
const bad = { x: '{"secret', y: envelope, z: '{"secret":1}' };
/** As the lanes name them: what was published, out of its envelope. */
const drawn = { x: bad.x, y: '{"half', z: bad.z };

describe('fromTopic: Bad messages', () => {
  describe('JSON, envelope and codec failures never reach the subscriber and never stop the stream: `onInvalid` decides the settlement; default `reject`.', () => {
    it('never reach the subscriber and never stop the stream; default `reject`', () => {
      messagingTest(
        ({ broker, publish, publishRaw, expectObservable, expectReceived, expectSettled, expectDeadLettered }) => {
          publish(Letters, '                 -a-----b');
          publishRaw(Letters, '              --x-y-z', bad);
          expectReceived(Letters).toBe('     -ax-y-zb', { a: 'a', b: 'b' }, drawn);
          expectDeadLettered(Letters).toBe(' --x-y-z', {}, drawn);
          const letters$ = fromTopic(broker, Letters).pipe(ackMap((letter) => of(letter)));
          expectObservable(letters$).toBe('  -a-----b');
          expectSettled(Letters).toBe('      -a-----b');
        },
      );
    });

    it('`onInvalid` decides the settlement', () => {
      const asked: unknown[] = [];
      const onInvalid = ({ name }: MessagingError, { id, ...message }: InvalidMessage) => {
        asked.push([name, id.length > 0, message]);
        return message.receiveCount === 1 ? retryAfter(4_000) : ack;
      };
      messagingTest(({ broker, publishRaw, expectObservable, expectRetried, expectSettled, expectDeadLettered }) => {
        publishRaw(Letters, '                                     z', bad);
        expectObservable(fromTopic(broker, Letters, { onInvalid })).toBe('');
        expectRetried(Letters).toBe('                             z', {}, bad);
        expectSettled(Letters).toBe('                             4s z', {}, bad);
        expectDeadLettered(Letters).toBe('');
      });
      const { z: body } = bad;
      expect(asked).to.deep.equal([
        ['ValidationFailedError', true, { topic: 'letters', body, receiveCount: 1 }],
        ['ValidationFailedError', true, { topic: 'letters', body, receiveCount: 2 }],
      ]);
    });
  });
});

describe('reject', () => {
  it('reject sends body, attributes and the reason (error name and paths, no payload) to the dead-letter queue and then deletes.', () => {
    messagingTest(({ broker, publishRaw, expectObservable, expectDeadLettered, flush }) => {
      broker.latency({ send: 10 });
      const client = watchCalls(broker);
      fromTopic(client, Letters).subscribe();
      const attributes = { trace: { dataType: 'String', stringValue: 't-1' } };
      publishRaw(Letters, '                          z', bad, { attributes });
      const sends$ = client.requests$('sendBatch').pipe(map(({ entries: { length } }) => length));
      expectObservable(sends$).toBe('                s         ', { s: 1 });
      expectDeadLettered(Letters).toBe('             -----z    ', {}, drawn);
      // Not before the copy is confirmed.
      expectObservable(client.deletes$).toBe('       ----------d', { d: 1 });
      flush();
      expect(broker.messages(Letters)).to.deep.equal([]);
      const reason = '{"error":"ValidationFailedError","paths":["/: expected string"]}';
      const dead = broker.deadLetters(Letters).map(({ body, attributes: carried }) => ({ body, attributes: carried }));
      expect(dead).to.deep.equal([
        { body: bad.z, attributes: { ...attributes, 'rejection-reason': { dataType: 'String', stringValue: reason } } },
      ]);
      expect(reason).not.to.include('secret');
    });
  });

  it('No dead-letter queue: the message is left to its visibility timeout with backoff; it is never deleted unread.', () => {
    messagingTest(({ broker, publishRaw, expectObservable, expectReceived, expectRetried, flush }) => {
      const { queueUrl } = broker.provision(Letters);
      broker.port.calls.setQueueAttributes({ queueUrl, attributes: { RedrivePolicy: '' } }).subscribe();
      const client = watchCalls(broker);
      // Half of 1, 2, 4, 8… s, in whole seconds.
      const times = '                               x 999ms x 999ms x 1999ms x 3999ms x 7999ms x';
      publishRaw(Letters, '                         x', bad);
      expectObservable(fromTopic(client, Letters), '^ 20s !').toBe('');
      expectReceived(Letters).toBe(times, {}, bad);
      expectRetried(Letters).toBe(times, {}, bad);
      expectObservable(client.deletes$).toBe('');
      flush();
      expect(broker.messages(Letters).map(({ body, receiveCount }) => [body, receiveCount])).to.deep.equal([
        [bad.x, 6],
      ]);
    });
  });
});
