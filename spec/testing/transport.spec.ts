import { expect } from 'chai';
import * as t from 'io-ts';
import { catchError, map, type Observable, of, repeat, takeWhile } from 'rxjs';
import type { AwsCalls } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';
import { createTestBroker } from '../../src/testing/createTestBroker.js';
import type { TestBroker } from '../../src/testing/testBroker.js';
import { topic } from '../../src/topic.js';
import { entryOf, receiveOf } from '../helpers/brokerQueues.js';
import { at, marbles } from '../helpers/marbles.js';

const Users = topic('users', t.string);

interface Fixture {
  readonly broker: TestBroker;
  readonly calls: AwsCalls;
  readonly queueUrl: string;
  /** Sends bodies; emits the ids that went well, then those that did not, such as `a b! InternalError`. */
  send(...bodies: readonly string[]): Observable<string>;
  /** Receives with a wait; emits the bodies, or the code of the error. */
  receive(waitTimeSeconds?: number): Observable<string>;
  /** The bodies in the queue. */
  bodies(): string;
}

const codeOf = (error: unknown): Observable<string> =>
  of(error instanceof AWSConnectionError ? error.code : String(error));

function fixture(latencyMs = 0): Fixture {
  const broker = createTestBroker({ latencyMs, partialReceives: false, unordered: false });
  const { queueUrl } = broker.provision(Users);
  const { calls } = broker.port;
  return {
    broker,
    calls,
    queueUrl,
    send: (...bodies) =>
      calls.sendBatch({ queueUrl, entries: bodies.map((body) => entryOf(body)) }).pipe(
        map(({ successful, failed }) => [
          ...successful.map(({ id }) => id),
          ...failed.map(({ id, code, senderFault }) => `${id}! ${code}${senderFault ? ' of the sender' : ''}`),
        ]),
        map((told) => told.join(' ')),
        catchError(codeOf),
      ),
    receive: (waitTimeSeconds = 0) =>
      calls.receive(receiveOf({ queueUrl, waitTimeSeconds })).pipe(
        map((received) => received.map(({ body }) => body).join()),
        catchError(codeOf),
      ),
    bodies: () =>
      broker
        .messages(Users)
        .map(({ body }) => body)
        .join(),
  };
}

describe('transport', () => {
  it('takes half of the latency there, and half back', () => {
    marbles((m) => {
      const { send, bodies } = fixture(5);
      m.expectObservable(send('a')).toBe('-----(a|)');
      const seen: string[] = [];
      for (const ms of [1, 3]) at(m, ms, () => seen.push(bodies()));
      m.flush();
      expect(seen).to.deep.equal(['', 'a']);
    });
  });

  it('has no effect when it is unsubscribed before it arrives, and has it after', () => {
    marbles((m) => {
      const { send, bodies } = fixture(10);
      m.expectObservable(send('early'), '^---!').toBe('-');
      m.expectObservable(send('late'), ' ^------!').toBe('-');
      m.flush();
      expect(bodies()).to.equal('late');
    });
  });

  it('error: fails, without an effect', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture(4);
      broker.fail('send', { error: 'AccessDenied' });
      m.expectObservable(send('a')).toBe('----(c|)', { c: 'AccessDenied' });
      m.flush();
      expect(bodies()).to.equal('');
    });
  });

  it('lost: fails, and has its effect', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture(4);
      broker.fail('send', { lost: true });
      broker.fail('send', { lost: true, error: 'ETIMEDOUT' });
      m.expectObservable(send('a')).toBe('----(c|)', { c: 'ECONNRESET' });
      m.expectObservable(send('b')).toBe('----(c|)', { c: 'ETIMEDOUT' });
      m.flush();
      expect(bodies()).to.equal('a,b');
    });
  });

  it('entries: fail without an effect, by the code whose fault it is; NotAnswered is not told', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture();
      broker.fail('send', { entries: { 0: 'InternalError', 2: 'AccessDenied', 3: 'NotAnswered', 9: 'InternalError' } });
      broker.fail('send', { entries: { 0: 'InternalError' } });
      const told = 'b a! InternalError c! AccessDenied of the sender';
      m.expectObservable(send('a', 'b', 'c', 'd')).toBe('(t|)', { t: told });
      m.expectObservable(send('e')).toBe('(t|)', { t: 'e! InternalError' });
      m.flush();
      expect(bodies()).to.equal('b');
    });
  });

  it('entries, lost: fail, and have their effect', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture();
      broker.fail('send', { entries: { 0: 'InternalError', 1: 'NotAnswered' }, lost: true });
      m.expectObservable(send('a', 'b', 'c')).toBe('(t|)', { t: 'c a! InternalError' });
      m.flush();
      expect(bodies()).to.equal('a,b,c');
    });
  });

  it('outage: fails what arrives in it, by its code', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture(4);
      broker.outage({ from: 1, to: 4, error: 'ECONNREFUSED' });
      m.expectObservable(send('a')).toBe('----(c|)', { c: 'ECONNREFUSED' });
      m.flush();
      expect(bodies()).to.equal('');
    });
  });

  it('outage: loses an answer on its way, whose call has had its effect', () => {
    marbles((m) => {
      const { broker, send, bodies } = fixture(10);
      broker.outage({ from: 8, to: 20 });
      m.expectObservable(send('a')).toBe('10ms (c|)', { c: 'ServiceUnavailable' });
      m.flush();
      expect(bodies()).to.equal('a');
    });
  });

  it('outage: cuts a waiting receive, which gets nothing then', () => {
    marbles((m) => {
      const { broker, receive, bodies } = fixture();
      broker.outage({ from: 500, to: 600 });
      at(m, 700, () => broker.publish(Users, 'a'));
      m.expectObservable(receive(5)).toBe('500ms (c|)', { c: 'ServiceUnavailable' });
      m.flush();
      expect(bodies()).to.equal('"a"');
      expect(broker.messages(Users)[0]?.receiveCount).to.equal(0);
    });
  });

  it('outage: cuts a waiting receive when it is declared for now', () => {
    marbles((m) => {
      const { broker, receive } = fixture();
      at(m, 5, () => broker.outage({ from: 0, to: 10, error: 'EPIPE' }));
      m.expectObservable(receive(5)).toBe('-----(c|)', { c: 'EPIPE' });
    });
  });

  it('answers a refusal as the client errors', () => {
    marbles((m) => {
      const { calls } = fixture();
      const refused = calls.getQueueUrl({ queueName: 'none' }).pipe(catchError(codeOf));
      m.expectObservable(refused).toBe('(c|)', { c: 'QueueDoesNotExist' });
    });
  });

  it('passes on what is no refusal, as it is', () => {
    marbles((m) => {
      const { calls, broker } = fixture();
      const { subscriptionArn } = broker.provision(Users);
      const scope = { subscriptionArn, name: 'FilterPolicyScope', value: 'MessageBody' };
      const failed: unknown[] = [];
      calls.setSubscriptionAttribute(scope).subscribe({ error: (error: unknown) => failed.push(error) });
      m.flush();
      expect(String(failed[0])).to.equal('Error: the test broker filters by message attributes only');
    });
  });

  it('guards against what goes round at one moment for ever', () => {
    marbles((m) => {
      const { receive } = fixture();
      const told: string[] = [];
      receive()
        .pipe(
          repeat(),
          takeWhile((answer) => answer === '', true),
        )
        .subscribe((answer) => told.push(answer));
      m.flush();
      expect(told).to.have.length(100_001);
      expect(told.at(-1)).to.match(/more than 100000 calls at 0 ms: .*`latencyMs`$/);
    });
  });
});
