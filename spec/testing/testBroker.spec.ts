import { expect } from 'chai';
import * as t from 'io-ts';
import { EMPTY, of, throwError, timer } from 'rxjs';
import { ackMap } from '../../src/consumer/ackMap.js';
import { fromTopic } from '../../src/consumer/fromTopic.js';
import { AWSConnectionError, ValidationFailedError } from '../../src/errors.js';
import { reject } from '../../src/message/settlement.js';
import { publishTo } from '../../src/producer/publishTo.js';
import { createTestBroker } from '../../src/testing/createTestBroker.js';
import { fifoTopic, topic } from '../../src/topic.js';
import { at, marbles } from '../helpers/marbles.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const Users = topic('users', t.string);
const Orders = fifoTopic('orders', t.string, { groupId: (id) => id, contentBasedDeduplication: true });
const MISSING = 'is not there; give it to createTestBroker({ topics }), or to broker.provision()';

describe('createTestBroker', () => {
  it('carries what is published to a consumer, and deletes what it has done', () => {
    marbles((m) => {
      const broker = createTestBroker({ topics: [Users], latencyMs: 5 });
      const got: string[] = [];
      at(m, 0, () => {
        fromTopic(broker, Users, { stop: timer(500) })
          .pipe(
            ackMap((value) => {
              got.push(value);
              return EMPTY;
            }),
          )
          .subscribe();
        of('a', 'b', 'c').pipe(publishTo(broker, Users)).subscribe();
      });
      m.flush();
      expect(got.sort()).to.deep.equal(['a', 'b', 'c']);
      expect(broker.messages(Users)).to.deep.equal([]);
    });
  });

  it('moves what a handler rejects to the dead letters', () => {
    marbles((m) => {
      const broker = createTestBroker({ topics: [Users] });
      broker.publish(Users, 'a');
      at(m, 0, () => {
        fromTopic(broker, Users, { stop: timer(500) })
          .pipe(ackMap(() => throwError(() => new Error('no')), { onError: () => reject('no') }))
          .subscribe();
      });
      m.flush();
      expect(broker.messages(Users)).to.deep.equal([]);
      expect(broker.deadLetters(Users).map(({ body }) => body)).to.deep.equal(['"a"']);
    });
  });

  it('provisions at once, and throws what provision errors with', () => {
    const broker = createTestBroker();
    expect(broker.provision(Users).queueUrl).to.equal(
      'https://sqs.us-east-1.amazonaws.com/123456789012/test-users-queue',
    );
    expect(broker.provision(Users)).to.deep.equal(broker.provision(Users));
    const queueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/taken';
    const mapped = createTestBroker({
      topicMap: { users: 'arn:aws:sns:us-east-1:123456789012:other' },
      queueMap: { users: queueUrl },
      topics: [Users],
    });
    expect(mapped.provision(Users)).to.include({ topicArn: 'arn:aws:sns:us-east-1:123456789012:other', queueUrl });
    mapped.publish(Users, 'Ada');
    expect(mapped.messages(Users)).to.have.lengthOf(1);
    const elsewhere = createTestBroker({ topicMap: { users: 'arn:aws:sns:us-east-1:999999999999:other' } });
    expect(() => elsewhere.provision(Users)).to.throw(
      'arn:aws:sns:us-east-1:999999999999:other: is not in the account of the broker, 123456789012 in us-east-1',
    );
    const filterPolicy = { a: [{ cidr: '10.0.0.0/8' }] };
    expect(() => createTestBroker().provision(Users, { filterPolicy })).to.throw('no filter condition `cidr`');
  });

  it('connects another service, with a queue of its own', () => {
    const broker = createTestBroker({ topics: [Users, Orders] });
    const other = broker.connect({ service: 'billing' });
    expect(other.port.settings).to.deep.include({ service: 'billing', accountId: '123456789012' });
    expect(broker.connect().port.settings).to.deep.equal(broker.port.settings);
    expect(faultsThrownBy(() => broker.connect({ service: '?' }))).to.have.length(1);
  });

  it('publishes values and texts by itself, and says which id they have', () => {
    const broker = createTestBroker({ topics: [Users, Orders] });
    expect(broker.publish(Users, 'a')).to.match(/^5a500000-/);
    broker.publishRaw(Users, 'no json', { attributes: { a: { dataType: 'String', stringValue: 'x' } } });
    expect(broker.messages(Users)).to.have.length(2);
    expect(broker.messages(Users)[0]).to.include({ body: '"a"', state: 'visible', receiveCount: 0 });
    expect(broker.messages(Users)[1]?.attributes).to.have.property('a');
    broker.publish(Orders, 'g');
    expect(broker.messages(Orders)[0]).to.include({ groupId: 'g', sequenceNumber: '10000000000000000002' });
    expect(() => broker.publish(Users, 5 as unknown as string)).to.throw(ValidationFailedError);
    expect(() => broker.publishRaw(Users, ''))
      .to.throw(AWSConnectionError)
      .with.property('code', 'InvalidParameter');
  });

  it('says of a topic that it is not there', () => {
    const broker = createTestBroker();
    for (const ask of [
      () => broker.publish(Users, 'a'),
      () => broker.messages(Users),
      () => broker.deadLetters(Users),
    ]) {
      expect(faultsThrownBy(ask)).to.deep.equal([`topic users: ${MISSING}`]);
    }
  });

  it('has no dead letters where a queue has no dead-letter queue', () => {
    marbles((m) => {
      const broker = createTestBroker({ topics: [Users] });
      const { queueUrl } = broker.provision(Users);
      broker.port.calls.setQueueAttributes({ queueUrl, attributes: { RedrivePolicy: '' } }).subscribe();
      m.flush();
      expect(broker.deadLetters(Users)).to.deep.equal([]);
    });
  });

  it('changes its latency from now on, and refuses what is none', () => {
    marbles((m) => {
      const broker = createTestBroker({ topics: [Users] });
      broker.latency({ getQueueUrl: 3 });
      const call = broker.port.calls.getQueueUrl({ queueName: 'test-users-queue' });
      m.expectObservable(call).toBe('---(u|)', { u: broker.provision(Users).queueUrl });
      expect(faultsThrownBy(() => broker.latency(-1))).to.have.length(1);
    });
  });
});
