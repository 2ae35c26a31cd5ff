import { inspect } from 'node:util';
import { expect } from 'chai';
import * as t from 'io-ts';
import { throwError, timer } from 'rxjs';
import { ackMap, fromTopic, MessageProcessingError, retryAfter, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';

const Letters = topic('letters', t.string);

/** What peers do with failures, and this library does not. */
describe('a failure', () => {
  it('by timeout cancels the handler: nothing runs on (sqs-consumer)', () => {
    messagingTest(({ broker, cold, hot, publish, expectSubscriptions, expectRetried }) => {
      const stop = hot('                            --s');
      const work = cold('                           -----x-----|');
      publish(Letters, '                            -a');
      fromTopic(broker, Letters, { stop })
        .pipe(ackMap(() => work, { timeoutMs: 4 }))
        .subscribe();
      expectSubscriptions(work.subscriptions).toBe('-^---!');
      expectRetried(Letters).toBe('                 -----a');
    });
  });

  it('that no retry can help is copied with all its attributes (message-queue-toolkit)', () => {
    messagingTest(({ broker, publishRaw, expectDeadLettered, flush }) => {
      const attributes = {
        tenant: { dataType: 'String', stringValue: 'Ada' },
        priority: { dataType: 'Number', stringValue: '3' },
        trace: { dataType: 'Binary', binaryValue: new Uint8Array([0, 1, 255]) },
      };
      const bodies = { a: '"a"', x: '{' };
      publishRaw(Letters, '             -a-x', bodies, { attributes, groupId: 'tenant-1' });
      const refuse = () => throwError(() => new MessageProcessingError('no', { retryable: false }));
      fromTopic(broker, Letters).pipe(ackMap(refuse)).subscribe();
      expectDeadLettered(Letters).toBe('-a-x', { a: 'a' }, { x: '{' });
      flush();
      for (const { attributes: copied, groupId } of broker.deadLetters(Letters)) {
        const { 'rejection-reason': reason, ...rest } = copied;
        expect(reason?.stringValue).to.match(/^\{"error":"\w+"/);
        expect(rest).to.deep.equal(attributes);
        expect(groupId).to.equal('tenant-1');
      }
      expect(broker.deadLetters(Letters)).to.have.lengthOf(2);
    });
  });

  it('shows no payload, in no error and in no event (JustSaying)', () => {
    messagingTest(({ broker, publishRaw, flush }) => {
      const told: unknown[] = [];
      broker.events$.subscribe((event) => told.push(event));
      const bodies = { a: '"hunter2"', x: '{"hunter2', y: '{"password":"hunter2"}', z: '["hunter2"]' };
      publishRaw(Letters, 'axyz', bodies);
      fromTopic(broker, Letters, {
        stop: timer(100),
        onInvalid: (error) => {
          told.push(error, error.cause);
          return retryAfter(60_000);
        },
      })
        // A handler that is not as careful.
        .pipe(ackMap((letter) => throwError(() => new Error(`can't use ${letter}`))))
        .subscribe();
      flush();
      const texts = told.map((one) => `${String(one)} ${inspect(one, { depth: 9 })} ${JSON.stringify(one)}`);
      expect(texts.filter((text) => /InvalidMessageError|ValidationFailedError/.test(text))).not.to.have.lengthOf(0);
      expect(texts.filter((text) => text.includes('hunter2'))).to.deep.equal([]);
    });
  });
});
