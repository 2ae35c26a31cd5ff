import { catchError, map, of, take } from 'rxjs';
import { ackMap, fromTopic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { codeOf, inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Cold', () => {
  describe('Nothing happens before subscribe; each subscription polls on its own; errors end it and a resubscribe starts anew.', () => {
    it('nothing happens before subscribe', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        const { requests$, ...client } = watchCalls(broker);
        const first$ = (call: 'getQueueUrl' | 'receive') =>
          requests$(call).pipe(
            take(1),
            map(() => 'x'),
          );
        const letters$ = fromTopic(client, Letters).pipe(ackMap((letter) => of(letter)));
        publish(Letters, '                      -a', undefined);
        expectObservable(letters$, '            -----^').toBe('-----a');
        expectObservable(first$('receive')).toBe('     -----(x|)');
      });
    });

    it('each subscription polls on its own', () => {
      messagingTest(({ broker, expectObservable }) => {
        broker.provision(Letters);
        const client = watchCalls(broker);
        const letters$ = fromTopic(client, Letters);
        expectObservable(letters$, '        --^---!    ').toBe('');
        expectObservable(letters$, '        ----^---!  ').toBe('');
        const polls = '                     --1-2-1-0  ';
        expectObservable(client.polls$).toBe(polls, { 0: 0, 1: 1, 2: 2 });
      });
    });

    it('errors end it and a resubscribe starts anew', () => {
      messagingTest(({ broker, publish, expectObservable }) => {
        broker.fail('receive', { error: 'AccessDenied' });
        const letters$ = fromTopic(broker, Letters).pipe(
          ackMap((letter) => of(letter)),
          catchError(codeOf),
        );
        publish(Letters, '              ---a-b');
        expectObservable(letters$, '    -^').toBe('-(e|)', { e: 'AccessDenied' });
        expectObservable(letters$, '    ----^').toBe('----ab');
      }, inOrder);
    });
  });
});
