import { expect } from 'chai';
import { map, NEVER, Subject, timer } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('a stop while a receive is under way', () => {
  it('young: its answer is waited for, and what it brings is given back at once, handed out to nobody', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectRetried, flush }) => {
      broker.latency({ receive: 20 });
      const client = watchCalls(broker);
      const other = broker.connect();
      const letters$ = fromTopic(client, Letters, { stop: hot('-----s') }).pipe(ackMap(() => NEVER));
      publish(Letters, '                          a       ');
      expectObservable(letters$).toBe('           20ms |  ');
      expectRetried(Letters).toBe('               20ms a  ');
      // The other one, which polls since 5 ms, finds it when it is given back; its answer takes 10 ms.
      const others$ = fromTopic(other, Letters).pipe(map(({ value }) => value));
      expectObservable(others$, '                 -----^').toBe('30ms a');
      expectReceived(Letters, other).toBe('       30ms a');
      expectObservable(client.polls$).toBe('      1 19ms 0', { 0: 0, 1: 1 });
      flush();
      expect(broker.messages(Letters).map(({ receiveCount }) => receiveCount)).to.deep.equal([2]);
    });
  });

  it('young: is waited for until it is half a second old, when nothing comes', () => {
    messagingTest(({ broker, hot, publish, expectObservable, flush }) => {
      const client = watchCalls(broker);
      publish(Letters, '                                              501ms a');
      expectObservable(fromTopic(client, Letters, { stop: hot('       100ms s') })).toBe('500ms |');
      expectObservable(client.polls$).toBe('                          1 499ms 0', { 0: 0, 1: 1 });
      flush();
      expect(broker.messages(Letters).map(({ receiveCount }) => receiveCount)).to.deep.equal([0]);
    });
  });

  it('old: it is aborted at once, and what comes then stays untouched', () => {
    messagingTest(({ broker, hot, publish, expectObservable, flush }) => {
      const client = watchCalls(broker);
      publish(Letters, '                                              701ms a');
      expectObservable(fromTopic(client, Letters, { stop: hot('       700ms s') })).toBe('700ms |');
      expectObservable(client.polls$).toBe('                          1 699ms 0', { 0: 0, 1: 1 });
      flush();
      expect(broker.messages(Letters).map(({ receiveCount }) => receiveCount)).to.deep.equal([0]);
    });
  });

  it('old, with its answer on the way: the message is not lost, but hidden for its visibility timeout', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived }) => {
      broker.latency({ receive: 40 });
      const other = broker.connect();
      // SQS hands it out at 690 ms; the answer would be here at 710 ms.
      publish(Letters, '                                                             690ms a');
      expectObservable(fromTopic(broker, Letters, { stop: hot('                      700ms s') })).toBe('700ms |');
      expectReceived(Letters).toBe('');
      expectObservable(fromTopic(other, Letters).pipe(map(({ value }) => value)), '  800ms ^').toBe('30710ms a');
    });
  });

  it('in the frame of its answer, after that: the message is handed out, and its work done', () => {
    messagingTest(({ broker, hot, publish, expectObservable, expectReceived, expectSettled }) => {
      const letters$ = fromTopic(broker, Letters, { stop: hot('700ms s') }).pipe(
        ackMap((letter) => timer(9).pipe(map(() => letter))),
      );
      publish(Letters, '               700ms a        ');
      expectReceived(Letters).toBe('   700ms a        ');
      // The next poll had begun: it is young.
      expectObservable(letters$).toBe('709ms a 490ms |');
      expectSettled(Letters).toBe('    709ms a        ');
    });
  });

  it('in the frame of its answer, before that: the message is given back at once', () => {
    messagingTest(({ broker, publish, expectObservable, expectReceived, expectRetried, flush }) => {
      const stop = new Subject<number>();
      // Set before the publication is.
      timer(700).subscribe(stop);
      expectObservable(fromTopic(broker, Letters, { stop })).toBe('700ms |');
      publish(Letters, '                                           700ms a');
      expectReceived(Letters).toBe('                               700ms a');
      expectRetried(Letters).toBe('                                700ms a');
      flush();
      expect(broker.messages(Letters).map(({ state }) => state)).to.deep.equal(['visible']);
    });
  });
});
