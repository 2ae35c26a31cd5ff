import { catchError, map, of } from 'rxjs';
import { ackMap, AWSConnectionError, fromTopic, SubscriptionNotFoundError } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { inOrder, Letters } from '../../helpers/letters.js';
import { watchCalls } from '../../helpers/watchCalls.js';

describe('fromTopic: Failures', () => {
  describe('Transient (network, throttling, 5xx, OverLimit): polling backs off with full jitter and goes on, the stream does not error.', () => {
    for (const [what, error] of [
      ['network', 'ECONNRESET'],
      ['throttling', 'ThrottlingException'],
      ['5xx', 'ServiceUnavailable'],
      ['OverLimit', 'OverLimit'],
    ] as const) {
      // Up to 200, 400 and 800 ms: the jitter takes all of it, or half, or none.
      for (const [share, polls, letter] of [
        [0.5, 'p 99ms p 199ms p 399ms (pp)', '700ms a'],
        [0.25, 'p 49ms p 99ms p 199ms (pp)', '350ms a'],
      ] as const) {
        it(`${what}, the jitter being ${share}`, () => {
          messagingTest(
            ({ broker, publish, expectObservable }) => {
              broker.fail('receive', { error, times: 3 });
              const client = watchCalls(broker);
              const letters$ = fromTopic(client, Letters).pipe(ackMap((value) => of(value)));
              publish(Letters, 'a');
              expectObservable(letters$).toBe(letter);
              const polls$ = client.requests$('receive').pipe(map(() => 'p'));
              expectObservable(polls$, '^ 10s !').toBe(polls);
            },
            { ...inOrder, random: () => share },
          );
        });
      }
    }
  });

  describe('Fatal (access denied, no such queue, bad credentials, KMS): the stream errors with a typed error.', () => {
    for (const [what, code] of [
      ['access denied', 'AccessDenied'],
      ['no such queue', 'QueueDoesNotExist'],
      ['bad credentials', 'InvalidClientTokenId'],
      ['bad credentials', 'SignatureDoesNotMatch'],
      ['KMS', 'KmsAccessDenied'],
      ['KMS', 'KmsDisabled'],
    ] as const) {
      it(`${what}: ${code}`, () => {
        messagingTest(({ broker, publish, expectObservable, expectSettled }) => {
          broker.fail('receive', { error: code, after: 2 });
          const letters$ = fromTopic(broker, Letters).pipe(
            ackMap((value) => of(value)),
            catchError((error: unknown) => [
              error instanceof AWSConnectionError && !error.retryable ? error.code : 'another error',
            ]),
          );
          publish(Letters, '                 -a--b--c');
          expectSettled(Letters).toBe('      -a--b');
          expectObservable(letters$).toBe('  -a--(be|)', { a: 'a', b: 'b', e: code });
        });
      });
    }

    it('no such queue from the beginning', () => {
      messagingTest(({ broker, expectObservable }) => {
        const letters$ = fromTopic(broker, Letters).pipe(
          catchError((error: unknown) => [error instanceof SubscriptionNotFoundError]),
        );
        expectObservable(letters$, ' --^').toBe('--(e|)', { e: true });
      });
    });
  });
});
